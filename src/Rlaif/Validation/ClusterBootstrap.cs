using MathNet.Numerics.Distributions;

namespace Rlaif.Validation;

/// <summary>
/// The interval of a mean over items that come in clusters. Everything decided on one date shares the market's move, so dates,
/// not decisions, are what is resampled: whole clusters, with replacement, or circular blocks of consecutive clusters where
/// holding windows overlap. Intervals are expanded percentiles (Hesterberg 2015, section 5.3): the nominal tail is moved from
/// alpha/2 to Phi(-sqrt(m/(m-1)) t), t being the Student quantile with m - 1 degrees of freedom and m the number of
/// independent blocks, because plain percentiles are too narrow by that factor. Below <see cref="FewBlocks"/> blocks too few
/// distinct resamples exist for percentiles, and the same widening is applied to the standard error instead.
/// </summary>
public static class ClusterBootstrap
{
    /// <summary>Number of independent blocks below which the interval comes from the standard error.</summary>
    public const int FewBlocks = 10;

    /// <summary>The interval of the mean of <paramref name="values"/>; null when there are fewer than two independent blocks.</summary>
    /// <param name="values">One number per item.</param>
    /// <param name="clusters">The decision date of each item; the dates' order is the order of the blocks.</param>
    /// <param name="random">Its seed alone determines the resamples, whatever was drawn from it before.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static BootstrapInterval? OfMean(
        IReadOnlyList<double> values,
        IReadOnlyList<DateOnly> clusters,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        options = (options ?? new BootstrapOptions()).Validated();
        if (values.Count != clusters.Count)
        {
            throw new ArgumentException("There must be one cluster per value.", nameof(clusters));
        }

        (double[] sums, int[] counts) = Totals(values, clusters);
        double blocks = (double)sums.Length / options.BlockLength;
        if (blocks < 2)
        {
            return null;
        }

