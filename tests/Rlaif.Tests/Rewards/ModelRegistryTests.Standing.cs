using Rlaif.Core;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

public sealed partial class ModelRegistryTests
{
    private static readonly PromotionCriterion Met = new("met", 0.6, 0.5, true, "0.6 above 0.5");
    private static readonly PromotionCriterion NotMet = new("not_met", 0.4, 0.5, false, "0.4 is not above 0.5");

    private string HistoryPath => Path.Combine(_folder, ModelRegistry.HistoryFile);

    private async Task<string> StatusesAsync() =>
        string.Join(' ', (await Registry.ListAsync()).Select(v => $"{v.Version[^1]}:{v.Status}"));

    [Fact]
    public async Task PromoteAsync_Twice_HasOneChampionAndRecordsWhoWonAndWhy()
    {
        await AddAsync(3);
        Assert.Equal("v0001", (await Registry.PromoteAsync("v0001", [Met], null))!.Version);
        Assert.Equal("v0001", (await Registry.PromoteAsync(ModelRegistry.Latest, [Met], "v0001"))!.Previous);
        Assert.Equal("1:Retired 2:Candidate 3:Champion", await StatusesAsync());
        Assert.Equal("v0003", Registry.Resolve(ModelRegistry.Champion));
        ModelEvent last = Registry.ReadHistory()[^1];
        Assert.Equal(
            (Now, ModelAction.Promote, "v0003", "v0001", false),
            (last.At, last.Action, last.Version, last.Previous, last.Forced)
        );
        Assert.Equal([Met], last.Criteria);
    }

    [Fact]
    public async Task PromoteAsync_CriterionNotMet_RefusesUnlessForced()
    {
        await AddAsync(1);
        NotEnoughDataException error = await Assert.ThrowsAsync<NotEnoughDataException>(() =>
            Registry.PromoteAsync("v0001", [Met, NotMet], null)
        );
        Assert.Contains(NotMet.Text, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Met.Text, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Registry.PromoteAsync("v0001", [], null));
        Assert.Empty(Registry.ReadHistory());
        await Registry.PromoteAsync("v0001", [NotMet], null, forced: true);
        Assert.Equal((true, "v0001"), (Registry.ReadHistory()[0].Forced, Registry.FindChampion()));
    }

