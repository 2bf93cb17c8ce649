using CsCheck;
using Rlaif.Core;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class ModelComparisonTests
{
    private static readonly Gen<double[]> Margins = Gen.Double[-2, 2].Array[40];

    private static ModelComparison Compare(double[] first, double[] second)
    {
        (PreferenceDataset data, double[] rewards) = MarginPairs.With(first);
        return ModelComparison.Measure(data, rewards, MarginPairs.With(second).Rewards, new DeterministicRandom(1));
    }

    [Fact]
    public void Measure_TwoModels_HasTheFiguresOfEachAndOfTheirDifference()
    {
        ModelComparison found = Compare([1, 1, -1, -1, 0], [1, -1, 1, 1, 0]);
        Assert.Equal((5, 5), (found.Pairs, found.Dates));
        Assert.Equal(0.5, found.First.Accuracy, 1e-12);
        Assert.Equal(0.7, found.Second.Accuracy, 1e-12);
        Assert.Equal(0.2, found.Difference, 1e-12);
        Assert.Equal(0.4, found.Agreement, 1e-12);
        Assert.Equal(Calibration.MarginLogLoss([1, -1, 1, 1, 0])!.Value, found.Second.LogLoss, 1e-12);
        Assert.True(found.FirstDate < found.LastDate);
        Assert.Equal(found.Interval!.PValue, found.PValue);
    }

    [Fact]
    public void Measure_AModelWithItself_IsNoEvidence() =>
        Margins.Sample(
            margins =>
            {
                ModelComparison found = Compare(margins, margins);
                Assert.Equal((0.0, 1.0, Verdict.NotEnoughEvidence), (found.Difference, found.Agreement, found.Verdict));
                Assert.Equal(1, found.PValue);
            },
            iter: 20
        );

    [Fact]
    public void Measure_ModelsExchanged_TurnsTheDifferenceRound() =>
        Gen.Select(Margins, Margins)
            .Sample(
                (a, b) =>
                {
                    ModelComparison one = Compare(a, b);
                    ModelComparison other = Compare(b, a);
                    Assert.Equal(one.Difference, -other.Difference, 1e-12);
                    Assert.Equal(one.Second.Accuracy - one.First.Accuracy, one.Difference, 1e-12);
                    Assert.Equal(one.Agreement, other.Agreement);
                    Assert.Equal(one.Interval!.Lower, -other.Interval!.Upper, 1e-9);
                },
                iter: 20
            );

    [Fact]
    public void Verdict_ClearDifference_NamesTheBetterOne()
    {
        double[] good = [.. Enumerable.Range(0, 60).Select(i => i % 6 == 0 ? -1.0 : 1.0)];
        double[] bad = [.. good.Select(m => -m)];
        Assert.Equal(Verdict.Improved, Compare(bad, good).Verdict);
        Assert.Equal(Verdict.Worse, Compare(good, bad).Verdict);
    }

    [Fact]
    public void Measure_NoPairs_IsNotEnoughData() => Assert.Throws<NotEnoughDataException>(() => Compare([], []));
}
