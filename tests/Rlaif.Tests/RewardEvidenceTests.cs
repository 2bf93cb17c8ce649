using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Baselines;
using Rlaif.Tests.Rewards;
using Rlaif.Validation;

namespace Rlaif.Tests;

/// <summary>What a training run says of itself: baselines, controls, alarms, and figures that are there or say why not.</summary>
public sealed class RewardEvidenceTests
{
    private static readonly SessionCalendar EveryDay = new(Enumerable.Range(0, 3000).Select(new DateOnly(2015, 1, 1).AddDays));
    private static readonly PlantedPreferences Planted = new()
    {
        Features = 6,
        Candidates = 4,
        Linear = 1,
        Interaction = 0,
        Text = 0,
        Correlation = 0.7,
    };

    private static readonly LearningOptions Options = new()
    {
        Threads = 1,
        Model = new RewardModelOptions { HiddenDims = [32, 16], MaxInteractions = 0 },
        Preferences = new PreferenceOptions
        {
            Metric = ComparisonMetric.Custom("planted", s => s.Outcome.NetReturn),
            Pools = [PreferencePool.SameContext],
        },
        Training = new TrainingOptions
        {
            Ensemble = 2,
            LearningRate = 3e-3,
            BatchSize = 32,
            Epochs = 6,
        },
    };

    private static readonly Lazy<LearnedModel> Linear = new(() => Learn(Planted.Create(0, 220)));

    [Fact]
    public void Learn_LinearEdge_SaysThatTheLinearModelDoesAsWell()
    {
        LearnedModel learned = Linear.Value;
        Assert.Equal(
            [
                "agent_confidence",
                "agent_score",
                "coin",
                "lambdarank",
                "linear_bradley_terry",
                "momentum",
                "reversal",
                "smaller_position",
                "text_length",
            ],
            learned.Baselines.Keys
        );
        Assert.Equal(learned.BaselineFigures.Max(b => b.Accuracy), learned.BaselineFigures[0].Accuracy);
        Assert.Equal("linear_bradley_terry", learned.BaselineFigures[0].Name);
        Assert.Matches("^The linear model does (as well|better): the model's lead is ", learned.AgainstBaselines);
        Assert.Equal(0.5, learned.Baselines["coin"]);
        Assert.Equal(1, learned.Baselines["momentum"] + learned.Baselines["reversal"], 1e-12);
    }

