using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tests.Preferences;
using Rlaif.Tuning;

namespace Rlaif.Tests.Tuning;

public sealed class SpokenTextsTests : IDisposable
{
    private const string System = "You are the manager.\nversion matters \u2028 not.";
    private const string Shared = "Market brief for Stock A, 12 days ago 😀\n\nDecide.";
    private const string Repair = "That reply cannot be used: size. Send it again.";
    private const string Broken = "{\"action\":\"sell\",\"size\":7}";
    private static readonly string[] Variations = ["Decide as balanced.", "Decide as contrarian. Seed 2."];
    private static readonly string[] Replies =
    [
        "{\n  \"action\": \"buy\",\n  \"analysis\": \"Stock A rises.\"\n}",
        "{\"action\":\"sell\",\"analysis\":\"Stock A falls; \\\"enough\\\".\"}\n",
    ];

    // What stands in rows beside texts: the names of the speakers.
    private static readonly string[] Speakers = ["system", "user", "assistant", "human", "gpt"];

    private readonly string _folder = Directory.CreateTempSubdirectory("rlaif-spoken-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<TuningFormat, TuningTask> Layouts()
    {
        var layouts = new TheoryData<TuningFormat, TuningTask>();
        foreach (TuningFormat format in Enum.GetValues<TuningFormat>())
        {
            foreach (TuningTask task in Enum.GetValues<TuningTask>())
            {
                try
                {
                    RowFormats.Find(format, task);
                    layouts.Add(format, task);
                }
                catch (RlaifInputException)
                {
                    // The format does not serve the task.
                }
            }
        }

        return layouts;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Prepare_CandidatesOfALanguageModel_HasTheRecordedTextsAndNoOthers(TuningFormat format, TuningTask task)
    {
        (TuningFile file, JsonObject manifest) = await Export(format, task, BuyAndSell("AAPL"), ["AAPL"]);
        // The market rose: the buy is better.
        HashSet<string> expected = task switch
        {
            TuningTask.Dpo or TuningTask.Reward => [System, Shared, Replies[0], Replies[1]],
            TuningTask.Sft => [System, $"{Shared}\n\n{Variations[0]}", Replies[0]],
            _ => [System, $"{Shared}\n\n{Variations[0]}", $"{Shared}\n\n{Variations[1]}", Replies[0], Replies[1]],
        };
        Assert.Equal(expected.Order(StringComparer.Ordinal), Texts(file).Order(StringComparer.Ordinal));
        Assert.Equal(file.Rows, manifest["as_said"]!.GetValue<int>());
        Assert.Equal(0, manifest["rendered"]!.GetValue<int>());
        bool pairs = task is TuningTask.Dpo or TuningTask.Reward;
        Assert.Equal(pairs ? file.Rows : null, manifest["variation_left_out"]?.GetValue<int>());
    }

    [Theory]
    [InlineData(TuningTask.Dpo)]
    [InlineData(TuningTask.Sft)]
    [InlineData(TuningTask.Kto)]
    [InlineData(TuningTask.Reward)]
    public async Task Prepare_RulesBesideALanguageModel_KeepTheirBytes(TuningTask task)
    {
        (TuningFile rules, JsonObject plain) = await Export(TuningFormat.Trl, task, BuyAndSell("MSFT"), []);
        string[] expected = await File.ReadAllLinesAsync(rules.File);
        Assert.All(["as_said", "rendered", "variation_left_out"], key => Assert.False(plain.ContainsKey(key)));
        (TuningFile both, JsonObject manifest) = await Export(
            TuningFormat.Trl,
            task,
            [.. BuyAndSell("AAPL"), .. BuyAndSell("MSFT")],
            ["AAPL"]
        );
        Assert.Subset((await File.ReadAllLinesAsync(both.File)).ToHashSet(), expected.ToHashSet());
        Assert.Equal(expected.Length, manifest["rendered"]!.GetValue<int>());
        Assert.Equal(both.Rows - expected.Length, manifest["as_said"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(TuningTask.Dpo)]
    [InlineData(TuningTask.Reward)]
    public async Task Prepare_OneSideOfAPairWasNotSaid_RendersBoth(TuningTask task)
    {
        List<SettledCandidate> settled = BuyAndSell("AAPL");
        await using Ledger ledger = await LedgerOf(settled.Take(1));
        (TuningFile file, JsonObject manifest) = await Export(
            TuningFormat.Trl,
            task,
            settled,
            await SpokenTexts.LoadAsync(ledger)
        );
        Assert.False(manifest.ContainsKey("as_said"));
        Assert.Contains(CandidateText.Answer(settled[0].Candidate), Texts(file));
        Assert.DoesNotContain(Replies[0], Texts(file));
    }

    [Fact]
    public async Task Prepare_PairAcrossContexts_KeepsTheMessageThatEachShares()
    {
        DecisionContext other = SettledSamples.Context("MSFT");
        SettledCandidate falling = SettledSamples.Settle(other, SettledSamples.Candidate(other, 0, TradeAction.Buy, 0.05), -0.06);
        SettledCandidate rising = BuyAndSell("AAPL")[0];
        await using Ledger ledger = await LedgerOf([rising]);
        await ledger.AppendAsync(Calls(falling, shared: "Market brief for Stock B", system: "Another manager."));
        var pair = new PreferencePair
        {
            PairId = "pair_1",
            ChosenId = rising.Candidate.CandidateId,
            RejectedId = falling.Candidate.CandidateId,
            Pool = PreferencePool.SameDate,
            Metric = "vol_scaled",
            OutcomeMargin = 1,
            Confidence = 0.9,
            KnownAt = rising.Outcome.KnownAt,
        };
        var tuner = new RlaifFineTuner(
            new TuningOptions { OutputDirectory = _folder },
            spoken: await SpokenTexts.LoadAsync(ledger)
        );
        TuningFile file = await tuner.PrepareRewardTrainingDataAsync(new PreferenceDataset([rising, falling], [pair]));
        JsonObject row = JsonNode.Parse(File.ReadAllText(file.File))!.AsObject();
        Assert.Equal([System, Shared, Replies[0]], row["chosen"]!.AsArray().Select(m => m!["content"]!.GetValue<string>()));
        Assert.Equal(
            ["Another manager.", "Market brief for Stock B", Replies[0]],
            row["rejected"]!.AsArray().Select(m => m!["content"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task LoadAsync_RepairedReply_HasThePromptOfTheFirstAttempt()
    {
        List<SettledCandidate> settled = BuyAndSell("AAPL");
        await using Ledger ledger = await LedgerOf(settled);
        SpokenTexts spoken = await SpokenTexts.LoadAsync(ledger);
        Assert.Equal(2, spoken.Count);
        SpokenText repaired = spoken.Find(settled[1].Candidate.CandidateId)!;
        Assert.Equal([Shared, Variations[1]], repaired.Prompt);
        Assert.Equal((System, Replies[1]), (repaired.System, repaired.Answer));
        Assert.Null(spoken.Find("cand_of_rules"));
    }

    [Fact]
    public async Task LoadAsync_TextIsMissing_SaysSo()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        SettledCandidate settled = BuyAndSell("AAPL")[0];
        await ledger.AppendAsync([Call(settled, 0, [Shared], Replies[0], names: true)]);
        await Assert.ThrowsAsync<InvalidDataException>(() => SpokenTexts.LoadAsync(ledger));
    }

    private async Task<(TuningFile File, JsonObject Manifest)> Export(
        TuningFormat format,
        TuningTask task,
        List<SettledCandidate> settled,
        string[] spokenSymbols
    )
    {
        await using Ledger ledger = await LedgerOf(settled.Where(s => spokenSymbols.Contains(s.Context.Symbol)));
        return await Export(format, task, settled, await SpokenTexts.LoadAsync(ledger));
    }

    private async Task<(TuningFile File, JsonObject Manifest)> Export(
        TuningFormat format,
        TuningTask task,
        List<SettledCandidate> settled,
        SpokenTexts spoken
    )
    {
        var tuner = new RlaifFineTuner(new TuningOptions { OutputDirectory = _folder, Format = format }, spoken: spoken);
        var options = new PreferenceOptions { MinSamples = 2, Pools = [PreferencePool.SameContext] };
        var data = new PreferenceDataset(settled, PreferenceGenerator.Generate(settled, options).Pairs);
        TuningFile file = task switch
        {
            TuningTask.Dpo => await tuner.PrepareDpoTrainingDataAsync(data),
            TuningTask.Sft => await tuner.PrepareSupervisedTrainingDataAsync(settled),
            TuningTask.Kto => await tuner.PrepareKtoTrainingDataAsync(settled),
            _ => await tuner.PrepareRewardTrainingDataAsync(data),
        };
        return (file, JsonNode.Parse(await File.ReadAllTextAsync(file.Manifest))!.AsObject());
    }

    private static List<SettledCandidate> BuyAndSell(string symbol)
    {
        DecisionContext context = SettledSamples.Context(symbol);
        return
        [
            SettledSamples.Settle(context, SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.05), 0.06),
            SettledSamples.Settle(context, SettledSamples.Candidate(context, 1, TradeAction.Sell, 0.1), 0.06),
        ];
    }

    private static async Task<Ledger> LedgerOf(IEnumerable<SettledCandidate> spoken)
    {
        Ledger ledger = await Ledger.OpenAsync(":memory:");
        foreach (SettledCandidate settled in spoken)
        {
            await ledger.AppendAsync(Calls(settled));
        }

        return ledger;
    }

    // The second candidate's first reply was broken and then repaired.
    private static LedgerBatch Calls(SettledCandidate settled, string shared = Shared, string system = System)
    {
        int index = settled.Candidate.Index;
        string[] prompt = [shared, Variations[index]];
        string[] texts = [system, .. prompt, Broken, Repair, Replies[index]];
        LedgerBatch batch = new LedgerBatch().AddRange(texts.Select(CallText.Of));
        return index == 0
            ? batch.Add(Call(settled, 0, prompt, Replies[0], names: true, system))
            : batch
                .Add(Call(settled, 0, prompt, Broken, names: false, system))
                .Add(Call(settled, 1, [.. prompt, Broken, Repair], Replies[1], names: true, system));
    }

    private static ModelCall Call(
        SettledCandidate settled,
        int step,
        string[] prompt,
        string reply,
        bool names,
        string system = System
    )
    {
        string purpose = $"candidate {settled.Candidate.Index}";
        return new ModelCall
        {
            CallId = ModelCall.CreateId(settled.Context.ContextId, ModelRole.Manager, purpose, step),
            ContextId = settled.Context.ContextId,
            Role = ModelRole.Manager,
            Purpose = purpose,
            Step = step,
            CandidateId = names ? settled.Candidate.CandidateId : null,
            Fingerprint = "f",
            Provider = "claude",
            Model = "m",
            PromptVersion = "manager@1",
            SystemId = CallText.Of(system).TextId,
            PromptIds = [.. prompt.Select(p => CallText.Of(p).TextId)],
            ReplyId = CallText.Of(reply).TextId,
            Usage = default,
            AsOf = settled.Context.AsOf,
        };
    }

    private static HashSet<string> Texts(TuningFile file)
    {
        IEnumerable<JsonNode> rows = File.ReadAllText(file.File).Split('\n')[..^1].Select(l => JsonNode.Parse(l)!);
        return [.. rows.SelectMany(Strings).Where(s => !Speakers.Contains(s))];
    }

    private static IEnumerable<string> Strings(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => Strings(p.Value)),
            JsonArray a => a.SelectMany(Strings),
            JsonValue v when v.GetValueKind() == global::System.Text.Json.JsonValueKind.String => [v.GetValue<string>()],
            _ => [],
        };
}