    [Fact]
    public async Task PromoteAsync_AnotherBecameChampionMeanwhile_RefusesUnlessForced()
    {
        await AddAsync(3);
        await Registry.PromoteAsync("v0001", [Met], null);
        await Registry.PromoteAsync("v0002", [Met], "v0001");
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Registry.PromoteAsync("v0003", [Met], "v0001"));
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Registry.PromoteAsync("v0003", [Met], null));
        Assert.Equal("v0002", Registry.FindChampion());
        Assert.Equal("v0002", (await Registry.PromoteAsync("v0003", [Met], null, forced: true))!.Previous);
    }

    [Fact]
    public async Task PromoteAsync_TheChampion_RecordsNothing()
    {
        await AddAsync(1);
        await Registry.PromoteAsync("v0001", [Met], null);
        Assert.Null(await Registry.PromoteAsync("v0001", [Met], "v0001"));
        Assert.Single(Registry.ReadHistory());
    }

    [Fact]
    public async Task RollbackAsync_AfterPromotions_TakesThemBackInTurn()
    {
        await AddAsync(3);
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Registry.RollbackAsync());
        foreach (string version in (string[])["v0001", "v0002", "v0001", "v0003"])
        {
            await Registry.PromoteAsync(version, [], null, forced: true);
        }

        Assert.Equal(("v0001", "v0003"), await BackAsync());
        Assert.Equal("1:Champion 2:Retired 3:Retired", await StatusesAsync());
        Assert.Equal(("v0002", "v0001"), await BackAsync());
        Assert.Equal(("v0001", "v0002"), await BackAsync());
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Registry.RollbackAsync());
        Assert.Equal(7, Registry.ReadHistory().Count);

        async Task<(string, string?)> BackAsync()
        {
            ModelEvent happened = await Registry.RollbackAsync();
            return (happened.Version, happened.Previous);
        }
    }

    [Fact]
    public async Task TagAsync_SameTagTwice_Moves()
    {
        await AddAsync(2);
        await Registry.TagAsync("v0001", "paper-2025.q1");
        await Registry.TagAsync("v0001", "b");
        Assert.Equal(["b", "paper-2025.q1"], (await Registry.GetAsync("b")).Tags);
        Assert.Null(await Registry.TagAsync("v0001", "b"));
        Assert.Equal("v0001", (await Registry.TagAsync("latest", "b"))!.Previous);
        Assert.Equal("v0002", Registry.Resolve("b"));
        Assert.Equal(["paper-2025.q1"], (await Registry.GetAsync("v0001")).Tags);
        await Registry.UntagAsync("b");
        Assert.Contains("paper-2025.q1", (await RefusedAsync(() => Registry.UntagAsync("b"))).Message, StringComparison.Ordinal);
        await RefusedAsync(() => Task.FromResult(Registry.Resolve("b")));
        Assert.Equal(4, Registry.ReadHistory().Count);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("champion")]
    [InlineData("v0007")]
    [InlineData("v7")]
    [InlineData("AAPL")]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("../a")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public async Task TagAsync_NameThatCannotBe_Refuses(string tag)
    {
        await AddAsync(1);
        Assert.Contains(
            "cannot be a tag",
            (await RefusedAsync(() => Registry.TagAsync("v0001", tag))).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Registry.ReadHistory());
    }

    [Fact]
    public async Task PruneAsync_Keep_LeavesTheChampionTheOneBeforeTheNewestAndTheTagged()
    {
        await AddAsync(8);
        await Registry.PromoteAsync("v0002", [], null, forced: true);
        await Registry.PromoteAsync("v0004", [], null, forced: true);
        await Registry.TagAsync("v0003", "kept");
        Assert.Empty(await Registry.PruneAsync());
        Assert.Equal(["v0001", "v0005", "v0006"], await Registry.PruneAsync(5));
        Assert.Equal(["v0007"], await Registry.PruneAsync(3));
        Assert.Empty(await Registry.PruneAsync(3));
        IReadOnlyList<ModelVersion> versions = await Registry.ListAsync();
        Assert.Equal(8, versions.Count);
        Assert.Equal(["v0001", "v0005", "v0006", "v0007"], versions.Where(v => v.IsPruned).Select(v => v.Version));
        Assert.All(versions, v => Assert.Equal(!v.IsPruned, File.Exists(WeightsOf(v.Version))));
        Assert.All(versions, v => Assert.Equal(SharedModel.Trained.Report.History, v.Report.History));
        Assert.Equal(ModelStatus.Retired, versions[0].Status);
        Assert.Equal("v0002", (await Registry.RollbackAsync()).Version);
        Assert.Equal("v0009", (await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report)).Version);
    }

    [Fact]
    public async Task PruneAsync_NoChampion_LeavesTheNewest()
    {
        await AddAsync(5);
        Assert.Equal(["v0001", "v0002"], await Registry.PruneAsync(3));
    }

    [Fact]
    public async Task PruneAsync_KilledBeforeDeleting_IsFinishedByTheNext()
    {
        await AddAsync(4);
        await Registry.PruneAsync(3);
        await File.WriteAllTextAsync(WeightsOf("v0001"), "still there", TestContext.Current.CancellationToken);
        Assert.Empty(await Registry.PruneAsync(3));
        Assert.False(File.Exists(WeightsOf("v0001")));
        Assert.Single(Registry.ReadHistory());
    }

    [Fact]
    public async Task PrunedVersion_LoadOrPromote_IsRefused()
    {
        await AddAsync(5);
        await Registry.PromoteAsync("v0001", [], null, forced: true);
        await Registry.PromoteAsync("v0002", [], null, forced: true);
        await Registry.PromoteAsync("v0003", [], null, forced: true);
        Assert.Equal(["v0001", "v0004"], await Registry.PruneAsync(3));
        Assert.Contains("pruned", (await RefusedAsync(() => Registry.LoadAsync("v0004"))).Message, StringComparison.Ordinal);
        await RefusedAsync(() => Registry.PromoteAsync("v0004", [Met], "v0003", forced: true));
        await Registry.RollbackAsync();
        await RefusedAsync(() => Registry.RollbackAsync());
        Assert.Equal("v0002", Registry.FindChampion());
        await RefusedAsync(() => Registry.PruneAsync(2));
    }

    [Fact]
    public async Task ReadHistory_CutAtAnyByte_HasTheCompleteLinesAndGoesOn()
    {
        await AddAsync(2);
        await Registry.PromoteAsync("v0001", [Met], null);
        await Registry.PromoteAsync("v0002", [Met], "v0001");
        byte[] whole = await File.ReadAllBytesAsync(HistoryPath, TestContext.Current.CancellationToken);
        int second = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(HistoryPath, whole[..length], TestContext.Current.CancellationToken);
            string? champion = length < second ? null : "v0001";
            Assert.Equal(champion, Registry.FindChampion());
            await Registry.PromoteAsync("v0002", [Met], champion);
            Assert.Equal("v0002", Registry.FindChampion());
            Assert.Equal(length < second ? 1 : 2, Registry.ReadHistory().Count);
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("null")]
    [InlineData("{\"at\":\"2025-01-01T00:00:00Z\",\"action\":\"explode\",\"version\":\"v0001\"}")]
    [InlineData("{\"action\":\"promote\",\"version\":\"v0001\"}")]
    [InlineData("{\"at\":\"2025-01-01T00:00:00Z\",\"action\":\"promote\"}")]
    [InlineData("{\"at\":\"2025-01-01T00:00:00Z\",\"action\":\"promote\",\"version\":null}")]
    [InlineData("{\"at\":\"2025-01-01T00:00:00Z\",\"action\":\"promote\",\"version\":\"v0001\",\"criteria\":[null]}")]
    public async Task ReadHistory_CompleteLineThatIsNoEvent_NamesTheLineAndIsKept(string line)
    {
        await AddAsync(1);
        await Registry.PromoteAsync("v0001", [Met], null);
        await File.AppendAllTextAsync(HistoryPath, line + "\n", TestContext.Current.CancellationToken);
        Assert.Contains(
            "line 2",
            Assert.Throws<RlaifInputException>(() => Registry.ReadHistory()).Message,
            StringComparison.Ordinal
        );
        await RefusedAsync(() => Registry.TagAsync("v0001", "a"));
        Assert.EndsWith(
            line + "\n",
            await File.ReadAllTextAsync(HistoryPath, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }
}