    [Fact]
    public void Learn_EdgeInTheText_IsAheadOfEveryBaseline()
    {
        LearnedModel learned = Learn(
            (Planted with { Linear = 0, Text = 1, Correlation = 0.9 }).Create(0, 400),
            Options with
            {
                FullEvidence = false,
            }
        );
        Assert.StartsWith("The model is ahead of every baseline", learned.AgainstBaselines, StringComparison.Ordinal);
        Assert.All(learned.BaselineFigures, b => Assert.False(b.IsAsGood));
        Assert.Null(learned.Controls);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Shuffled_StrongEdge_IsAtChanceForAnySeed(int seed)
    {
        // A random function of the features is far from half on true labels where the edge is strong; on turned ones it is not.
        LearningSides sides = SidesOf(Planted with { Correlation = 0.95, Seed = (ulong)seed });
        GroupAccuracy run = RunShuffled(sides, seed);
        Assert.True(run.Interval!.Contains(0.5), $"{run.Accuracy}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Shuffled_ValidationPairsInTraining_AreFoundOut(int seed)
    {
        LearningSides honest = SidesOf(Planted with { Seed = (ulong)seed });
        var none = new PreferenceDataset([], []);
        LearningSides leaking = new(honest.Validation, none, honest.Validation);
        GroupAccuracy run = RunShuffled(leaking, seed);
        Assert.True(run.Interval!.Lower > 0.5, $"{run.Accuracy}");
        LearnedModel learned = Linear.Value with { Controls = Linear.Value.Controls! with { ShuffledLabels = run } };
        Assert.False(learned.Controls.IsAtChance);
        Assert.Contains(learned.Alarms, a => a.Contains("shuffled labels", StringComparison.Ordinal));
    }

    [Fact]
    public void Learn_OutcomeAmongTheFeatures_RaisesTheAlarm()
    {
        LearnedModel learned = Learn(WithFeature(Planted with { Correlation = 0.1 }, (_, outcome) => outcome));
        Assert.InRange(learned.BaselineFigures[0].Accuracy, 0.95, 1);
        Assert.Contains(learned.Alarms, a => a.Contains("look for a leak", StringComparison.Ordinal));
        LearnedModel honest = Learn((Planted with { Correlation = 0.1 }).Create(0, 220), Options with { FullEvidence = false });
        Assert.Empty(honest.Alarms);
    }

    [Fact]
    public void Learn_FeaturesThatDescribeThePast_KnowTheFutureWhenShifted()
    {
        // Each context carries the outcome of the one before: worthless, until features of after the exit are shown.
        LearnedModel learned = Learn(WithFeature(Planted with { Correlation = 0.1 }, (before, _) => before));
        Assert.InRange(learned.Controls!.FutureFeatures!.Accuracy, 0.8, 1);
        Assert.True(learned.Controls.IsAtChance);
        Assert.InRange(learned.Validation.Accuracy, 0.3, LearnedModel.LeakageAlarm);

        // Features that are drawn anew every week tell nothing of the week before; nor do the texts, which mention f00 alone.
        LearningSides sides = SidesOf(Planted with { Linear = 0, Interaction = 1 });
        SettledCandidate[] all = [.. sides.Train.Candidates, .. sides.Stopping.Candidates, .. sides.Validation.Candidates];
        TrainingControls nothing = ControlRuns.Run(sides, all, Options, TestContext.Current.CancellationToken);
        Assert.True(nothing.FutureFeatures!.Interval!.Contains(0.5));
    }

    [Fact]
    public void Learn_SameSeed_GivesTheSameFiguresOnAnyNumberOfThreads()
    {
        LearnedModel two = Learn(Planted.Create(0, 220), Options with { Threads = 2 });
        Assert.Equal(Json(ValidationFigures.Of(Linear.Value)), Json(ValidationFigures.Of(two)));
    }

    [Fact]
    public void ValidationFigures_EveryNumber_IsFiniteOrNullWithItsReason()
    {
        foreach (LearnedModel learned in new[] { Linear.Value, WithoutIntervals(Linear.Value) })
        {
            var figures = ValidationFigures.Of(learned);
            JsonNode node = JsonSerializer.SerializeToNode(figures, RlaifJson.Compact)!;
            string[] nulls = [.. NullPaths(node, "")];
            Assert.Equal(nulls.Order(StringComparer.Ordinal), figures.Undefined.Keys);
            Assert.All(figures.Undefined.Values, r => Assert.InRange(r.Length, 10, 200));
        }

        Assert.Contains("accuracy_ci", ValidationFigures.Of(WithoutIntervals(Linear.Value)).Undefined.Keys);
        Assert.Equal("no native library", ValidationFigures.Of(WithoutIntervals(Linear.Value)).Undefined["baselines.lambdarank"]);
    }

    [Fact]
    public void TrainingChecklist_AddsUp()
    {
        LearnedModel learned = Linear.Value;
        var checklist = TrainingChecklist.Of(learned, "v0001");
        TrainingDataSummary data = checklist.Data;
        Assert.Equal((220, 880), (data.Decisions, data.Candidates));
        Assert.Equal(
            data.PairsGiven,
            data.PairsTrain
                + data.PairsStopping
                + data.Dropped["cross_side"]
                + data.Dropped["purged_or_embargoed"]
                + data.Dropped["validation_side"]
        );
        Assert.Equal(1, data.Actions.Values.Sum(), 1e-12);
        Assert.Equal(data.MarginQuantiles.Values.Order(), data.MarginQuantiles.Values);
        Assert.InRange(data.ConfidenceQuantiles["0"], 0.5, data.ConfidenceQuantiles["1"]);
        Assert.InRange(data.PairsPerDecisionMean, 1, data.PairsPerDecisionMax);
        Assert.Equal(learned.Model.Metadata.DataHash, data.DataHash);
        Assert.Equal((0, 0), (checklist.Split.SharedDecisions, checklist.Split.OverlappingWindows));
        Assert.Equal(learned.Model.Schema.Columns.Select(c => c.Name), checklist.Config.Inputs.Select(i => i.Name));
        Assert.All(checklist.Config.Inputs, i => Assert.True(i.Deviation > 0));
        Assert.NotEmpty(Json(checklist));
    }

    [Fact]
    public void Render_Sections_AreThoseOfTheChecklist()
    {
        PromotionCriterion[] gate = [new("some_criterion", 0.4, 0.5, false, "0.4 <found>, 0.5 needed")];
        string html = TrainingPage.Render(Linear.Value, "v0001", gate);
        string[] sections = [.. html.Split("<h2>").Skip(1).Select(s => s[..s.IndexOf("</h2>", StringComparison.Ordinal)])];
        Assert.Equal(
            [
                "In short",
                "Data",
                "Training",
                "Against baselines",
                "Calibration",
                "Where it is right",
                "Rewards and outcomes",
                "Controls",
                "Configuration",
                "Limits",
            ],
            sections
        );
        string[] figures = [.. html.Split("class=\"figure-title\"").Skip(1)];
        Assert.Equal(13, figures.Length);
        Assert.Contains("0.4 &lt;found&gt;, 0.5 needed", html, StringComparison.Ordinal);
        Assert.Contains("the linear model", html, StringComparison.Ordinal);
        Assert.Contains("exposure_x_f00", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
        Assert.Equal(html, TrainingPage.Render(Linear.Value, "v0001", gate));
    }

    private static LearnedModel Learn(PreferenceDataset data, LearningOptions? options = null) =>
        RewardLearning.Learn(data.Candidates, data.Pairs, EveryDay, options ?? Options);

    private static LearningSides SidesOf(PlantedPreferences planted) =>
        new(planted.Create(0, 150), planted.Create(150, 190), planted.Create(190, 270));

    private static GroupAccuracy RunShuffled(LearningSides sides, int seed)
    {
        var random = new DeterministicRandom(seed);
        return ControlRuns.Measure(
            "shuffled_labels",
            ControlRuns.Shuffled(sides, random),
            Options with
            {
                Seed = seed,
            },
            random,
            new BootstrapOptions { Level = TrainingControls.Level },
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>A data set in which feature <c>f05</c> is a function of the long return of the context before and of its own.</summary>
    private static PreferenceDataset WithFeature(PlantedPreferences planted, Func<double, double, double> value)
    {
        PreferenceDataset data = planted.Create(0, 220);
        var settled = new List<SettledCandidate>();
        double before = 0;
        foreach (IGrouping<string, SettledCandidate> context in data.Candidates.GroupBy(c => c.Context.ContextId))
        {
            // Candidate 0 buys, so its outcome is the return.
            double own = context.MinBy(c => c.Candidate.Index)!.Outcome.NetReturn;
            var features = new Dictionary<string, double?>(context.First().Context.Features, StringComparer.Ordinal)
            {
                ["f05"] = value(before, own),
            };
            settled.AddRange(context.Select(c => c with { Context = c.Context with { Features = features } }));
            before = own;
        }

        return new PreferenceDataset(settled, data.Pairs);
    }

    private static LearnedModel WithoutIntervals(LearnedModel learned) =>
        learned with
        {
            Regret = null,
            RankCorrelation = null,
            Validation = learned.Validation with { Interval = null },
            BaselineFigures =
            [
                .. learned
                    .BaselineFigures.Where(b => b.Name != "lambdarank")
                    .Select(b => b with { Interval = null, LeadInterval = null }),
            ],
            MissingBaselines = new Dictionary<string, string> { ["lambdarank"] = "no native library" },
            Controls = learned.Controls! with { FutureFeatures = null },
        };

    private static IEnumerable<string> NullPaths(JsonNode node, string path) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => p.Value is null ? [path + p.Key] : NullPaths(p.Value, $"{path}{p.Key}.")),
            JsonArray a => a.SelectMany((v, i) => v is null ? [$"{path}{i}"] : NullPaths(v, $"{path}{i}.")),
            _ => [],
        };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, RlaifJson.Compact);
}
