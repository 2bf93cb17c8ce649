using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

public sealed class ModelRegistryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2025, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("rlaif-models-").FullName, "models");

    private ModelRegistry Registry => new(_folder, new FakeTimeProvider(Now));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task AddAsync_Twice_NumbersAndKeepsBoth()
    {
        Assert.Empty(await Registry.ListAsync());
        Assert.Equal("v0001", (await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report)).Version);
        await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report);
        IReadOnlyList<ModelVersion> versions = await Registry.ListAsync();
        Assert.Equal(["v0001", "v0002"], versions.Select(v => v.Version));
        Assert.All(versions, v => Assert.Equal((Now, ModelStatus.Candidate), (v.CreatedAt, v.Status)));
        Assert.Equal(SharedModel.Trained.Report.History, versions[1].Report.History);
        Assert.Equal(SharedModel.Trained.Report.Options, versions[1].Report.Options);
        Assert.Equal("v0002", Registry.Resolve(ModelRegistry.Latest));
    }

    [Fact]
    public async Task LoadAsync_ByNameOrLatest_ScoresTheSame()
    {
        await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report);
        SettledCandidate some = SharedModel.Later.Candidates[0];
        double expected = SharedModel.Model.Score(some.Context, some.Candidate);
        Assert.Equal(expected, (await Registry.LoadAsync()).Score(some.Context, some.Candidate));
        Assert.Equal(expected, (await Registry.LoadAsync("v0001")).Score(some.Context, some.Candidate));
    }

    [Fact]
    public async Task LoadAsync_UnknownVersion_NamesThoseThatThereAre()
    {
        Assert.Contains(
            "none",
            (await Assert.ThrowsAsync<RlaifInputException>(() => Registry.LoadAsync())).Message,
            StringComparison.Ordinal
        );
        await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report);
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => Registry.LoadAsync("v0009"));
        Assert.Contains("v0009", error.Message, StringComparison.Ordinal);
        Assert.Contains("v0001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_ManyAtOnce_GivesEachItsOwnNumber()
    {
        ModelVersion[] added = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Task.Run(() => Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report)))
        );
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"v{i:D4}"), added.Select(a => a.Version).Order());
        Assert.Equal(12, (await Registry.ListAsync()).Count);
        Assert.Equal(12, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task AddAsync_Cancelled_LeavesNothingBehind()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report, source.Token)
        );
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
