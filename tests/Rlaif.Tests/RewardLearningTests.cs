using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Training;
using Rlaif.Tests.Decisions.Llm.Judging;
using Rlaif.Tests.Rewards;
using Rlaif.Validation;

namespace Rlaif.Tests;

public sealed class RewardLearningTests
{
    private static readonly PreferenceDataset Data = new PlantedPreferences { Features = 6, Candidates = 4 }.Create(0, 120);
    private static readonly IReadOnlyList<PreferencePair> Judged = JudgedSmaller(Data);

    private static readonly SessionCalendar EveryDay = new(Enumerable.Range(0, 1500).Select(new DateOnly(2015, 1, 1).AddDays));

    [Fact]
    public void Learn_ProcessWeightZero_IsTheSameTrainingBitForBit()
    {
        LearnedModel without = Learn(0, null);
        LearnedModel with = Learn(0, Judged);
        Assert.Equal(without.Model.Members[0].Network.Parameters, with.Model.Members[0].Network.Parameters);
        Assert.Equal(Json(without.Training), Json(with.Training));
        Assert.Equal(Json(without.Model.Metadata), Json(with.Model.Metadata));
        Assert.Equal(Json(without.Validation), Json(with.Validation));
        Assert.DoesNotContain("process", Json(without.Training) + Json(without.Model.Metadata), StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_ProcessWeightOne_LearnsFromTheJudgeAlone()
    {
        LearnedModel learned = Learn(1, Judged);
        SplitPairs sides = learned.Split.Apply(Judged);
        Assert.Equal((sides.Train.Count, sides.Train.Count), (learned.Training.TrainingPairs, learned.Training.ProcessPairs));

        // Turning every market label of the training side round changes nothing.
        HashSet<string> train = [.. learned.Split.Apply(Data.Pairs).Train.Select(p => p.PairId)];
        PreferencePair[] turned = [.. Data.Pairs.Select(p => train.Contains(p.PairId) ? Turned(p) : p)];
        Assert.Equal(learned.Model.Members[0].Network.Parameters, Learn(1, Judged, turned).Model.Members[0].Network.Parameters);
        Assert.NotEqual(
            Learn(0.5, Judged).Model.Members[0].Network.Parameters,
            Learn(0.5, Judged, turned).Model.Members[0].Network.Parameters
        );

        // It has learnt what the judge likes, on contexts of which it saw no judgement.
        Assert.InRange(AgreementWith(sides.Validation, learned.Model), 0.9, 1);
        Assert.InRange(AgreementWith(sides.Validation, Learn(0, Judged).Model), 0.2, 0.8);
    }

    /// <summary>The validation side is looked at when training is over; a value there must not cost the whole of it.</summary>
    [Fact]
    public void Learn_FeatureBeyondTheLimit_IsRefusedBeforeTraining()
    {
        SettledCandidate[] settled = [.. Data.Candidates];
        DecisionContext last = settled[^1].Context;
        settled[^1] = settled[^1] with
        {
            Context = last with { Features = new Dictionary<string, double?>(last.Features) { ["f03"] = 1.797e308 } },
        };
        var cancelled = new CancellationToken(canceled: true);
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            RewardLearning.Learn(settled, Data.Pairs, EveryDay, Options(0), cancellationToken: cancelled)
        );
        Assert.StartsWith($"Feature f03 of context {last.ContextId} ", error.Message, StringComparison.Ordinal);
        Assert.Contains("1.797E+308", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The first training of somebody new: boosted trees have nothing to split there, and the rest is done without them.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(40)]
    public void Learn_FewDecisions_IsDoneOrNamesWhatIsMissing(int contexts)
    {
        PreferenceDataset few = new PlantedPreferences { Features = 3, Candidates = 2 }.Create(0, contexts);
        LearnedModel learned = RewardLearning.Learn(few.Candidates, few.Pairs, EveryDay, Options(0) with { FullEvidence = true });
        Assert.True(learned.Training.TrainingPairs > 0);
        Assert.Equal(
            contexts < 40,
            learned.MissingBaselines.TryGetValue(TrainedBaselines.LambdaRankName, out string? why)
                && why.StartsWith("No split of the", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Learn_ProcessWeightOneWithControls_ShufflesTheMarketsPairs()
    {
        LearnedModel learned = RewardLearning.Learn(
            Data.Candidates,
            Data.Pairs,
            EveryDay,
            Options(1) with
            {
                FullEvidence = true,
            },
            processPairs: Judged
        );
        Assert.NotNull(learned.Controls);
        Assert.True(learned.Controls.ShuffledLabels.Pairs > 0);
    }

    [Fact]
    public async Task Judge_ModelThatLearntOn_GetsTheEvidenceThatTheGateAsksFor()
    {
        LearnedModel learned = Learn(0, null);
        Dictionary<string, SettledCandidate> byId = Data.Candidates.ToDictionary(c => c.Candidate.CandidateId);
        DateTimeOffset from = learned.Model.Metadata.KnownUntil;
        PreferencePair[] later = [.. Data.Pairs.Where(p => p.KnownAt > from).OrderBy(p => p.KnownAt).ThenBy(p => p.PairId)];
        var online = new OnlineRewardModelTrainer(learned.Model);
        foreach (PreferencePair pair in later.Take(20))
        {
            online.Update(pair, byId[pair.ChosenId], byId[pair.RejectedId]);
        }

        RewardModel next = online.ToModel();
        JudgedModel judged = RewardLearning.Judge(next, Data.Candidates, Options(0));
        SettledCandidate[] unseen = [.. Data.Candidates.Where(c => c.Context.AsOf > next.Metadata.KnownUntil)];
        Assert.Equal(judged.Validation.Dates, unseen.Select(c => c.Context.Date).Distinct().Count());
        // Outcomes of what it knew already change nothing.
        SettledCandidate[] changed =
        [
            .. Data.Candidates.Select(c =>
                c.Context.AsOf > next.Metadata.KnownUntil
                    ? c
                    : c with
                    {
                        Outcome = c.Outcome with { NetReturn = -c.Outcome.NetReturn },
                    }
            ),
        ];
        Assert.Equal(Json(judged.ToValidation()), Json(RewardLearning.Judge(next, changed, Options(0)).ToValidation()));

        string folder = Directory.CreateTempSubdirectory("rlaif-judge-").FullName;
        var registry = new ModelRegistry(folder, TimeProvider.System);
        ModelVersion version = await registry.AddAsync(next, learned.Training, judged.ToValidation(), null);
        IReadOnlyList<PromotionCriterion> criteria = PromotionGate.Judge(version.Validation, champion: null, comparison: null);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(judged.Validation.Interval!.Lower, criteria.Single(c => c.Name == PromotionGate.AboveChance).Value);
        Assert.Throws<NotEnoughDataException>(() => RewardLearning.Judge(next, [.. Data.Candidates.Except(unseen)], Options(0)));
    }

    [Fact]
    public void Learn_ProcessPairsOfLaterSides_AreNeverUsed()
    {
        LearnedModel all = Learn(0.3, Judged);
        SplitPairs sides = all.Split.Apply(Judged);
        Assert.True(sides.Stopping.Count > 0 && sides.Validation.Count > 0);
        LearnedModel own = Learn(0.3, sides.Train);
        Assert.Equal(all.Model.Members[0].Network.Parameters, own.Model.Members[0].Network.Parameters);
        Assert.Equal(Json(all.Validation), Json(own.Validation));
    }

    [Fact]
    public void Learn_AnyProcessWeight_StopsAndMeasuresOnTheMarketsPairs()
    {
        LearnedModel market = Learn(0, Judged);
        foreach (double weight in new[] { 0.3, 1 })
        {
            LearnedModel mixed = Learn(weight, Judged);
            Assert.Equal(market.Training.StoppingPairs, mixed.Training.StoppingPairs);
            Assert.Equal((market.Validation.Pairs, market.Validation.Dates), (mixed.Validation.Pairs, mixed.Validation.Dates));
            Assert.Equal(Untrained(market), Untrained(mixed));
            Assert.NotEqual(market.Validation.Accuracy, mixed.Validation.Accuracy);

            // The reported accuracy is that of the rewards on the market's pairs.
            SettledCandidate[] unseen =
            [
                .. Data.Candidates.Where(c => mixed.Split.PartOf(c.Context.ContextId) == SplitPart.Validation),
            ];
            IReadOnlyList<PreferencePair> pairs = PreferenceGenerator
                .Generate(unseen, Options(weight).Preferences with { MinMargin = 0, MinSamples = 2 })
                .Pairs;
            Assert.DoesNotContain(pairs, ProcessPreferences.IsProcess);
            Assert.Equal(AgreementWith(pairs, mixed.Model), mixed.Validation.Accuracy, 1e-12);
        }
    }

    [Fact]
    public void Learn_ProcessPairsWantedAndNoneThere_SaysSo()
    {
        Assert.Contains(
            "0.5 of training",
            Assert.Throws<NotEnoughDataException>(() => Learn(0.5, null)).Message,
            StringComparison.Ordinal
        );
        LearnedModel market = Learn(0, null);
        IReadOnlyList<PreferencePair> late = market.Split.Apply(Judged).Validation;
        Assert.Throws<NotEnoughDataException>(() => Learn(0.5, late));
        PreferencePair elsewhere = Judged[0] with { ChosenId = "cand_unknown" };
        Assert.Throws<NotEnoughDataException>(() => Learn(0.5, [elsewhere]));
    }

    [Fact]
    public void Learn_KindsMixedUp_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Learn(0, null, [.. Data.Pairs, Judged[0]]));
        Assert.Throws<ArgumentException>(() => Learn(0.5, Data.Pairs));
        Assert.Throws<RlaifInputException>(() => Learn(1.5, Judged));
    }

    [Fact]
    public void Train_ProcessPairsInTheStoppingSet_AreRefused()
    {
        SplitPairs sides = Learn(0, null).Split.Apply(Judged);
        var trainer = new RewardModelTrainer(null, new Rlaif.Data.Text.HashedTextEncoder(), Options(1).Training);
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            trainer.Train(
                new PreferenceDataset(Data.Candidates, sides.Train),
                new PreferenceDataset(Data.Candidates, sides.Stopping)
            )
        );
        Assert.Contains("preferences of a judge", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void WeightsOf_TwoKinds_HaveTheirSharesHoweverManyThereAre(double weight)
    {
        foreach (int count in new[] { 3, Judged.Count })
        {
            PreferencePair[] pairs =
            [
                .. Data.Pairs,
                .. Judged.Take(count).Select((p, i) => p with { Confidence = 0.6 + (0.01 * (i % 30)) }),
            ];
            double[] weights = TrainingData.WeightsOf(new PreferenceDataset(Data.Candidates, pairs), byConfidence: true, weight);
            double process = weights.Where((_, i) => ProcessPreferences.IsProcess(pairs[i])).Sum();
            Assert.Equal(1, weights.Average(), 1e-9);
            Assert.Equal(weight, process / weights.Sum(), 1e-9);
            double[] own = TrainingData.WeightsOf(Data, byConfidence: true);
            Assert.Equal(own[0] / own[5], weight == 1 ? own[0] / own[5] : weights[0] / weights[5], 1e-9);
        }
    }

    [Fact]
    public void Loop_ProcessWeight_IsRefusedBeforeAnythingIsDecided()
    {
        LearningOptions options = Options(0.5);
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => new LearningLoop(null!, null!, null!, options));
        Assert.Contains("ProcessWeight", error.Message, StringComparison.Ordinal);
    }

    private static LearnedModel Learn(
        double weight,
        IReadOnlyList<PreferencePair>? judged,
        IReadOnlyList<PreferencePair>? pairs = null
    ) => RewardLearning.Learn(Data.Candidates, pairs ?? Data.Pairs, EveryDay, Options(weight), processPairs: judged);

    private static LearningOptions Options(double weight) =>
        new()
        {
            Threads = 1,
            FullEvidence = false,
            Model = new RewardModelOptions { HiddenDims = [32, 16], MaxInteractions = 0 },
            Preferences = new PreferenceOptions { Pools = [PreferencePool.SameContext] },
            Training = new TrainingOptions
            {
                LearningRate = 3e-3,
                BatchSize = 32,
                Epochs = 6,
                ProcessWeight = weight,
            },
        };

    private static IEnumerable<BaselineAccuracy> Untrained(LearnedModel learned) =>
        learned
            .BaselineFigures.Where(b => b.Name is not TrainedBaselines.Linear)
            .Select(b => b with { Lead = 0, LeadInterval = null })
            .OrderBy(b => b.Name, StringComparer.Ordinal);

    private static double AgreementWith(IReadOnlyList<PreferencePair> pairs, RewardModel model)
    {
        Dictionary<string, double> rewards = Data
            .Candidates.Zip(model.ScoreAll([.. Data.Candidates.Select(c => (c.Context, c.Candidate))]))
            .ToDictionary(x => x.First.Candidate.CandidateId, x => x.Second);
        return pairs.Average(p => PairwiseAccuracy.Hit(rewards[p.ChosenId] - rewards[p.RejectedId]));
    }

    // A judge that likes small positions, whatever the market does.
    private static IReadOnlyList<PreferencePair> JudgedSmaller(PreferenceDataset data) =>
        ProcessPreferences.From(
            from context in data.Candidates.GroupBy(c => c.Context.ContextId)
            from a in context
            from b in context
            where a.Candidate.PositionSize < b.Candidate.PositionSize
            select JudgedPairs.Of(a.Candidate, b.Candidate, a.Candidate)
        );

    private static PreferencePair Turned(PreferencePair pair) =>
        pair with
        {
            ChosenId = pair.RejectedId,
            RejectedId = pair.ChosenId,
        };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, RlaifJson.Compact);
}
