using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>Two reward models on the same pairs, none of which either was fitted to.</summary>
public sealed record ModelComparison
{
    /// <summary>Number of pairs.</summary>
    public required int Pairs { get; init; }

    /// <summary>Number of decision dates that the pairs come from.</summary>
    public required int Dates { get; init; }

    /// <summary>First decision date.</summary>
    public required DateOnly FirstDate { get; init; }

    /// <summary>Last decision date.</summary>
    public required DateOnly LastDate { get; init; }

    /// <summary>How well the first model orders the pairs.</summary>
    public required PairwiseAccuracy First { get; init; }

    /// <summary>How well the second model orders them.</summary>
    public required PairwiseAccuracy Second { get; init; }

    /// <summary>Accuracy of the second model minus that of the first, in [-1, 1].</summary>
    public required double Difference { get; init; }

    /// <summary>Interval of the difference, paired and by decision date; null with fewer than two independent blocks of dates.</summary>
    public required BootstrapInterval? Interval { get; init; }

    /// <summary>Two-sided p-value of no difference, paired and by decision date; null without an interval.</summary>
    public double? PValue => Interval?.PValue;

    /// <summary>Share of pairs that both models order alike, in [0, 1].</summary>
    public required double Agreement { get; init; }

    /// <summary>What the evidence allows to say of the second model.</summary>
    public Verdict Verdict => VerdictText.Of(Interval);

    /// <summary>Compares the scores that two models give to the same candidates.</summary>
    /// <param name="data">The candidates and all their pairs.</param>
    /// <param name="first">The first model's log-odds (rewards divided by its temperature), one per candidate of <see cref="PreferenceDataset.Candidates"/>.</param>
    /// <param name="second">The second model's.</param>
    /// <param name="random">Seeds the intervals.</param>
    /// <param name="options">Null for <see cref="BootstrapOptions.ForPairs"/>.</param>
    /// <exception cref="NotEnoughDataException">There are no pairs.</exception>
    /// <exception cref="ArgumentException">The number of scores differs from the number of candidates, or one is not finite.</exception>
    public static ModelComparison Measure(
        PreferenceDataset data,
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        options ??= BootstrapOptions.ForPairs(data);
        var before = PairwiseAccuracy.Measure(data, first, random, options);
        var after = PairwiseAccuracy.Measure(data, second, random, options);
        var one = PairHits.Of(data, first);
        var other = PairHits.Of(data, second);
        double[] differences = [.. other.Hits.Zip(one.Hits, (b, a) => b - a)];
        return new ModelComparison
        {
            Pairs = before.Pairs,
            Dates = before.Dates,
            FirstDate = one.Dates.Min(),
            LastDate = one.Dates.Max(),
            First = before,
            Second = after,
            Difference = differences.Average(),
            Interval = ClusterBootstrap.OfMean(differences, one.Dates, random.Fork("models"), options),
            Agreement = differences.Count(d => d == 0) / (double)differences.Length,
        };
    }
}
