using MathNet.Numerics.Distributions;
using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>Where a model is right and where it is not: its accuracy on the same pairs by margin, symbol, action and time.</summary>
public sealed record AccuracyBreakdown
{
    private const int MostQuarters = 12;
    private static readonly (string Name, double Below)[] Buckets =
    [
        ("0-0.25", 0.25),
        ("0.25-0.5", 0.5),
        ("0.5-1", 1),
        ("1-2", 2),
        ("2+", double.PositiveInfinity),
    ];

    /// <summary>
    /// By outcome margin in standard deviations of its noise (recovered from the pair's confidence, so for every metric alike), ascending. Wide
    /// margins are easy: only all pairs together say how good a model is.
    /// </summary>
    public required IReadOnlyList<GroupAccuracy> ByMargin { get; init; }

    /// <summary>By symbol, in ordinal order; a pair across symbols counts for both.</summary>
    public required IReadOnlyList<GroupAccuracy> BySymbol { get; init; }

    /// <summary>By action of the chosen side.</summary>
    public required IReadOnlyList<GroupAccuracy> ByAction { get; init; }

    /// <summary>By quarter of the (later) decision; by year when there are more than twelve quarters.</summary>
    public required IReadOnlyList<GroupAccuracy> ByPeriod { get; init; }

    /// <summary>Breaks the accuracy of rewards down.</summary>
    /// <param name="data">The candidates and all their pairs, unfiltered by margin.</param>
    /// <param name="rewards">One score per candidate of the data set, in that order.</param>
    /// <param name="random">Seeds the intervals.</param>
    /// <param name="options">Null for <see cref="BootstrapOptions.ForPairs"/>.</param>
    /// <exception cref="NotEnoughDataException">There are no pairs.</exception>
    public static AccuracyBreakdown Measure(
        PreferenceDataset data,
        IReadOnlyList<double> rewards,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        var pairs = PairHits.Of(data, rewards);
        options ??= BootstrapOptions.ForPairs(data);
        int[] all = [.. Enumerable.Range(0, data.Pairs.Count)];
        bool byYear = all.Select(i => Quarter(pairs.Dates[i])).Distinct(StringComparer.Ordinal).Count() > MostQuarters;
        return new AccuracyBreakdown
        {
            ByMargin = [.. all.GroupBy(i => Bucket(data.Pairs[i])).OrderBy(g => g.Key).Select(g => Of(Buckets[g.Key].Name, g))],
            BySymbol =
            [
                .. all.SelectMany(i => Symbols(data, i).Select(s => (Symbol: s, Pair: i)))
                    .GroupBy(x => x.Symbol, x => x.Pair, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => Of(g.Key, g)),
            ],
            ByAction =
            [
                .. all.GroupBy(i => data.Candidates[data.IndexOf(data.Pairs[i].ChosenId)].Candidate.Action)
                    .OrderBy(g => g.Key)
                    .Select(g => Of(g.Key.ToString().ToLowerInvariant(), g)),
            ],
            ByPeriod =
            [
                .. all.GroupBy(i => byYear ? $"{pairs.Dates[i].Year:D4}" : Quarter(pairs.Dates[i]), StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => Of(g.Key, g)),
            ],
        };

        GroupAccuracy Of(string group, IEnumerable<int> members) => pairs.Of(group, members, random, options);
    }

    /// <summary>The outcome margin in standard deviations of one side's noise: the inverse of confidence = Phi(margin / sqrt 2).</summary>
    internal static double MarginInSigmas(double confidence) => Math.Sqrt(2) * Normal.InvCDF(0, 1, confidence);

    // A confidence of 1 is an infinite margin and belongs to the last bucket.
    private static int Bucket(PreferencePair pair)
    {
        double margin = MarginInSigmas(pair.Confidence);
        int bucket = Array.FindIndex(Buckets, b => margin < b.Below);
        return bucket < 0 ? Buckets.Length - 1 : bucket;
    }

    private static IEnumerable<string> Symbols(PreferenceDataset data, int pair) =>
        new[] { data.Pairs[pair].ChosenId, data.Pairs[pair].RejectedId }
            .Select(id => data.Candidates[data.IndexOf(id)].Context.Symbol)
            .Distinct(StringComparer.Ordinal);

    private static string Quarter(DateOnly date)
    {
        const int MonthsPerQuarter = 3;
        return $"{date.Year:D4}-Q{((date.Month - 1) / MonthsPerQuarter) + 1}";
    }
}
