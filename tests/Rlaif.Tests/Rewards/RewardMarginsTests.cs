using Rlaif.Preferences;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class RewardMarginsTests
{
    private static readonly PreferenceDataset Planted = new PlantedPreferences { Contexts = 300 }.Create(0, 300);

    [Fact]
    public void Set_NormalGaps_FillTheFourSteps()
    {
        // Absolute values of a normal variable, evenly spread over its quantiles: the steps were made for them.
        const int Count = 4000;
        double[] gaps =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(i => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 + ((i + 0.5) / (2 * Count)))),
        ];
        double[] margins = MarginsOf(gaps, unit: 0.02);
        Assert.Equal([0, 1 / 3.0, 2 / 3.0, 1], margins.Distinct());
        Assert.All(margins.CountBy(m => m), step => Assert.InRange(step.Value, 990, 1010));
        Assert.Equal(margins.Order(), margins);
    }

    [Fact]
    public void Set_AnyUnitOfTheMetric_GivesTheSameMargins()
    {
        double[] gaps = [.. Planted.Pairs.Select(p => p.OutcomeMargin)];
        Assert.Equal(MarginsOf(gaps, unit: 1), MarginsOf(gaps, unit: 0.004));
    }

    [Theory]
    [InlineData(0.318, 0)]
    [InlineData(0.319, 1 / 3.0)]
    [InlineData(0.674, 1 / 3.0)]
    [InlineData(0.675, 2 / 3.0)]
    [InlineData(1.150, 2 / 3.0)]
    [InlineData(1.151, 1)]
    public void Set_Gap_IsMeasuredInStandardDeviationsAroundZero(double gap, double margin)
    {
        // One gap of this size and one that brings the mean square of both to 1.
        double[] gaps = [gap, Math.Sqrt(2 - (gap * gap))];
        Assert.Equal(margin, MarginsOf(gaps, unit: 7)[0], 1e-12);
    }

    [Fact]
    public void Set_TwoMetrics_AreMeasuredEachByItsOwn()
    {
        var mixed = new PreferenceDataset(
            Planted.Candidates,
            Planted.Pairs.Select((p, i) => i % 2 == 0 ? p : p with { Metric = "pnl", OutcomeMargin = 1000 * p.OutcomeMargin })
        );
        ScoredPair[] set = RewardMargins.Set(mixed, Scored(mixed));
        double[] even = [.. Planted.Pairs.Where((_, i) => i % 2 == 0).Select(p => p.OutcomeMargin)];
        Assert.Equal(MarginsOf(even, unit: 1), set.Where((_, i) => i % 2 == 0).Select(p => p.Margin));
    }

    [Fact]
    public void Set_JudgedPairs_HaveNoMargin()
    {
        var judged = new PreferenceDataset(
            Planted.Candidates,
            Planted.Pairs.Select(p => p with { Metric = ProcessPreferences.Metric })
        );
        ScoredPair[] pairs = Scored(judged);
        Assert.Equal(pairs, RewardMargins.Set(judged, pairs));
    }

    private static double[] MarginsOf(double[] gaps, double unit)
    {
        PreferencePair like = Planted.Pairs[0];
        var data = new PreferenceDataset(Planted.Candidates, gaps.Select(g => like with { OutcomeMargin = g * unit }));
        return [.. RewardMargins.Set(data, Scored(data)).Select(p => p.Margin)];
    }

    private static ScoredPair[] Scored(PreferenceDataset data) => [.. data.Pairs.Select(_ => new ScoredPair(0, 1, 0.5))];
}
