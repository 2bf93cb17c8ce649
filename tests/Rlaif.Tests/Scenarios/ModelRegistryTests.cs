using System.Text.Json;
using Rlaif.Core;
using Rlaif.Rewards;
using Rlaif.Tests.Cli;
using Rlaif.Tests.Data;
using Rlaif.Tests.Rewards;

namespace Rlaif.Tests.Scenarios;

/// <summary>Many who promote, roll back, tag, train and prune at once leave a registry that everyone can read, with one champion.</summary>
[Collection(LearningHome.Collection)]
public sealed class ModelRegistryTests(LearningHome learning)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FiftyWritersInOneProcess_WhileOthersRead_LeaveOneChampion()
    {
        using var folder = new TempFolder();
        string models = folder.PathOf("models");
        await AddAsync(models);
        await new ModelRegistry(models).PromoteAsync("v0001", [], null, forced: true, Token);

        using var done = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadAsync(models, done.Token), Token))];
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => WriteAsync(models, i), Token)));
        await done.CancelAsync();
        await Task.WhenAll(readers);

        RequireWhole(models);
        IReadOnlyList<ModelEvent> history = new ModelRegistry(models).ReadHistory();
        Assert.Equal(10, history.Count(e => e.Tag is not null));
        Assert.InRange(history.Count(e => e.Action == ModelAction.Promote), 2, 21);
        Assert.Equal(11, (await new ModelRegistry(models).ListAsync(Token)).Count);
    }

    [Fact]
    public async Task FiftyProcesses_PromoteRollBackAndTrain_LeaveOneChampion()
    {
        string home = learning.Copy("crowd");
        Assert.Equal(0, (await TrainAsync()).ExitCode);
        Assert.Equal(0, (await RunAsync("models", "promote", "v0001", "--force")).ExitCode);
        CliRun[] runs = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i =>
                    (i % 10) switch
                    {
                        0 => TrainAsync(),
                        1 or 2 or 3 => RunAsync("models", "rollback"),
                        4 or 5 or 6 => RunAsync("models", "promote", "latest", "--force"),
                        _ => RunAsync("models", "promote", "v0001", "--force"),
                    }
                )
        );

        // A rollback with nothing before it refuses with 3; nothing else may fail.
        Assert.All(runs, (r, i) => Assert.True(r.ExitCode == 0 || (i % 10 is 1 or 2 or 3 && r.ExitCode == 3), r.Error));
        RequireWhole(Path.Combine(home, "models"));
        JsonElement[] listed = [.. (await RunAsync("models", "list", "--json")).Json.GetProperty("models").EnumerateArray()];
        Assert.Equal(6, listed.Length);
        Assert.Single(listed, m => m.GetProperty("status").GetString() == "champion");

        Task<CliRun> RunAsync(params string[] args) => CliProcess.RunAsync([.. args, "--home", home, "--threads", "1"]);

        Task<CliRun> TrainAsync() => RunAsync("train", "--epochs", "1", "--ensemble", "1", "--json");
    }

    private static Task<ModelVersion> AddAsync(string models) =>
        new ModelRegistry(models).AddAsync(SharedModel.Model, SharedModel.Trained.Report, Token);

    private static async Task WriteAsync(string models, int number)
    {
        var registry = new ModelRegistry(models);
        switch (number % 5)
        {
            case 0:
                await AddAsync(models);
                break;
            case 1 or 2:
                await registry.PromoteAsync(number % 2 == 0 ? ModelRegistry.Latest : "v0001", [], null, forced: true, Token);
                break;
            case 3:
                await registry.TagAsync(ModelRegistry.Latest, $"t{number}", Token);
                break;
            default:
                try
                {
                    await registry.RollbackAsync(Token);
                }
                catch (NotEnoughDataException)
                {
                    // Nothing before the champion at that moment: the right answer.
                }

                break;
        }
    }

    private static async Task ReadAsync(string models, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            IReadOnlyList<ModelVersion> versions = await new ModelRegistry(models).ListAsync(Token);
            Assert.Single(versions, v => v.Status == ModelStatus.Champion);
        }
    }

    /// <summary>Every line parses, every version is complete, exactly one is champion, and nobody left anything half done.</summary>
    private static void RequireWhole(string models)
    {
        string history = File.ReadAllText(Path.Combine(models, ModelRegistry.HistoryFile));
        Assert.EndsWith("\n", history, StringComparison.Ordinal);
        var events = new ModelRegistry(models).ReadHistory();
        Assert.Equal(history.TrimEnd('\n').Split('\n').Length, events.Count);
        string[] folders = [.. Directory.GetDirectories(models).Select(f => Path.GetFileName(f)!).Order()];
        Assert.Equal(Enumerable.Range(1, folders.Length).Select(n => $"v{n:D4}"), folders);
        Assert.All(
            folders,
            f =>
                Assert.Equal(
                    [ModelRegistry.ModelFile, "training.json"],
                    Directory.GetFiles(Path.Combine(models, f)).Select(Path.GetFileName).Order()
                )
        );
        Assert.Contains(new ModelRegistry(models).FindChampion(), folders);

        // Each change rests on the one before it: nobody decided on what was no longer so.
        string? champion = null;
        foreach (ModelEvent happened in events.Where(e => e.Action is ModelAction.Promote or ModelAction.Rollback))
        {
            Assert.Equal(champion, happened.Previous);
            Assert.NotEqual(champion, happened.Version);
            champion = happened.Version;
        }
    }
}
