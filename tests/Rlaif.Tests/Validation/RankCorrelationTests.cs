using Rlaif.Core;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class RankCorrelationTests
{
    private static RankCorrelation Measure(double[] x, double[] y) =>
        RankCorrelation.Measure(x, y, [.. x.Select((_, i) => SettledData.Session(i))], new DeterministicRandom(1));

    // Values of scipy.stats.kendalltau and spearmanr from their documentation, and two small ones by hand.
    [Theory]
    [InlineData(new[] { 12.0, 2, 1, 12, 2 }, new[] { 1.0, 4, 7, 1, 0 }, null, -0.47140452079103173)]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, new[] { 5.0, 6, 7, 8, 7 }, 0.8207826816681233, null)]
    // Ranks 1, 2.5, 2.5 and 1, 2, 3: covariance 1.5 over sqrt(1.5 * 2); pairs +1, +1, tied over sqrt(2 * 3).
    [InlineData(new[] { 1.0, 2, 2 }, new[] { 1.0, 2, 3 }, 0.8660254037844386, 0.8164965809277261)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 9.0, 7, 5, 1 }, -1.0, -1.0)]
    public void Measure_ReferenceLists_GivesTheReferenceValues(double[] x, double[] y, double? spearman, double? kendall)
    {
        RankCorrelation measured = Measure(x, y);
        Assert.Equal(spearman ?? measured.Spearman!.Value, measured.Spearman!.Value, 1e-14);
        Assert.Equal(kendall ?? measured.Kendall!.Value, measured.Kendall!.Value, 1e-14);
    }

    [Fact]
    public void Weighted_AnyCounts_EqualTheDefinitionsOnTheListWrittenOut()
    {
        var random = new DeterministicRandom(5);
        for (int trial = 0; trial < 60; trial++)
        {
            int n = 3 + random.NextInt(12);
            double[] x = [.. Enumerable.Range(0, n).Select(_ => (double)random.NextInt(5))];
            double[] y = [.. Enumerable.Range(0, n).Select(_ => (double)random.NextInt(5))];
            int[] times = [.. Enumerable.Range(0, n).Select(_ => random.NextInt(4))];
            double[] longX = [.. x.SelectMany((v, i) => Enumerable.Repeat(v, times[i]))];
            double[] longY = [.. y.SelectMany((v, i) => Enumerable.Repeat(v, times[i]))];
            var ranks = new WeightedRanks(x, y);
            Same(KendallByDefinition(longX, longY), ranks.Kendall(times));
            Same(Pearson(MeanRanks(longX), MeanRanks(longY)), ranks.Spearman(times));
        }

        static void Same(double? expected, double? actual)
        {
            Assert.Equal(expected is null, actual is null);
            Assert.Equal(expected ?? 0, actual ?? 0, 1e-12);
        }
    }

    [Fact]
    public void Measure_MonotoneTransform_ChangesNothing()
    {
        var random = new DeterministicRandom(6);
        double[] x = [.. Enumerable.Range(0, 60).Select(_ => random.NextGaussian())];
        double[] y = [.. x.Select(v => v + random.NextGaussian())];
        Assert.Equal(Measure(x, y), Measure([.. x.Select(Math.Exp)], [.. y.Select(v => (v * v * v) - 7)]));
        RankCorrelation turned = Measure([.. x.Select(v => -v)], y);
        Assert.Equal(-Measure(x, y).Kendall!.Value, turned.Kendall!.Value, 1e-12);
        Assert.Equal(-Measure(x, y).Spearman!.Value, turned.Spearman!.Value, 1e-12);
    }

    [Fact]
    public void Measure_UnrelatedLists_IntervalsContainZeroAtTheNominalRate()
    {
        const int Repetitions = 100;
        int contains = 0;
        for (int r = 0; r < Repetitions; r++)
        {
            DeterministicRandom random = new DeterministicRandom(9).Fork($"{r}");
            double[] x = [.. Enumerable.Range(0, 60).Select(_ => random.NextGaussian())];
            double[] y = [.. x.Select(_ => random.NextGaussian())];
            RankCorrelation measured = Measure(x, y);
            contains += measured.SpearmanInterval!.Contains(0) ? 1 : 0;
            contains += measured.KendallInterval!.Contains(0) ? 1 : 0;
        }

        // 190 of 200, twice correlated: a standard deviation of about 4.4.
        Assert.InRange(contains, 176, 200);
    }

    [Fact]
    public void Measure_ConstantList_IsUndefinedAndNotZero()
    {
        RankCorrelation measured = Measure([1, 1, 1, 1], [1, 2, 3, 4]);
        Assert.Null(measured.Spearman);
        Assert.Null(measured.Kendall);
        Assert.Null(measured.SpearmanInterval);
        Assert.Null(measured.KendallInterval);
    }

    [Fact]
    public void Measure_BadLists_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Measure([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => Measure([1, double.NaN], [1, 2]));
    }

    private static double? KendallByDefinition(double[] x, double[] y)
    {
        double concordance = 0;
        double inX = 0;
        double inY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                concordance += Math.Sign(x[i] - x[j]) * Math.Sign(y[i] - y[j]);
                inX += Math.Abs(Math.Sign(x[i] - x[j]));
                inY += Math.Abs(Math.Sign(y[i] - y[j]));
            }
        }

        return inX > 0 && inY > 0 ? concordance / Math.Sqrt(inX * inY) : null;
    }

    private static double[] MeanRanks(double[] values) =>
        [.. values.Select(v => values.Count(o => o < v) + ((values.Count(o => o == v) + 1) / 2.0))];

    private static double? Pearson(double[] x, double[] y)
    {
        if (x.Length == 0)
        {
            return null;
        }

        (double mx, double my) = (x.Average(), y.Average());
        double xx = x.Sum(v => (v - mx) * (v - mx));
        double yy = y.Sum(v => (v - my) * (v - my));
        return xx > 0 && yy > 0 ? x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / Math.Sqrt(xx * yy) : null;
    }
}
