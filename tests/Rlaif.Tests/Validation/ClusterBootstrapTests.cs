using CsCheck;
using Rlaif.Core;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class ClusterBootstrapTests
{
    private static DateOnly Day(int index) => SettledData.Start.AddDays(index);

    /// <summary>Items with a shock that all items of a date share, and the date of each.</summary>
    private static (double[] Values, DateOnly[] Dates) Clustered(int clusters, DeterministicRandom random, double mean = 0)
    {
        var values = new List<double>();
        var dates = new List<DateOnly>();
        for (int c = 0; c < clusters; c++)
        {
            double shock = random.NextGaussian();
            int items = 2 + random.NextInt(4);
            for (int i = 0; i < items; i++)
            {
                values.Add(mean + shock + random.NextGaussian());
                dates.Add(Day(c));
            }
        }

        return ([.. values], [.. dates]);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(40)]
    public void OfMean_ClusteredItems_CoversTheTrueMeanAtTheNominalRate(int clusters)
    {
        const int Repetitions = 400;
        var root = new DeterministicRandom(11);
        int covered = Enumerable
            .Range(0, Repetitions)
            .Count(r =>
            {
                (double[] values, DateOnly[] dates) = Clustered(clusters, root.Fork($"data{r}"), mean: 0.3);
                return ClusterBootstrap.OfMean(values, dates, root.Fork($"boot{r}"))!.Contains(0.3);
            });
        // 95% of 400 is 380, with a standard deviation of 4.4: three of them to either side.
        Assert.InRange(covered, 366, 394);
    }

    [Fact]
    public void OfMean_OverlappingWindows_NeedsBlocksToCover()
    {
        // Each date's value is a sum over the five days that follow it: neighbors share four of them.
        const int Repetitions = 150;
        const int Hold = 5;
        const int Dates = 120;
        var options = new BootstrapOptions { Replicates = 1000 };
        var root = new DeterministicRandom(12);
        int alone = 0;
        int blocks = 0;
        for (int r = 0; r < Repetitions; r++)
        {
            DeterministicRandom random = root.Fork($"data{r}");
            double[] daily = [.. Enumerable.Range(0, Dates + Hold).Select(_ => random.NextGaussian())];
            double[] values = [.. Enumerable.Range(0, Dates).Select(i => daily.AsSpan(i, Hold).ToArray().Sum())];
            DateOnly[] dates = [.. Enumerable.Range(0, Dates).Select(Day)];
            alone += ClusterBootstrap.OfMean(values, dates, root.Fork($"boot{r}"), options)!.Contains(0) ? 1 : 0;
            blocks += ClusterBootstrap
                .OfMean(values, dates, root.Fork($"boot{r}"), options with { BlockLength = 2 * Hold })!
                .Contains(0)
                ? 1
                : 0;
        }

        Assert.InRange(alone, 0, 0.75 * Repetitions);
        Assert.InRange(blocks, 0.87 * Repetitions, 0.98 * Repetitions);
    }

    [Fact]
    public void OfMean_OneItemPerCluster_MatchesTheStudentInterval()
    {
        var random = new DeterministicRandom(5);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => random.NextGaussian())];
        BootstrapInterval interval = ClusterBootstrap.OfMean(
            values,
            [.. Enumerable.Range(0, 400).Select(Day)],
            random,
            new BootstrapOptions { Replicates = 20_000 }
        )!;
        double error = ReturnStatistics.StandardDeviation(values)!.Value / Math.Sqrt(400);
        Assert.Equal(error, interval.StandardError, 0.02 * error);
        Assert.Equal(interval.Estimate - (1.966 * error), interval.Lower, 0.1 * error);
        Assert.Equal(interval.Estimate + (1.966 * error), interval.Upper, 0.1 * error);
        Assert.Equal(400, interval.Items);
    }

    [Fact]
    public void OfMean_AnyItems_PValueAgreesWithTheInterval() =>
        Gen.Select(Gen.Int[2, 60], Gen.Int[0, 100_000], Gen.Double[-1.5, 1.5])
            .Sample(
                (clusters, seed, mean) =>
                {
                    (double[] values, DateOnly[] dates) = Clustered(clusters, new DeterministicRandom(seed), mean);
                    BootstrapInterval interval = ClusterBootstrap.OfMean(values, dates, new DeterministicRandom(seed))!;
                    Assert.Equal(!interval.Contains(0), interval.PValue < 0.05);
                    Assert.InRange(interval.PValue, 0, 1);
                    Assert.InRange(interval.Estimate, interval.Lower, interval.Upper);
                },
                iter: 60
            );

    [Fact]
    public void OfMean_ItemsInAnyOrder_SameInterval()
    {
        (double[] values, DateOnly[] dates) = Clustered(20, new DeterministicRandom(7));
        int[] order = [.. Enumerable.Range(0, values.Length)];
        new DeterministicRandom(8).Shuffle<int>(order);
        var random = new DeterministicRandom(9);
        BootstrapInterval a = ClusterBootstrap.OfMean(values, dates, random)!;
        random.NextBits();
        BootstrapInterval b = ClusterBootstrap.OfMean(
            [.. order.Select(i => values[i])],
            [.. order.Select(i => dates[i])],
            random
        )!;
        Assert.Equal(a.Lower, b.Lower, 1e-12);
        Assert.Equal(a.Upper, b.Upper, 1e-12);
        Assert.Equal(a, ClusterBootstrap.OfMean(values, dates, random));
    }

    [Fact]
    public void OfMean_AllZero_HasNoEvidence()
    {
        BootstrapInterval interval = ClusterBootstrap.OfMean(
            new double[30],
            [.. Enumerable.Range(0, 30).Select(Day)],
            new DeterministicRandom(1)
        )!;
        Assert.Equal((0, 0, 0, 1), (interval.Estimate, interval.Lower, interval.Upper, interval.PValue));
    }

    [Fact]
    public void OfMean_FewerThanTwoBlocks_IsNull()
    {
        var random = new DeterministicRandom(1);
        Assert.Null(ClusterBootstrap.OfMean([1, 2, 3], [Day(0), Day(0), Day(0)], random));
        Assert.Null(ClusterBootstrap.OfMean([], [], random));
        Assert.Null(
            ClusterBootstrap.OfMean([1, 2, 3], [Day(0), Day(1), Day(2)], random, new BootstrapOptions { BlockLength = 2 })
        );
    }

    [Fact]
    public void OfMean_TwoClusters_IsAsWideAsTwoPointsDeserve()
    {
        BootstrapInterval interval = ClusterBootstrap.OfMean([1, 1.1], [Day(0), Day(1)], new DeterministicRandom(1))!;
        // Student's quantile with one degree of freedom is 12.7: the interval of 1 and 1.1 contains 0.5.
        Assert.InRange(interval.Lower, 0.3, 0.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void OfStatistic_Mean_IsTheIntervalOfTheMean(int block)
    {
        var random = new DeterministicRandom(11);
        double[] values = [.. Enumerable.Range(0, 150).Select(_ => random.NextGaussian())];
        DateOnly[] dates = [.. values.Select((_, i) => Day(i % 37))];
        var options = new BootstrapOptions { BlockLength = block };
        BootstrapInterval mean = ClusterBootstrap.OfMean(values, dates, random, options)!;
        BootstrapInterval statistic = ClusterBootstrap.OfStatistic(
            dates,
            times => values.Zip(times, (v, t) => v * t).Sum() / times.Sum(),
            random,
            options
        )!;
        Assert.Equal(mean.Lower, statistic.Lower, 1e-12);
        Assert.Equal(mean.Upper, statistic.Upper, 1e-12);
        Assert.Equal((mean.Items, mean.Clusters), (statistic.Items, statistic.Clusters));
    }

    [Fact]
    public void OfStatistic_Undefined_HasNoInterval()
    {
        DateOnly[] dates = [Day(0), Day(1), Day(2)];
        var random = new DeterministicRandom(1);
        Assert.Null(ClusterBootstrap.OfStatistic(dates, _ => null, random));
        Assert.Null(ClusterBootstrap.OfStatistic(dates, times => times.Contains(0) ? null : 1, random));
        Assert.Null(ClusterBootstrap.OfStatistic([Day(0), Day(0)], _ => 1, random));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    public void OfShare_Unanimous_ClaimsNoCertainty(double value)
    {
        double[] values = [.. Enumerable.Repeat(value, 6)];
        BootstrapInterval interval = ClusterBootstrap.OfShare(
            values,
            [.. values.Select((_, i) => Day(i / 2))],
            new DeterministicRandom(1)
        )!;

        // Clopper and Pearson for 3 of 3 at 95%: 1 - 0.025^(1/3) = 0.708 is the reach.
        double reach = 1 - Math.Pow(0.025, 1.0 / 3);
        (double lower, double upper) = value == 1 ? (1 - reach, 1.0) : (0.0, reach);
        Assert.Equal(lower, interval.Lower, 1e-12);
        Assert.Equal(upper, interval.Upper, 1e-12);
    }

    [Fact]
    public void OfShare_FewDates_StaysWithinZeroAndOne()
    {
        BootstrapInterval mean = ClusterBootstrap.OfMean([1, 1, 0.5], [Day(0), Day(1), Day(2)], new DeterministicRandom(1))!;
        BootstrapInterval share = ClusterBootstrap.OfShare([1, 1, 0.5], [Day(0), Day(1), Day(2)], new DeterministicRandom(1))!;
        Assert.True(mean.Upper > 1);
        Assert.Equal((mean.Lower, 1), (share.Lower, share.Upper));
    }

    [Fact]
    public void OfMean_BadOptions_ListsAllOfThem()
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            ClusterBootstrap.OfMean([1], [Day(0)], new DeterministicRandom(1), new BootstrapOptions { Replicates = 1, Level = 2 })
        );
        Assert.Contains("Replicates", error.Message, StringComparison.Ordinal);
        Assert.Contains("Level", error.Message, StringComparison.Ordinal);
    }
}
