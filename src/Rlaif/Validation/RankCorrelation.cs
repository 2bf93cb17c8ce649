namespace Rlaif.Validation;

/// <summary>
/// How far two lists of numbers are in the same order: Spearman's rho (1904) and Kendall's tau-b (1945), both corrected for ties, each with its
/// interval by decision date.
/// </summary>
public sealed record RankCorrelation
{
    /// <summary>Number of items.</summary>
    public required int Items { get; init; }

    /// <summary>Correlation of the ranks, ties sharing their mean rank; in [-1, 1]. Null when all values of a list are equal.</summary>
    public required double? Spearman { get; init; }

    /// <summary>Interval of <see cref="Spearman"/>; null with fewer than two independent blocks of dates, or where it is not defined.</summary>
    public required BootstrapInterval? SpearmanInterval { get; init; }

    /// <summary>
    /// Concordant minus discordant pairs of items over sqrt(pairs not tied in the one list * pairs not tied in the other); in [-1, 1]. Null when all
    /// values of a list are equal.
    /// </summary>
    public required double? Kendall { get; init; }

    /// <summary>Interval of <see cref="Kendall"/>; null with fewer than two independent blocks of dates, or where it is not defined.</summary>
    public required BootstrapInterval? KendallInterval { get; init; }

    /// <summary>Measures the agreement of two lists.</summary>
    /// <param name="first">One finite number per item.</param>
    /// <param name="second">Another finite number per item.</param>
    /// <param name="dates">The decision date of each item.</param>
    /// <param name="random">Seeds the intervals.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a value is not finite.</exception>
    public static RankCorrelation Measure(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        IReadOnlyList<DateOnly> dates,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        if (first.Count != second.Count || first.Count != dates.Count)
        {
            throw new ArgumentException("There must be as many values in both lists as dates.", nameof(second));
        }

        if (!first.All(double.IsFinite) || !second.All(double.IsFinite))
        {
            throw new ArgumentException("Every value must be finite.", nameof(first));
        }

        var ranks = new WeightedRanks(first, second);
        int[] once = [.. first.Select(_ => 1)];
        return new RankCorrelation
        {
            Items = first.Count,
            Spearman = ranks.Spearman(once),
            SpearmanInterval = ClusterBootstrap.OfStatistic(dates, ranks.Spearman, random.Fork("spearman"), options),
            Kendall = ranks.Kendall(once),
            KendallInterval = ClusterBootstrap.OfStatistic(dates, ranks.Kendall, random.Fork("kendall"), options),
        };
    }
}