        double[] means = Resample(sums, counts, random.Fork("cluster_bootstrap"), options);
        return Around(sums.Sum() / values.Count, means, blocks, options) with { Items = values.Count, Clusters = sums.Length };
    }

    /// <summary>
    /// The interval of a share: that of the mean, kept within [0, 1]. When all values are 1, or all 0, resamples are all equal and would claim certainty
    /// after three dates; then it is Clopper and Pearson's (1934) for m of m, m being the number of independent blocks.
    /// </summary>
    /// <param name="values">One number in [0, 1] per item.</param>
    /// <param name="clusters">The decision date of each item; the dates' order is the order of the blocks.</param>
    /// <param name="random">Its seed alone determines the resamples, whatever was drawn from it before.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static BootstrapInterval? OfShare(
        IReadOnlyList<double> values,
        IReadOnlyList<DateOnly> clusters,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        if (OfMean(values, clusters, random, options) is not { } interval)
        {
            return null;
        }

        if (interval.Estimate is not (0 or 1))
        {
            return interval with { Lower = Math.Max(interval.Lower, 0), Upper = Math.Min(interval.Upper, 1) };
        }

        double blocks = (double)interval.Clusters / (options ?? new BootstrapOptions()).BlockLength;
        double reach = 1 - Math.Pow((1 - interval.Level) / 2, 1 / blocks);
        return interval.Estimate == 1 ? interval with { Lower = 1 - reach } : interval with { Upper = reach };
    }

    /// <summary>
    /// The interval of any statistic of items that come in clusters; null when there are fewer than two independent blocks, or when the
    /// statistic is not defined on all items or on a resample.
    /// </summary>
    /// <param name="clusters">The decision date of each item; the dates' order is the order of the blocks.</param>
    /// <param name="statistic">Given how often each item was drawn (once each for the estimate); null where it is not defined.</param>
    /// <param name="random">Its seed alone determines the resamples, whatever was drawn from it before.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static BootstrapInterval? OfStatistic(
        IReadOnlyList<DateOnly> clusters,
        Func<int[], double?> statistic,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        options = (options ?? new BootstrapOptions()).Validated();
        DateOnly[] dates = [.. clusters.Distinct().Order()];
        double blocks = (double)dates.Length / options.BlockLength;
        int[] drawn = [.. clusters.Select(_ => 1)];
        if (blocks < 2 || statistic(drawn) is not { } estimate)
        {
            return null;
        }

        Dictionary<DateOnly, int> position = dates.Index().ToDictionary(d => d.Item, d => d.Index);
        int[] clusterOf = [.. clusters.Select(c => position[c])];
        int[] times = new int[dates.Length];
        double[] replicates = new double[options.Replicates];
        DeterministicRandom draws = random.Fork("cluster_bootstrap");
        for (int replicate = 0; replicate < replicates.Length; replicate++)
        {
            Draw(times, draws, options.BlockLength);
            for (int i = 0; i < drawn.Length; i++)
            {
                drawn[i] = times[clusterOf[i]];
            }

            if (statistic(drawn) is not { } value)
            {
                return null;
            }

            replicates[replicate] = value;
        }

        return Around(estimate, replicates, blocks, options) with
        {
            Items = drawn.Length,
            Clusters = dates.Length,
        };
    }

    private static BootstrapInterval Around(double estimate, double[] means, double blocks, BootstrapOptions options)
    {
        Array.Sort(means);
        double inflation = Math.Sqrt(blocks / (blocks - 1));
        double error = inflation * ReturnStatistics.StandardDeviation(means)!.Value;
        double t = StudentT.InvCDF(0, 1, blocks - 1, 0.5 + (options.Level / 2));
        (double lower, double upper, double p) =
            blocks < FewBlocks
                ? (estimate - (t * error), estimate + (t * error), StudentPValue(estimate / error, blocks))
                : Percentiles(means, inflation, t, blocks);
        return new BootstrapInterval(estimate, lower, upper, options.Level, error, p, 0, 0);
    }

    private static (double[] Sums, int[] Counts) Totals(IReadOnlyList<double> values, IReadOnlyList<DateOnly> clusters)
    {
        var totals = new SortedDictionary<DateOnly, (double Sum, int Count)>();
        for (int i = 0; i < values.Count; i++)
        {
            (double sum, int count) = totals.GetValueOrDefault(clusters[i]);
            totals[clusters[i]] = (sum + values[i], count + 1);
        }

        return ([.. totals.Values.Select(t => t.Sum)], [.. totals.Values.Select(t => t.Count)]);
    }

    /// <summary>Counts how often each cluster is in one resample.</summary>
    private static void Draw(int[] times, DeterministicRandom random, int blockLength)
    {
        Array.Clear(times);
        int cluster = 0;
        for (int drawn = 0; drawn < times.Length; drawn++)
        {
            cluster = drawn % blockLength == 0 ? random.NextInt(times.Length) : (cluster + 1) % times.Length;
            times[cluster]++;
        }
    }

    private static double[] Resample(double[] sums, int[] counts, DeterministicRandom random, BootstrapOptions options)
    {
        int clusters = sums.Length;
        double[] means = new double[options.Replicates];
        for (int replicate = 0; replicate < means.Length; replicate++)
        {
            double sum = 0;
            long items = 0;
            int cluster = 0;
            for (int drawn = 0; drawn < clusters; drawn++)
            {
                cluster = drawn % options.BlockLength == 0 ? random.NextInt(clusters) : (cluster + 1) % clusters;
                sum += sums[cluster];
                items += counts[cluster];
            }

            means[replicate] = sum / items;
        }

        return means;
    }

    private static (double Lower, double Upper, double P) Percentiles(double[] sorted, double inflation, double t, double blocks)
    {
        double tail = Normal.CDF(0, 1, -inflation * t);
        double below = PositionOfZero(sorted) / (sorted.Length + 1);
        // The tail that zero cuts off, taken back through the same expansion, is the p-value that belongs to the interval.
        double z = Normal.InvCDF(0, 1, Math.Min(below, PositionOfZero(Negated(sorted)) / (sorted.Length + 1)));
        return (Quantile(sorted, tail), Quantile(sorted, 1 - tail), StudentPValue(z / inflation, blocks, oneTail: z));
    }

    private static double StudentPValue(double statistic, double blocks, double oneTail = -1)
    {
        // Zero beyond the middle of the resamples on both sides (all of them are zero) is no evidence at all.
        return double.IsNaN(statistic) || oneTail >= 0 ? 1 : 2 * StudentT.CDF(0, 1, blocks - 1, -Math.Abs(statistic));
    }

    private static double[] Negated(double[] sorted)
    {
        double[] negated = new double[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            negated[i] = -sorted[sorted.Length - 1 - i];
        }

        return negated;
    }

    // Value at position (B + 1) * probability of the sorted resamples, interpolated, the ends held.
    private static double Quantile(double[] sorted, double probability)
    {
        double position = Math.Clamp(((sorted.Length + 1) * probability) - 1, 0, sorted.Length - 1);
        int below = (int)position;
        double fraction = position - below;
        return fraction > 0 ? sorted[below] + (fraction * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    // The inverse of Quantile at zero, so that the p-value is below 1 - level exactly when the interval leaves zero out.
    private static double PositionOfZero(double[] sorted)
    {
        int notAbove = sorted.Count(v => v <= 0);
        if (notAbove == 0)
        {
            return 1;
        }

        if (notAbove == sorted.Length)
        {
            return sorted.Length;
        }

        double last = sorted[notAbove - 1];
        return notAbove + (-last / (sorted[notAbove] - last));
    }
}
