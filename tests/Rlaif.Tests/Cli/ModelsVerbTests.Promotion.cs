using System.Text.Json;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif.Tests.Cli;

/// <summary>The gate, force, and the way back.</summary>
public sealed partial class ModelsVerbTests
{
    [Fact]
    public async Task Promote_CriteriaNotMet_ExitsWithThreeAndPrintsEachWithItsNumber()
    {
        SetValidation("v0001", """{"accuracy":0.52,"accuracy_ci":[0.48,0.56],"log_loss":0.68,"baselines":{"coin":0.5}}""");
        CliRun run = await RunAsync("models", "promote", "v0001", "--json");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal("version,promoted,champion,previous,forced,metric,criteria,timing", CliRun.Fields(run.Json));
        Assert.False(run.Json.GetProperty("promoted").GetBoolean());
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("champion").ValueKind);
        JsonElement[] criteria = [.. run.Json.GetProperty("criteria").EnumerateArray()];
        Assert.All(criteria, c => Assert.Equal("name,value,threshold,passed,text", CliRun.Fields(c)));
        Assert.Equal([false, false, true, true], criteria.Select(c => c.GetProperty("passed").GetBoolean()));
        Assert.Equal(0.48, criteria[0].GetProperty("value").GetDouble());
        Assert.Contains("2 of 4 criteria fail", run.Error, StringComparison.Ordinal);
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        CliRun people = await RunAsync("models", "promote", "v0001");
        Assert.Equal(3, people.ExitCode);
        Assert.Contains("FAIL  accuracy on unseen pairs 52.00% [48.00%, 56.00%]", people.Out, StringComparison.Ordinal);
        Assert.Empty(Registry.ReadHistory());
    }

    [Fact]
    public async Task Promote_CriteriaMet_IsChampionWithTheReasonsOnRecord()
    {
        LetPass("v0001");
        JsonElement json = await JsonAsync("models", "promote", "v0001");
        Assert.True(json.GetProperty("promoted").GetBoolean());
        Assert.Equal("v0001", json.GetProperty("champion").GetString());
        JsonElement again = await JsonAsync("models", "promote", "champion");
        Assert.False(again.GetProperty("promoted").GetBoolean());
        Assert.Equal("v0001", again.GetProperty("champion").GetString());
        Assert.Contains("champion already", (await RunAsync("models", "promote", "v0001")).Out, StringComparison.Ordinal);

        // The same model once more is not worse, on pairs that came after both.
        LetPass("v0002");
        JsonElement second = await JsonAsync("models", "promote", "latest");
        Assert.Equal("v0001", second.GetProperty("previous").GetString());
        JsonElement last = second.GetProperty("criteria")[3];
        Assert.Equal(
            (PromotionGate.NotWorseThanChampion, 0.0),
            (last.GetProperty("name").GetString(), last.GetProperty("value").GetDouble())
        );
        JsonElement[] history = [.. (await JsonAsync("models", "history")).GetProperty("history").EnumerateArray()];
        Assert.Equal(2, history.Length);
        Assert.Equal("at,action,version,previous,forced,criteria", CliRun.Fields(history[1]));
        Assert.True(JsonElement.DeepEquals(second.GetProperty("criteria"), history[1].GetProperty("criteria")));
        Assert.Contains("all 4 criteria met", (await RunAsync("models", "history")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PromoteAndCompare_VersionsOfTwoMetrics_JudgeByTheChallengersAndSaySo()
    {
        const string Warning = "v0001 was trained on metric return, and is judged by vol_scaled here";
        SetMetric("v0001", "return");
        CliRun first = await RunAsync("models", "promote", "v0001", "--force", "--json");
        Assert.Equal(JsonValueKind.Null, first.Json.GetProperty("metric").ValueKind);
        CliRun trial = await RunAsync("models", "promote", "v0002", "--json");
        Assert.Equal("vol_scaled", trial.Json.GetProperty("metric").GetString());
        Assert.Contains(Warning, trial.Error, StringComparison.Ordinal);

        CliRun compare = await RunAsync("models", "compare", "v0001", "v0002", "--json");
        Assert.Equal("vol_scaled", compare.Json.GetProperty("metric").GetString());
        Assert.Contains(Warning, compare.Error, StringComparison.Ordinal);
        JsonElement turned = await JsonAsync("models", "compare", "v0002", "v0001");
        Assert.Equal("return", turned.GetProperty("metric").GetString());
        JsonElement asked = await JsonAsync("models", "compare", "v0002", "v0001", "--metric", "risk_adjusted");
        Assert.Equal("risk_adjusted", asked.GetProperty("metric").GetString());
        Assert.Contains(
            "pairs by metric vol_scaled",
            (await RunAsync("models", "compare", "v0001", "v0002")).Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "compared with v0001 by metric vol_scaled",
            (await RunAsync("models", "promote", "v0002", "--force")).Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Promote_Force_GoesPastTheGateAndSaysSoForEver()
    {
        SetValidation("v0001", """{"accuracy":0.4,"accuracy_ci":[0.3,0.5]}""");
        JsonElement json = await JsonAsync("models", "promote", "v0001", "--force");
        Assert.True(json.GetProperty("promoted").GetBoolean() && json.GetProperty("forced").GetBoolean());
        ModelEvent happened = Assert.Single(Registry.ReadHistory());
        Assert.Equal((true, 3), (happened.Forced, happened.Criteria!.Count(c => !c.Passed)));
        Assert.Contains(
            "forced; not met: accuracy above chance (0.3000, threshold 0.5000)",
            (await RunAsync("models", "history")).Out,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("broken")]
    [InlineData("this is no reward model, and long enough to have a header")]
    [InlineData("\u0002\0\0\0\0\0\0\0{}")]
    public async Task PromoteAndRollback_FileThatCannotBeRead_AreRefusedEvenByForce(string? content)
    {
        await RunAsync("models", "promote", "v0001", "--force");
        await RunAsync("models", "promote", "v0002", "--force");
        LetPass("v0001");
        string weights = Path.Combine(_home, "models", "v0001", ModelRegistry.ModelFile);
        File.Delete(weights);
        if (content is not null)
        {
            await File.WriteAllTextAsync(weights, content, TestContext.Current.CancellationToken);
        }

        foreach (
            string[] args in (string[][])
                [
                    ["promote", "v0001"],
                    ["promote", "v0001", "--force"],
                    ["rollback"],
                ]
        )
        {
            CliRun run = await RunAsync(["models", .. args]);
            Assert.True(run.ExitCode == 2, run.Error);
            Assert.Empty(run.Out);
            Assert.Contains("reward model", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }

        Assert.Equal(("v0002", 2), (Registry.FindChampion(), Registry.ReadHistory().Count));
    }

    [Fact]
    public async Task Promote_ChampionThatCannotScore_FailsThatCriterionAndYieldsToForce()
    {
        LetPass("v0002");
        await RunAsync("models", "promote", "v0001", "--force");
        await File.WriteAllTextAsync(
            Path.Combine(_home, "models", "v0001", ModelRegistry.ModelFile),
            "broken",
            TestContext.Current.CancellationToken
        );
        CliRun run = await RunAsync("models", "promote", "v0002");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("not comparable with champion v0001", run.Out, StringComparison.Ordinal);
        Assert.Contains("not a complete reward model", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("models", "promote", "v0002", "--force")).ExitCode);
    }

    [Fact]
    public async Task Rollback_AfterTwoPromotions_ReturnsToTheFirst()
    {
        Assert.Equal(3, (await RunAsync("models", "rollback")).ExitCode);
        await RunAsync("models", "promote", "v0001", "--force");
        await RunAsync("models", "promote", "v0002", "--force");
        JsonElement json = await JsonAsync("models", "rollback");
        Assert.Equal(("v0001", "v0002"), (json.GetProperty("version").GetString(), json.GetProperty("previous").GetString()));
        CliRun run = await RunAsync("models", "rollback");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("before v0001", run.Error, StringComparison.Ordinal);
        string list = (await RunAsync("models", "list")).Out;
        Assert.Contains("* v0001", list, StringComparison.Ordinal);
        Assert.Contains("retired", list, StringComparison.Ordinal);
    }
}
