using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tests.Preferences;
using Rlaif.Tuning;

namespace Rlaif.Tests.Tuning;

public sealed partial class RlaifFineTunerTests : IDisposable
{
    private const string System =
        "You manage a trading portfolio. From the market facts and the analysts' views you are given, and nothing else, decide whether to buy, "
        + "sell short or hold, say how large the position should be, and explain why.";

    private const string Prefix =
        """[{"role":"system","content":"SYSTEM"},{"role":"user","content":"What about AAPL on 2024-01-05?"}""";
    private const string Buy =
        """{"role":"assistant","content":"Decision: BUY\nPosition size: 5.25% of equity\nConfidence: 70%\nAnalysis: The trend is up. (0)\nReasoning:\n1. RSI is 41.\n2. Volume rises."}""";
    private const string Sell =
        """{"role":"assistant","content":"Decision: SELL\nPosition size: 10% of equity\nConfidence: 70%\nAnalysis: The trend is up. (1)\nReasoning:\n1. RSI is 41.\n2. Volume rises."}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("rlaif-tuning-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // ---- One row of each task, to the byte ----

    [Fact]
    public async Task PrepareDpoTrainingDataAsync_OnePair_IsTheTrlRow()
    {
        TuningFile file = await Tuner().PrepareDpoTrainingDataAsync(Pairs(BuyAndSell(0.06)));
        Assert.Equal(Row("""{"prompt":""" + Prefix + """],"chosen":[""" + Buy + """],"rejected":[""" + Sell + "]}"), Read(file));
        Assert.Equal(Path.Combine(_folder, "dpo_trl.jsonl"), file.File);
    }

    [Fact]
    public async Task PrepareRewardTrainingDataAsync_OnePair_IsTheImplicitTrlRowWithMargin()
    {
        TuningFile file = await Tuner().PrepareRewardTrainingDataAsync(Pairs(BuyAndSell(0.06)));
        Assert.Equal(
            Row("""{"chosen":""" + Prefix + "," + Buy + """],"rejected":""" + Prefix + "," + Sell + """],"margin":1}"""),
            Read(file)
        );
    }

    [Fact]
    public async Task PrepareSupervisedTrainingDataAsync_OneContext_IsTheBestAnswer()
    {
        TuningFile file = await Tuner().PrepareSupervisedTrainingDataAsync(BuyAndSell(0.06));
        Assert.Equal(Row("""{"prompt":""" + Prefix + """],"completion":[""" + Buy + "]}"), Read(file));
    }

    [Fact]
    public async Task PrepareKtoTrainingDataAsync_OneContext_LabelsBothAnswers()
    {
        TuningFile file = await Tuner().PrepareKtoTrainingDataAsync(BuyAndSell(0.06));
        string[] rows = Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string good = """{"prompt":""" + Prefix + """],"completion":[""" + Buy + """],"label":true}""";
        string bad = """{"prompt":""" + Prefix + """],"completion":[""" + Sell + """],"label":false}""";
        Assert.Equal(
            new[] { Row(good), Row(bad) }.Order(StringComparer.Ordinal),
            rows.Select(r => r + "\n").Order(StringComparer.Ordinal)
        );
    }

    // ---- Selection ----

    [Fact]
    public async Task PrepareDpoTrainingDataAsync_AllPools_TakesOnePromptOnlyAndBothSidesAnswerIt()
    {
        PreferenceDataset data = World();
        TuningFile file = await Tuner().PrepareDpoTrainingDataAsync(data);
        int sameContext = data.Pairs.Count(p => p.Pool == PreferencePool.SameContext);
        Assert.Equal(data.Pairs.Count - sameContext, file.Dropped["cross_context"]);
        Assert.Equal(data.Pairs.Count, file.Rows + file.Dropped.Values.Sum());

        var answers = data.Candidates.GroupBy(c => c.Context.Prompt).ToDictionary(g => g.Key, g => g.Select(Answer).ToHashSet());
        Assert.Equal(file.Rows, Lines(file).Count);
        foreach (JsonObject row in Lines(file))
        {
            HashSet<string> ofPrompt = answers[row["prompt"]!.AsArray()[1]!["content"]!.GetValue<string>()];
            string chosen = row["chosen"]!.AsArray().Single()!["content"]!.GetValue<string>();
            string rejected = row["rejected"]!.AsArray().Single()!["content"]!.GetValue<string>();
            Assert.Contains(chosen, ofPrompt);
            Assert.Contains(rejected, ofPrompt);
            Assert.NotEqual(chosen, rejected);
        }
    }

    [Fact]
    public async Task PrepareRewardTrainingDataAsync_AllPools_TakesCrossContextPairsWithMarginSteps()
    {
        PreferenceDataset data = World();
        TuningFile file = await Tuner().PrepareRewardTrainingDataAsync(data);
        Assert.Equal(data.Pairs.Count, file.Rows + file.Dropped.Values.Sum());
        Assert.False(file.Dropped.ContainsKey("cross_context"));
        double[] margins = [.. Lines(file).Select(r => r["margin"]!.GetValue<double>()).Distinct().Order()];
        Assert.Equal([0, 1.0 / 3, 2.0 / 3, 1], margins);
        Assert.Contains(Lines(file), r => !JsonNode.DeepEquals(r["chosen"]![1], r["rejected"]![1]));
    }

    [Fact]
    public async Task PrepareSupervisedTrainingDataAsync_NothingBeatHolding_LeavesTheContextOut()
    {
        DecisionContext flat = SettledSamples.Context("MSFT");
        SettledCandidate loser = SettledSamples.Settle(flat, SettledSamples.Candidate(flat, 0, TradeAction.Buy, 0.05), -0.05);
        SettledCandidate hold = SettledSamples.Settle(flat, SettledSamples.Candidate(flat, 1, TradeAction.Hold, 0), -0.05);
        TuningFile file = await Tuner().PrepareSupervisedTrainingDataAsync([.. BuyAndSell(0.06), loser, hold]);
        Assert.Equal(1, file.Rows);
        Assert.Equal(1, file.Dropped["nothing_beats_hold"]);
    }

    [Fact]
    public async Task PrepareKtoTrainingDataAsync_HoldsAndNearZero_CarryNoLabel()
    {
        DecisionContext quiet = SettledSamples.Context("MSFT");
        SettledCandidate small = SettledSamples.Settle(quiet, SettledSamples.Candidate(quiet, 0, TradeAction.Buy, 0.05), 0.0015);
        SettledCandidate hold = SettledSamples.Settle(quiet, SettledSamples.Candidate(quiet, 1, TradeAction.Hold, 0), 0.0015);
        TuningFile file = await Tuner().PrepareKtoTrainingDataAsync([.. BuyAndSell(0.06), small, hold]);
        Assert.Equal(2, file.Rows);
        Assert.Equal(1, file.Dropped["hold"]);
        Assert.Equal(1, file.Dropped["below_margin"]);
    }

    [Fact]
    public async Task PrepareKtoTrainingDataAsync_MoreBadThanGood_SuggestsTheWeight()
    {
        SettledCandidate[] falling =
        [
            .. new[] { "MSFT", "NVDA" }.Select(s => SettledSamples.Single(s, 0, TradeAction.Buy, -0.05)),
            SettledSamples.Single("TSLA", 0, TradeAction.Buy, 0.05),
        ];
        TuningFile file = await Tuner().PrepareKtoTrainingDataAsync(falling);
        Assert.Equal("1 desirable and 2 undesirable rows: set desirable_weight to 2.", Assert.Single(file.Warnings));
    }

    [Fact]
    public async Task PrepareDpoTrainingDataAsync_MinConfidenceAndMaxRows_KeepTheSurestPairs()
    {
        PreferenceDataset data = World();
        TuningFile file = await Tuner(new TuningOptions { MinConfidence = 0.8, MaxRows = 5 }).PrepareDpoTrainingDataAsync(data);
        Assert.Equal(5, file.Rows);
        Assert.True(file.Dropped["below_confidence"] > 0);
        Assert.True(file.Dropped["over_max"] > 0);
    }

    [Fact]
    public async Task PrepareDpoTrainingDataAsync_SameWordsOnBothSides_IsLeftOut()
    {
        DecisionContext context = SettledSamples.Context();
        Candidate one = SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.05) with { Analysis = "Same." };
        Candidate two = SettledSamples.Candidate(context, 1, TradeAction.Buy, 0.05) with
        {
            Analysis = "Same.",
            PositionSize = 0.05000000001,
        };
        SettledCandidate[] settled = [SettledSamples.Settle(context, one, 0.06), SettledSamples.Settle(context, two, 0.06)];
        var pair = new PreferencePair
        {
            PairId = "pair_1",
            ChosenId = two.CandidateId,
            RejectedId = one.CandidateId,
            Pool = PreferencePool.SameContext,
            Metric = "vol_scaled",
            OutcomeMargin = 1,
            Confidence = 0.9,
            KnownAt = settled[0].Outcome.KnownAt,
        };
        NotEnoughDataException error = await Assert.ThrowsAsync<NotEnoughDataException>(() =>
            Tuner().PrepareDpoTrainingDataAsync(new PreferenceDataset(settled, [pair]))
        );
        Assert.Contains("same_answer 1", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Prepare_NothingGiven_ThrowsAndWritesNothing()
    {
        var empty = new PreferenceDataset([], []);
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Tuner().PrepareDpoTrainingDataAsync(empty));
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Tuner().PrepareRewardTrainingDataAsync(empty));
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Tuner().PrepareSupervisedTrainingDataAsync([]));
        await Assert.ThrowsAsync<NotEnoughDataException>(() => Tuner().PrepareKtoTrainingDataAsync([]));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    // ---- The file ----

    [Fact]
    public async Task Prepare_NastyText_ComesBackAsItWasOnOneLine()
    {
        string nasty = "He said \"sell\"\r\n\t\\ back\u0000slash 😀 \u2028line\u2029para\u0085next </s> Ünï 株";
        DecisionContext context = SettledSamples.Context(prompt: nasty);
        SettledCandidate[] settled =
        [
            SettledSamples.Settle(context, SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.05, analysis: nasty), 0.06),
            SettledSamples.Settle(context, SettledSamples.Candidate(context, 1, TradeAction.Sell, 0.05, analysis: nasty), 0.06),
        ];
        TuningFile file = await Tuner().PrepareDpoTrainingDataAsync(Pairs(settled));
        JsonObject row = Assert.Single(Lines(file));
        Assert.Equal(nasty, row["prompt"]![1]!["content"]!.GetValue<string>());
        Assert.Equal(CandidateText.Answer(settled[0].Candidate), row["chosen"]![0]!["content"]!.GetValue<string>());
        Assert.Contains(nasty, row["chosen"]![0]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        char[] separators = [.. Read(file).Where(c => char.IsControl(c) || c is '\u2028' or '\u2029')];
        Assert.Equal(['\n'], separators);
        byte[] start = [.. (await File.ReadAllBytesAsync(file.File)).Take(3)];
        Assert.NotEqual(Encoding.UTF8.Preamble.ToArray(), start);
    }

    [Fact]
    public async Task Prepare_LoneSurrogate_IsReplacedNotWritten()
    {
        DecisionContext context = SettledSamples.Context();
        Candidate broken = SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.05, analysis: "cut \ud83d off");
        TuningFile file = await Tuner().PrepareKtoTrainingDataAsync([SettledSamples.Settle(context, broken, 0.06)]);
        Assert.Contains("cut \ufffd off", Read(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_SameInputInAnyOrder_GivesIdenticalBytes()
    {
        PreferenceDataset data = World();
        var reversed = new PreferenceDataset(data.Candidates.Reverse(), data.Pairs.Reverse());
        foreach (TuningTask task in Enum.GetValues<TuningTask>())
        {
            TuningFile first = await Prepare(Tuner(), task, data);
            byte[] rows = await File.ReadAllBytesAsync(first.File);
            byte[] manifest = await File.ReadAllBytesAsync(first.Manifest);
            TuningFile second = await Prepare(Tuner(), task, reversed);
            Assert.Equal(rows, await File.ReadAllBytesAsync(second.File));
            Assert.Equal(manifest, await File.ReadAllBytesAsync(second.Manifest));
        }
    }

    [Fact]
    public async Task Prepare_OtherOutcomesOfTheSameSign_ChangeNoWord()
    {
        TuningFile file = await Tuner().PrepareDpoTrainingDataAsync(Pairs(BuyAndSell(0.06)));
        byte[] before = await File.ReadAllBytesAsync(file.File);
        await Tuner().PrepareDpoTrainingDataAsync(Pairs(BuyAndSell(0.31)));
        Assert.Equal(before, await File.ReadAllBytesAsync(file.File));
    }

    [Fact]
    public async Task Prepare_Manifest_DescribesTheFile()
    {
        PreferenceDataset data = World();
        TuningFile file = await Tuner().PrepareDpoTrainingDataAsync(data);
        JsonObject manifest = JsonNode.Parse(await File.ReadAllTextAsync(file.Manifest))!.AsObject();
        Assert.Equal("dpo", manifest["task"]!.GetValue<string>());
        Assert.Equal("trl", manifest["format"]!.GetValue<string>());
        Assert.Equal(file.Rows, manifest["rows"]!.GetValue<int>());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file.File))),
            manifest["sha256"]!.GetValue<string>()
        );
        Assert.Equal(["run"], manifest["run_ids"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.Equal(["vol_scaled"], manifest["metrics"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.Equal("2024-01-05", manifest["first_date"]!.GetValue<string>());
        Assert.Equal("2024-02-23", manifest["last_date"]!.GetValue<string>());
        Assert.InRange(manifest["estimated_tokens"]!.GetValue<long>(), file.Rows * 100, new FileInfo(file.File).Length / 4);
        Assert.Equal(file.Dropped["cross_context"], manifest["dropped"]!["cross_context"]!.GetValue<int>());
        Assert.Equal([file.File, file.Manifest], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    // ---- Guided inference and statistics ----

    [Fact]
    public void RerankDecisions_Rewards_BestFirstAndEqualOnesInOrder()
    {
        DecisionContext context = SettledSamples.Context();
        Candidate[] candidates =
        [
            .. Enumerable.Range(0, 4).Select(i => SettledSamples.Candidate(context, i, TradeAction.Buy, 0.05)),
        ];
        double[] rewards = [0.1, 0.7, 0.1, 0.9];
        var tuner = new RlaifFineTuner(reward: (_, c) => rewards[c.Index]);
        Assert.Equal(0.7, tuner.ScoreDecision(context, candidates[1]));
        Assert.Equal(
            [(3, 0.9), (1, 0.7), (0, 0.1), (2, 0.1)],
            tuner.RerankDecisions(new Proposal(context, candidates)).Select(r => (r.Candidate.Index, r.Reward))
        );
    }

    [Fact]
    public void ScoreDecision_NoModelOrNoFiniteScore_Throws()
    {
        DecisionContext context = SettledSamples.Context();
        Candidate candidate = SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.05);
        Assert.Throws<InvalidOperationException>(() => Tuner().ScoreDecision(context, candidate));
        Assert.Throws<InvalidOperationException>(() =>
            new RlaifFineTuner(reward: (_, _) => double.NaN).ScoreDecision(context, candidate)
        );
    }

    [Fact]
    public void GetTrainingStats_World_CountsEveryPairOnBothSides()
    {
        PreferenceDataset data = World();
        TrainingStats stats = RlaifFineTuner.GetTrainingStats(data);
        Assert.Equal(data.Pairs.Count, stats.ByPool.Values.Sum());
        Assert.Equal(data.Pairs.Count, stats.ChosenActions.Values.Sum());
        Assert.Equal(data.Pairs.Count, stats.RejectedActions.Values.Sum());
        Assert.Equal(["AAPL", "MSFT", "NVDA", "TSLA"], stats.Symbols);
        Assert.Equal(new DateOnly(2024, 1, 5), stats.FirstDate);
        Assert.Null(RlaifFineTuner.GetTrainingStats(new PreferenceDataset([], [])).MeanConfidence);
    }

    private RlaifFineTuner Tuner(TuningOptions? options = null) =>
        new((options ?? new TuningOptions()) with { OutputDirectory = _folder });

    private static List<SettledCandidate> BuyAndSell(double assetReturn)
    {
        DecisionContext context = SettledSamples.Context();
        return
        [
            SettledSamples.Settle(context, SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.0525), assetReturn),
            SettledSamples.Settle(context, SettledSamples.Candidate(context, 1, TradeAction.Sell, 0.1), assetReturn),
        ];
    }

    private static PreferenceDataset Pairs(IReadOnlyList<SettledCandidate> settled) =>
        new(settled, PreferenceGenerator.Generate(settled, new PreferenceOptions { MinSamples = 2 }).Pairs);

    private static PreferenceDataset World() => Pairs(SettledSamples.World(9));

    private static Task<TuningFile> Prepare(RlaifFineTuner tuner, TuningTask task, PreferenceDataset data) =>
        task switch
        {
            TuningTask.Dpo => tuner.PrepareDpoTrainingDataAsync(data),
            TuningTask.Sft => tuner.PrepareSupervisedTrainingDataAsync(data.Candidates),
            TuningTask.Kto => tuner.PrepareKtoTrainingDataAsync(data.Candidates),
            _ => tuner.PrepareRewardTrainingDataAsync(data),
        };

    private static string Answer(SettledCandidate settled) => CandidateText.Answer(settled.Candidate);

    private static string Row(string template) => template.Replace("SYSTEM", System, StringComparison.Ordinal) + "\n";

    private static string Read(TuningFile file) => File.ReadAllText(file.File, new UTF8Encoding(false, true));

    private static List<JsonObject> Lines(TuningFile file) =>
        [.. File.ReadAllText(file.File).Split('\n')[..^1].Select(l => JsonNode.Parse(l)!.AsObject())];
}
