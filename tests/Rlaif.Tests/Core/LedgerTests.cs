using Rlaif.Core;

namespace Rlaif.Tests.Core;

public sealed class LedgerTests
{
    private sealed record Note(string NoteId, string Text, DateTimeOffset At) : ILedgerRecord
    {
        public static string Kind => "note";

        string ILedgerRecord.Id => NoteId;

        string? ILedgerRecord.ParentId => null;

        string? ILedgerRecord.Symbol => "AAPL";

        DateTimeOffset ILedgerRecord.KnownAt => At;
    }

    private static readonly DateTimeOffset Noon = new(2024, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task AppendAsync_SameRecordTwice_AddsItOnce()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        Assert.Equal(1, await ledger.AppendAsync([new Note("n1", "hello", Noon)]));
        Assert.Equal(0, await ledger.AppendAsync([new Note("n1", "hello", Noon)]));
        Assert.Equal(new Note("n1", "hello", Noon), Assert.Single(await ledger.ReadAsync<Note>()));
    }

    [Fact]
    public async Task AppendAsync_SameIdOtherContent_ThrowsAndWritesNothing()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await ledger.AppendAsync([new Note("n1", "hello", Noon)]);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ledger.AppendAsync([new Note("n2", "new", Noon), new Note("n1", "changed", Noon)])
        );
        Assert.Equal("hello", Assert.Single(await ledger.ReadAsync<Note>()).Text);
    }

    [Fact]
    public async Task ReadAsync_KnownAtOrBefore_LeavesOutWhatCameLater()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await ledger.AppendAsync([new Note("late", "b", Noon.AddTicks(1)), new Note("early", "a", Noon)]);
        IReadOnlyList<Note> found = await ledger.ReadAsync<Note>(new LedgerQuery { KnownAtOrBefore = Noon });
        Assert.Equal("early", Assert.Single(found).NoteId);
        Assert.Equal(["early", "late"], (await ledger.ReadAsync<Note>()).Select(n => n.NoteId));
    }

    [Fact]
    public async Task ReadAfterAsync_CalledAgain_GivesWhatWasAppendedSinceInThatOrder()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await ledger.AppendAsync([new Note("second in time", "a", Noon.AddTicks(1)), new Note("first in time", "b", Noon)]);
        (IReadOnlyList<Note> found, long position) = await ledger.ReadAfterAsync<Note>(0);
        Assert.Equal(["second in time", "first in time"], found.Select(n => n.NoteId));

        await ledger.AppendAsync([new Note("first in time", "b", Noon), new Note("new", "c", Noon.AddYears(-1))]);
        (found, position) = await ledger.ReadAfterAsync<Note>(position);
        Assert.Equal("new", Assert.Single(found).NoteId);
        Assert.Empty((await ledger.ReadAfterAsync<Note>(position)).Records);
    }

    [Fact]
    public async Task OpenAsync_FileThatIsNoLedger_SaysSo()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, new string('x', 5000));
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => Ledger.OpenAsync(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        File.Delete(path);
    }
}
