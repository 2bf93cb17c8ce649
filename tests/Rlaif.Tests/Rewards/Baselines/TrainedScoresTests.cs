using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Baselines;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;
using Rlaif.Validation;

namespace Rlaif.Tests.Rewards.Baselines;

/// <summary>The linear model and the boosted trees on data with a known cause.</summary>
public sealed class TrainedScoresTests
{
    private static readonly TrainingOptions Options = new();
    private static readonly PlantedPreferences Linear = new()
    {
        Features = 8,
        Linear = 1,
        Interaction = 0,
        Text = 0,
        Correlation = 0.6,
    };

    private static readonly ComparisonMetric ByReturn = ComparisonMetric.Custom("planted", s => s.Outcome.NetReturn);
    private static readonly PreferenceOptions SameContext = new() { Metric = ByReturn, Pools = [PreferencePool.SameContext] };

    private sealed record Sides(PreferenceDataset Train, PreferenceDataset Stopping, PreferenceDataset Validation)
    {
        public FeatureBuilder Features { get; } =
            FeatureBuilder.Fit(Train, TrainingData.WeightsOf(Train, byConfidence: true), maxInteractions: 0, new WorkTeam(1));

        public static Sides Of(PlantedPreferences planted) =>
            new(planted.Create(0, 300), planted.Create(300, 380), planted.Create(380, 560));
    }

    private static BootstrapInterval IntervalOf(PreferenceDataset data, IEnumerable<double> scores) =>
        PairwiseAccuracy.Measure(data, [.. scores], new DeterministicRandom(1)).Interval!;

    [Fact]
    public void LinearBradleyTerry_LinearEdge_IsFoundAlmostInFull()
    {
        Sides sides = Sides.Of(Linear);
        var model = LinearBradleyTerry.Fit(sides.Train, sides.Stopping, sides.Features, Options);
        BootstrapInterval accuracy = IntervalOf(sides.Validation, sides.Validation.Candidates.Select(model.Score));
        Assert.InRange(accuracy.Estimate, 0.96 * Linear.Attainable(sides.Validation), 1);

        // The weight that carries the edge is the largest of the market's interactions.
        int[] interactions =
        [
            .. sides
                .Features.Schema.Columns.Index()
                .Where(c => c.Item.Name.StartsWith("exposure_x_", StringComparison.Ordinal))
                .Select(c => c.Index),
        ];
        int largest = interactions.MaxBy(i => Math.Abs(model.Weights[i]));
        Assert.Equal("exposure_x_f00", sides.Features.Schema.Columns[largest].Name);
        Assert.True(model.Weights[largest] > 0);
    }

    [Fact]
    public void LinearBradleyTerry_EdgeInAProduct_IsInvisibleToIt()
    {
        Sides sides = Sides.Of(Linear with { Linear = 0, Interaction = 1 });
        var model = LinearBradleyTerry.Fit(sides.Train, sides.Stopping, sides.Features, Options);
        Assert.True(IntervalOf(sides.Validation, sides.Validation.Candidates.Select(model.Score)).Contains(0.5));
    }

    [Fact]
    public void LinearBradleyTerry_Strength_HasTheLowestLossOnTheStoppingPairsAlone()
    {
        Sides sides = Sides.Of(Linear);
        var model = LinearBradleyTerry.Fit(sides.Train, sides.Stopping, sides.Features, Options);
        double[] losses = [.. new[] { 1, 0.1, 0.01, 0.001, 0.0001 }.Select(Loss)];
        Assert.Equal(losses.Min(), Loss(model.Strength), 1e-9);

        // Without them there is a fixed one.
        var blind = LinearBradleyTerry.Fit(sides.Train, new PreferenceDataset([], []), sides.Features, Options);
        Assert.Equal(LinearBradleyTerry.DefaultStrength, blind.Strength);

        double Loss(double strength)
        {
            PairLogit train = Problem(sides.Train);
            return Problem(sides.Stopping).Loss(train.Fit(strength, new double[sides.Features.Schema.Columns.Count]));
        }

        PairLogit Problem(PreferenceDataset data)
        {
            double[] weights = TrainingData.WeightsOf(data, byConfidence: true);
            return new PairLogit(
                [.. data.Candidates.Select(Row)],
                [.. data.Pairs.Select((p, i) => new ScoredPair(data.IndexOf(p.ChosenId), data.IndexOf(p.RejectedId), weights[i]))]
            );
        }

        double[] Row(SettledCandidate settled)
        {
            float[] row = new float[sides.Features.Schema.Columns.Count];
            sides.Features.Build(settled.Context, settled.Candidate, row);
            return Array.ConvertAll(row, v => (double)v);
        }
    }

    [Fact]
    public void LambdaRank_LinearEdge_IsFound()
    {
        Sides sides = Sides.Of(Linear);
        double[] scores = Trees(sides).Score(sides.Validation.Candidates);
        BootstrapInterval accuracy = IntervalOf(sides.Validation, scores);
        Assert.InRange(accuracy.Estimate, 0.85 * Linear.Attainable(sides.Validation), 1);
        Assert.True(accuracy.Lower > 0.5);
    }

    [Fact]
    public void LambdaRank_ShuffledOutcomes_StaysAtChance()
    {
        Sides sides = Sides.Of(Linear with { Shuffled = true });
        Assert.True(IntervalOf(sides.Validation, Trees(sides).Score(sides.Validation.Candidates)).Contains(0.5));
    }

    [Fact]
    public void LambdaRank_SameSeed_GivesTheSameScoresBitForBit()
    {
        Sides sides = Sides.Of(Linear);
        double[] once = Trees(sides).Score(sides.Validation.Candidates);
        Assert.Equal(once, Trees(sides).Score(sides.Validation.Candidates));
        Assert.True(once.Distinct().Count() > 10);

        // A candidate's score does not depend on its company.
        Assert.Equal(once[7], Trees(sides).Score([sides.Validation.Candidates[7]])[0]);
    }

    [Fact]
    public void LambdaRank_GroupOfMoreRanksThanItKnows_Learns()
    {
        // All candidates of a symbol's year in one group: hundreds of different outcomes.
        Sides sides = Sides.Of(Linear);
        var trees = LambdaRank.Fit(
            sides.Train.Candidates,
            [],
            sides.Features,
            SameContext with
            {
                Pools = [PreferencePool.SameSymbol],
                SameSymbolWindowDays = 365,
            },
            seed: 1
        );
        Assert.True(IntervalOf(sides.Validation, trees.Score(sides.Validation.Candidates)).Lower > 0.5);
    }

    [Fact]
    public void LambdaRank_NothingToRank_SaysSo()
    {
        Sides sides = Sides.Of(Linear);
        PreferenceOptions constant = SameContext with { Metric = ComparisonMetric.Custom("constant", _ => 1) };
        Assert.Throws<NotEnoughDataException>(() => LambdaRank.Fit(sides.Train.Candidates, [], sides.Features, constant, 1));
    }

    private static LambdaRank Trees(Sides sides) =>
        LambdaRank.Fit(sides.Train.Candidates, sides.Stopping.Candidates, sides.Features, SameContext, seed: 1);
}
