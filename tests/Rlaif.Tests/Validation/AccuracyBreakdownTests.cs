using MathNet.Numerics.Distributions;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class AccuracyBreakdownTests
{
    private static readonly DeterministicRandom Random = new(1);

    [Theory]
    [InlineData(0.1, "0-0.25")]
    [InlineData(0.26, "0.25-0.5")]
    [InlineData(0.99, "0.5-1")]
    [InlineData(1.01, "1-2")]
    [InlineData(5, "2+")]
    [InlineData(50, "2+")]
    public void Measure_Margin_IsReadFromTheConfidence(double sigmas, string bucket)
    {
        SettledCandidate a = SettledData.Candidate("A", 0, index: 0);
        SettledCandidate b = SettledData.Candidate("A", 0, index: 1);
        PreferencePair pair = SettledData.Pair(a, b, PreferencePool.SameContext) with
        {
            Confidence = Normal.CDF(0, 1, sigmas / Math.Sqrt(2)),
        };
        AccuracyBreakdown measured = AccuracyBreakdown.Measure(new PreferenceDataset([a, b], [pair]), [1, 0], Random);
        GroupAccuracy only = Assert.Single(measured.ByMargin);
        Assert.Equal((bucket, 1, 1.0), (only.Group, only.Pairs, only.Accuracy));
    }

    [Fact]
    public void Measure_Groups_CountThePairsTheyShould()
    {
        SettledCandidate buy = SettledData.Candidate("A", 0, action: TradeAction.Buy);
        SettledCandidate sell = SettledData.Candidate("B", 0, action: TradeAction.Sell);
        SettledCandidate hold = SettledData.Candidate("B", 90, action: TradeAction.Hold);
        SettledCandidate other = SettledData.Candidate("B", 90, action: TradeAction.Buy, index: 1);
        var data = new PreferenceDataset(
            [buy, sell, hold, other],
            [
                SettledData.Pair(buy, sell, PreferencePool.SameDate),
                SettledData.Pair(hold, other, PreferencePool.SameContext),
                SettledData.Pair(sell, hold, PreferencePool.SameSymbol),
            ]
        );
        AccuracyBreakdown measured = AccuracyBreakdown.Measure(data, [3, 2, 0, 1], Random);
        Assert.Equal([("A", 1, 1.0), ("B", 3, 2.0 / 3)], measured.BySymbol.Select(Figures));
        Assert.Equal([("buy", 1, 1.0), ("sell", 1, 1), ("hold", 1, 0)], measured.ByAction.Select(Figures));

        // The pair across dates belongs to the later quarter.
        Assert.Equal([("2024-Q1", 1, 1.0), ("2024-Q2", 2, 0.5)], measured.ByPeriod.Select(Figures));
    }

    [Theory]
    [InlineData(12, 12, "2024-Q1")]
    [InlineData(13, 4, "2024")]
    public void Measure_ManyQuarters_BecomeYears(int quarters, int groups, string first)
    {
        const int SessionsPerQuarter = 65;
        PreferencePair[] pairs = new PreferencePair[quarters];
        var candidates = new List<SettledCandidate>();
        for (int i = 0; i < quarters; i++)
        {
            SettledCandidate a = SettledData.Candidate("A", (i * SessionsPerQuarter) + 10, index: 0);
            SettledCandidate b = SettledData.Candidate("A", (i * SessionsPerQuarter) + 10, index: 1);
            candidates.AddRange([a, b]);
            pairs[i] = SettledData.Pair(a, b, PreferencePool.SameContext);
        }

        AccuracyBreakdown measured = AccuracyBreakdown.Measure(
            new PreferenceDataset(candidates, pairs),
            [.. candidates.Select(_ => 0.0)],
            Random
        );
        Assert.Equal((groups, first), (measured.ByPeriod.Count, measured.ByPeriod[0].Group));
        Assert.Equal(quarters, measured.ByPeriod.Sum(p => p.Pairs));
    }

    [Fact]
    public void ByQuantile_EqualValues_AreNeverTornApart()
    {
        double[] xs = [1, 1, 1, 1, 1, 1, 1, 2, 3, 4];
        DateOnly[] dates = [.. xs.Select((_, i) => SettledData.Session(i))];
        IReadOnlyList<BinnedMean> bins = BinnedMean.ByQuantile(xs, xs, dates, 5, Random);
        Assert.Equal([7, 1, 2], bins.Select(b => b.Count));
        Assert.Equal([1, 2, 3.5], bins.Select(b => b.MeanX));
    }

    [Fact]
    public void ByQuantile_AnyData_KeepsCountsAndMeans()
    {
        var random = new DeterministicRandom(2);
        double[] xs = [.. Enumerable.Range(0, 237).Select(_ => random.NextGaussian())];
        double[] ys = [.. xs.Select(x => (2 * x) + random.NextGaussian())];
        DateOnly[] dates = [.. xs.Select((_, i) => SettledData.Session(i % 40))];
        IReadOnlyList<BinnedMean> bins = BinnedMean.ByQuantile(xs, ys, dates, 10, random);
        Assert.Equal(10, bins.Count);
        Assert.Equal(xs.Length, bins.Sum(b => b.Count));
        Assert.Equal(ys.Average(), bins.Sum(b => b.Count * b.MeanY) / xs.Length, 1e-12);
        Assert.Equal(bins.Select(b => b.MeanX).Order(), bins.Select(b => b.MeanX));
        Assert.All(bins, b => Assert.True(b.Interval!.Contains(b.MeanY)));
        Assert.Empty(BinnedMean.ByQuantile([], [], [], 10, random));
    }

    private static (string, int, double) Figures(GroupAccuracy group) => (group.Group, group.Pairs, group.Accuracy);
}
