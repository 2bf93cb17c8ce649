using System.Text.Json;
using Rlaif.Core;

namespace Rlaif.Tests.Cli;

/// <summary>Verbs that decide, with a reward model that picks.</summary>
[Collection(LearningHome.Collection)]
public sealed class GuidedVerbTests(LearningHome learning) : IAsyncLifetime
{
    private readonly CliHome _home = new();

    public async ValueTask InitializeAsync()
    {
        await using (Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile))
        {
            await LearningHome.StoreBarsAsync(ledger, DateTimeOffset.MaxValue);
        }

        string models = Path.Combine(learning.Home, "models");
        foreach (string file in Directory.EnumerateFiles(models, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_home.Root, "models", Path.GetRelativePath(models, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Decide_Guided_TakesTheCandidateWithTheHighestReward()
    {
        JsonElement decisions = (await _home.JsonAsync("decide", "AAPL", "MSFT", "TSLA", "--guided")).Json.GetProperty(
            "decisions"
        );
        Assert.Equal(3, decisions.GetArrayLength());
        foreach (JsonElement decision in decisions.EnumerateArray())
        {
            Assert.Equal("best_of_n/v0001", decision.GetProperty("selector").GetString());
            JsonElement best = decision
                .GetProperty("candidates")
                .EnumerateArray()
                .MaxBy(c => c.GetProperty("reward").GetDouble());
            Assert.Equal(best.GetProperty("action").GetString(), decision.GetProperty("action").GetString());
            Assert.Equal(best.GetProperty("position_size").GetDouble(), decision.GetProperty("position_size").GetDouble());
        }
    }

    [Fact]
    public async Task Backtest_Guided_IsARunOfItsOwn()
    {
        string[] args = ["backtest", "--symbols", "AAPL", "--from", "2016-03-01", "--to", "2016-06-30"];
        JsonElement alone = (await _home.JsonAsync(args)).Json;
        JsonElement guided = (await _home.JsonAsync([.. args, "--guided", "v0001"])).Json;
        Assert.NotEqual(alone.GetProperty("run_id").GetString(), guided.GetProperty("run_id").GetString());
        Assert.Equal(alone.GetProperty("decisions").GetInt32(), guided.GetProperty("decisions").GetInt32());
        JsonElement status = (await _home.JsonAsync("status")).Json;
        Assert.Equal(
            [null, "v0001"],
            status.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("model").GetString()).Order()
        );
        Assert.Equal("v0001", status.GetProperty("last_training").GetProperty("version").GetString());
        Assert.Equal("v0001", status.GetProperty("models")[0].GetProperty("version").GetString());
    }

    [Fact]
    public async Task Decide_VersionThatIsNot_ListsThoseThatAre()
    {
        CliRun run = await _home.RunAsync("decide", "AAPL", "--guided", "v0009");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("v0001", run.Error, StringComparison.Ordinal);
    }
}
