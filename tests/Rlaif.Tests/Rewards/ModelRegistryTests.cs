using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Outcomes;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

/// <summary>Adding, naming and loading versions; what becomes of them is in the other half.</summary>
public sealed partial class ModelRegistryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2025, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("rlaif-models-").FullName, "models");

    private ModelRegistry Registry => new(_folder, new FakeTimeProvider(Now));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    private async Task AddAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report);
        }
    }

    private string WeightsOf(string version) => Path.Combine(_folder, version, ModelRegistry.ModelFile);

    [Fact]
    public async Task AddAsync_Twice_NumbersAndKeepsBoth()
    {
        Assert.Empty(await Registry.ListAsync());
        Assert.False(Registry.HasVersions);
        Assert.Equal("v0001", (await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report)).Version);
        await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report);
        IReadOnlyList<ModelVersion> versions = await Registry.ListAsync();
        Assert.True(Registry.HasVersions);
        Assert.Equal(["v0001", "v0002"], versions.Select(v => v.Version));
        Assert.All(versions, v => Assert.Equal((Now, ModelStatus.Candidate), (v.CreatedAt, v.Status)));
        Assert.All(versions, v => Assert.Empty(v.Tags));
        Assert.Equal(SharedModel.Trained.Report.History, versions[1].Report.History);
        Assert.Equal(SharedModel.Trained.Report.Options, versions[1].Report.Options);
        Assert.Equal("v0002", Registry.Resolve(ModelRegistry.Latest));
        Assert.Null(Registry.FindChampion());
    }

    [Fact]
    public async Task AddAsync_WithEvidence_IsToldInTheWeightsOwnFileToo()
    {
        var validation = new JsonObject { ["accuracy"] = 0.6 };
        var details = new JsonObject { ["split"] = new JsonObject { ["embargo"] = 5 } };
        await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report, validation, details);
        var file = SafetensorsFile.Parse(await File.ReadAllBytesAsync(WeightsOf("v0001")));
        Assert.Equal(validation.ToJsonString(), file.Metadata["validation"]);
        Assert.Equal(details.ToJsonString(), file.Metadata["details"]);
        Assert.Equal(SharedModel.Model.Fingerprint, (await Registry.LoadAsync("v0001")).Fingerprint);
    }

    [Fact]
    public async Task AddAsync_FiguresOfTheCallersOwn_AreKeptAsTheyAre()
    {
        var validation = new JsonObject { ["ci"] = new JsonArray(0.4, null) };
        await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report, validation, details: null);
        Assert.Equal(validation.ToJsonString(), Assert.Single(await Registry.ListAsync()).Validation!.ToJsonString());
    }

    [Fact]
    public async Task LoadAsync_ByNameOrLatest_ScoresTheSame()
    {
        await AddAsync(1);
        SettledCandidate some = SharedModel.Later.Candidates[0];
        double expected = SharedModel.Model.Score(some.Context, some.Candidate);
        Assert.Equal(expected, (await Registry.LoadAsync()).Score(some.Context, some.Candidate));
        Assert.Equal(expected, (await Registry.LoadAsync("v0001")).Score(some.Context, some.Candidate));
    }

    [Fact]
    public async Task LoadAsync_EncoderGiven_IsTheOneThatIsUsed()
    {
        await AddAsync(1);
        var encoder = new HashedTextEncoder();
        Assert.Same(encoder, (await Registry.LoadAsync("v0001", encoder)).Encoder);
        Assert.Same(encoder, (await Registry.LoadAsync("v0001", _ => encoder)).Encoder);
    }

    [Fact]
    public async Task LoadAsync_UnknownVersion_NamesThoseThatThereAre()
    {
        Assert.Contains("none", (await RefusedAsync(() => Registry.LoadAsync())).Message, StringComparison.Ordinal);
        await AddAsync(1);
        await Registry.TagAsync("v0001", "first");
        RlaifInputException error = await RefusedAsync(() => Registry.LoadAsync("v0009"));
        Assert.Contains("v0009", error.Message, StringComparison.Ordinal);
        Assert.Contains("v0001, first (v0001)", error.Message, StringComparison.Ordinal);
        Assert.Contains("champion", (await RefusedAsync(() => Registry.LoadAsync("champion"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_ManyAtOnce_GivesEachItsOwnNumber()
    {
        ModelVersion[] added = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Task.Run(() => Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report)))
        );
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"v{i:D4}"), added.Select(a => a.Version).Order());
        Assert.Equal(12, (await Registry.ListAsync()).Count);
        Assert.Equal(12, Directory.GetDirectories(_folder).Length);
    }

    [Fact]
    public async Task AddAsync_Cancelled_LeavesNothingBehind()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report, source.Token)
        );
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Fact]
    public async Task AddAsync_FolderOfAPromotedVersionDeleted_DoesNotGiveItsNumberAgain()
    {
        await AddAsync(2);
        await Registry.PromoteAsync("v0002", [], null, forced: true);
        Directory.Delete(Path.Combine(_folder, "v0002"), recursive: true);
        Assert.Equal("v0003", (await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report)).Version);
        Assert.Contains("champion", (await RefusedAsync(() => Registry.LoadAsync("champion"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("{\"created_at\":")]
    [InlineData("{}")]
    [InlineData("{\"created_at\":\"2025-03-04T05:06:07Z\",\"report\":null}")]
    [InlineData("{\"created_at\":\"2025-03-04T05:06:07Z\",\"report\":{}}")]
    public async Task ListAsync_DamagedAccount_NamesTheFileAndWhatToDo(string? content)
    {
        await AddAsync(1);
        string path = Path.Combine(_folder, "v0001", "training.json");
        File.Delete(path);
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        }

        string message = (await RefusedAsync(() => Registry.ListAsync())).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("Restore the file, or delete", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("members")]
    [InlineData("options")]
    public async Task ListAsync_AccountWithANull_NamesTheFile(string field)
    {
        await AddAsync(1);
        string path = Path.Combine(_folder, "v0001", "training.json");
        foreach (JsonNode? damage in (JsonNode?[])[null, new JsonArray((JsonNode?)null)])
        {
            JsonNode account = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
            account["report"]![field] = damage;
            await File.WriteAllTextAsync(path, account.ToJsonString(), TestContext.Current.CancellationToken);
            Assert.StartsWith(path, (await RefusedAsync(() => Registry.ListAsync())).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A version appears with its files; whoever made the folder, its number is not given.</summary>
    [Fact]
    public async Task ListAsync_EmptyFolder_IsNoVersion()
    {
        await AddAsync(1);
        Directory.CreateDirectory(Path.Combine(_folder, "v0009"));
        Assert.Equal("v0001", Assert.Single(await Registry.ListAsync()).Version);
        Assert.Equal("v0001", Registry.Resolve(ModelRegistry.Latest));
        Assert.Contains("v0009", (await RefusedAsync(() => Registry.GetAsync("v0009"))).Message, StringComparison.Ordinal);
        Assert.Empty(await Registry.PruneAsync(ModelRegistry.FewestKept));
        Assert.Equal("v0010", (await Registry.AddAsync(SharedModel.Model, SharedModel.Trained.Report)).Version);
    }

    [Fact]
    public async Task ListAsync_WhatAKilledWriterLeft_IsNotThere()
    {
        await AddAsync(1);
        Directory.CreateDirectory(Path.Combine(_folder, ".adding.abc"));
        await File.WriteAllBytesAsync(
            Path.Combine(_folder, ".adding.abc", ModelRegistry.ModelFile),
            [1, 2],
            TestContext.Current.CancellationToken
        );
        Directory.CreateDirectory(Path.Combine(_folder, "v2"));
        Directory.CreateDirectory(Path.Combine(_folder, "views"));
        Assert.Equal("v0001", Assert.Single(await Registry.ListAsync()).Version);
        await Registry.PruneAsync();
        Assert.False(Directory.Exists(Path.Combine(_folder, ".adding.abc")));
        Assert.True(Directory.Exists(Path.Combine(_folder, "views")));
        Assert.True(File.Exists(WeightsOf("v0001")));
    }

    [Fact]
    public async Task PromoteAsync_WriterHoldsTheLock_WaitsUntilItIsFree()
    {
        await AddAsync(1);
        using var source = new CancellationTokenSource();
        Task<ModelEvent?> cancelled;
        Task<ModelEvent?> waiting;
        using (File.Open(Path.Combine(_folder, ".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            cancelled = Registry.PromoteAsync("v0001", [], null, forced: true, source.Token);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            waiting = Registry.PromoteAsync("v0001", [], null, forced: true);
            Assert.Equal("v0001", Assert.Single(await Registry.ListAsync()).Version);
            Assert.Null(Registry.FindChampion());
            Assert.False(waiting.IsCompleted);
        }

        Assert.Equal("v0001", (await waiting)!.Version);
    }

    private static Task<RlaifInputException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<RlaifInputException>(act);
}
