namespace Rlaif.Validation;

/// <summary>The mean of one quantity where another lies in a range.</summary>
/// <param name="MeanX">Mean of the quantity that is binned by.</param>
/// <param name="MeanY">Mean of the other.</param>
/// <param name="Count">Number of items.</param>
/// <param name="Interval">Interval of <paramref name="MeanY"/> by decision date; null with fewer than two independent blocks of dates.</param>
public sealed record BinnedMean(double MeanX, double MeanY, int Count, BootstrapInterval? Interval)
{
    /// <summary>Bins of about equally many items, ascending; equal values of <paramref name="xs"/> are never torn apart.</summary>
    /// <param name="xs">The quantity to bin by.</param>
    /// <param name="ys">The quantity to average.</param>
    /// <param name="dates">The decision date of each item.</param>
    /// <param name="bins">Most bins.</param>
    /// <param name="random">Seeds the intervals.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static IReadOnlyList<BinnedMean> ByQuantile(
        IReadOnlyList<double> xs,
        IReadOnlyList<double> ys,
        IReadOnlyList<DateOnly> dates,
        int bins,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (xs.Count != ys.Count || xs.Count != dates.Count)
        {
            throw new ArgumentException("There must be as many values in both lists as dates.", nameof(ys));
        }

        int[] order = [.. Enumerable.Range(0, xs.Count).OrderBy(i => xs[i])];
        var means = new List<BinnedMean>();
        int start = 0;
        for (int bin = 1; bin <= bins; bin++)
        {
            int end = (int)((long)order.Length * bin / bins);
            while (end > 0 && end < order.Length && xs[order[end]] == xs[order[end - 1]])
            {
                end++;
            }

            if (end > start)
            {
                int[] own = order[start..end];
                double[] values = [.. own.Select(i => ys[i])];
                BootstrapInterval? interval = ClusterBootstrap.OfMean(
                    values,
                    [.. own.Select(i => dates[i])],
                    random.Fork($"bin/{bin}"),
                    options
                );
                means.Add(new BinnedMean(own.Average(i => xs[i]), values.Average(), own.Length, interval));
                start = end;
            }
        }

        return means;
    }
}
