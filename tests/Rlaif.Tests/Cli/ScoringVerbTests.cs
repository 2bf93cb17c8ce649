using System.Text.Json;
using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Cli;

[Collection(LearningHome.Collection)]
public sealed class ScoringVerbTests(LearningHome home)
{
    private const string Row = """{"symbol":"AAPL","decided_at":"2016-05-02T20:00:00Z","action":"buy","position_size":0.05""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JsonElement[] Ranked(CliRun run) => [.. run.Json.GetProperty("ranked").EnumerateArray()];

    private static double[] Rewards(CliRun run) => [.. Ranked(run).Select(r => r.GetProperty("reward").GetDouble())];

    // What the ledger holds for one context, as rows of a file; with or without its features.
    private async Task<(string File, double[] Expected)> WriteContextAsync(string name, bool withFeatures)
    {
        await using Ledger ledger = await LearningHome.OpenAsync(home.Home);
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(ledger, cancellationToken: Token);
        SettledCandidate[] context = [.. settled.GroupBy(s => s.Context.ContextId).Last()];
        object[] rows =
        [
            .. context.Select(s => new
            {
                s.Candidate.Symbol,
                DecidedAt = s.Candidate.AsOf,
                s.Candidate.Action,
                s.Candidate.PositionSize,
                s.Candidate.Score,
                s.Candidate.Confidence,
                s.Candidate.Analysis,
                s.Candidate.Reasoning,
                Features = withFeatures ? s.Context.Features : null,
                s.Candidate.CandidateId,
            }),
        ];
        RewardModel model = await RewardModel.LoadAsync(
            Path.Combine(home.Home, "models", "v0001", "model.safetensors"),
            cancellationToken: Token
        );
        double[] expected = model.ScoreAll(context[0].Context, [.. context.Select(s => s.Candidate)]);
        return (home.Folder.Write(name, JsonSerializer.Serialize(rows, RlaifJson.Compact)), expected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Score_CandidatesOfTheLedger_HaveTheRewardsOfTheModel(bool withFeatures)
    {
        // Without features in the file, those of the imported bars at that moment are the same.
        (string file, double[] expected) = await WriteContextAsync($"context_{withFeatures}.json", withFeatures);
        CliRun run = await home.RunAsync("score", file, "--model", "v0001", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("model,ranked,timing", CliRun.Fields(run.Json));
        Assert.All(Ranked(run), r => Assert.Equal("candidate_id,symbol,action,reward,reward_std,rank", CliRun.Fields(r)));
        Assert.All(Ranked(run), r => Assert.True(r.GetProperty("reward_std").GetDouble() >= 0));
        Assert.Equal(expected, Rewards(run));
    }

    [Fact]
    public async Task Rank_SeveralVersionsWithWeights_BlendsThem()
    {
        (string file, double[] alone) = await WriteContextAsync("blend.json", withFeatures: true);
        CliRun run = await home.RunAsync("rank", file, "--model", "v0001:3,v0001:1", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("v0001:3,v0001:1", run.Json.GetProperty("model").GetString());
        // Both halves are one model, so only the scale differs: the gaps keep their proportions.
        double[] blended = Rewards(run);
        double[] single = [.. alone.OrderDescending()];
        double scale = (blended[0] - blended[^1]) / (single[0] - single[^1]);
        Assert.All(
            Enumerable.Range(0, single.Length),
            i => Assert.Equal(scale * (single[i] - single[0]), blended[i] - blended[0], 1e-9)
        );
        CliRun bad = await home.RunAsync("rank", file, "--model", "v0001:x,v0001:1");
        Assert.Equal(2, bad.ExitCode);
        Assert.Contains("v0001:x", bad.Error, StringComparison.Ordinal);
        Assert.Contains(
            "above 0",
            (await home.RunAsync("rank", file, "--model", "v0001:-1,v0001:1")).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Rank_Candidates_ComeBestFirst()
    {
        (string file, double[] expected) = await WriteContextAsync("rank.json", withFeatures: true);
        CliRun run = await home.RunAsync("rank", file, "--model", "v0001", "--json");
        Assert.Equal(expected.OrderDescending(), Rewards(run));
        Assert.Equal(Enumerable.Range(1, expected.Length), Ranked(run).Select(r => r.GetProperty("rank").GetInt32()));
        Assert.Contains("only differences mean something", (await home.RunAsync("rank", file)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OneObjectWithoutFeatures_NeedsNothingElse()
    {
        CliRun run = await home.RunAsync("score", home.Folder.Write("one.json", Row + "}"), "--model", "v0001", "--json");
        Assert.Equal(1, Assert.Single(Ranked(run)).GetProperty("rank").GetInt32());
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Score_SymbolWithoutBars_ScoresAsMissingAndSaysSo()
    {
        string file = home.Folder.Write("other.json", Row.Replace("AAPL", "IBM", StringComparison.Ordinal) + "}");
        CliRun run = await home.RunAsync("score", file, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1 of 1 candidates have no market features", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_Quantity_IsTurnedIntoAFractionOfEquity()
    {
        string shares = Row.Replace("\"position_size\":0.05", "\"quantity\":10", StringComparison.Ordinal) + "}";
        string huge = Row.Replace("\"position_size\":0.05", "\"quantity\":1e9", StringComparison.Ordinal) + "}";
        string all = Row.Replace("\"position_size\":0.05", "\"position_size\":1", StringComparison.Ordinal) + "}";
        double[] rewards = Rewards(
            await home.RunAsync("score", home.Folder.Write("shares.json", $"[{shares},{huge},{all}]"), "--json")
        );
        Assert.NotEqual(rewards[0], rewards[1]);
        Assert.Equal(rewards[1], rewards[2]);
        CliRun run = await home.RunAsync(
            "score",
            home.Folder.Write("ibm.json", shares.Replace("AAPL", "IBM", StringComparison.Ordinal))
        );
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("row 1 quantity", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "{\"symbol\":\"AAPL\",\"decided_at\":\"2016-05-02T20:00:00Z\",\"action\":\"bye\",\"position_size\":0.1}",
        "row 1 action: must be buy"
    )]
    [InlineData("[" + Row + "},{\"symbol\":\"AAPL\",\"decided_at\":\"soon\",\"action\":\"hold\"}]", "row 2 decided_at")]
    [InlineData("{\"symbol\":\"AAPL\",\"decided_at\":\"2016-05-02T20:00:00Z\",\"action\":\"sell\"}", "row 1 position_size")]
    [InlineData(Row + ",\"confidence\":70}", "row 1 confidence: must be a number from 0 to 1")]
    [InlineData(Row + ",\"features\":{\"rsi_14\":\"high\"}}", "row 1 rsi_14: must be a number")]
    [InlineData(Row + ",\"features\":{\"moon_phase\":1}}", "unknown moon_phase")]
    [InlineData("{}", "row 1 action")]
    [InlineData("[]", "holds no candidates")]
    [InlineData("[1]", "must be an object")]
    [InlineData("nonsense", "Cannot read candidates")]
    public async Task Score_BadFile_ExitsWithTwoAndNamesRowAndField(string content, string message)
    {
        CliRun run = await home.RunAsync("score", home.Folder.Write("bad.json", content), "--model", "v0001");
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Score_NoSuchFileOrVersion_ExitsWithTwo()
    {
        string file = home.Folder.Write("one.json", Row + "}");
        Assert.Equal(2, (await home.RunAsync("score", home.Folder.PathOf("absent.json"))).ExitCode);
        CliRun run = await home.RunAsync("score", file, "--model", "v0999");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("v0001", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_NoModel_ExitsWithThreeAndSaysWhatToDo()
    {
        CliRun run = await home.RunNowhereAsync("rank", home.Folder.Write("one.json", Row + "}"));
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("rlaif train", run.Error, StringComparison.Ordinal);
    }
}
