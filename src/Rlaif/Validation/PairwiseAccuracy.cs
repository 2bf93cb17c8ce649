using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>
/// How well scores order the two sides of pairs. Give it every pair of the validation side, formed without a minimum margin: a filter
/// on margins makes any model look better.
/// </summary>
public sealed record PairwiseAccuracy
{
    /// <summary>Number of pairs.</summary>
    public required int Pairs { get; init; }

    /// <summary>Number of decision dates that the pairs come from.</summary>
    public required int Dates { get; init; }

    /// <summary>Share of pairs whose chosen side scored higher, ties counted half; in [0, 1], 0.5 by chance.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Interval of the accuracy by decision date; null with fewer than two independent blocks of dates.</summary>
    public required BootstrapInterval? Interval { get; init; }

    /// <summary>How far sigmoid(reward margin) can be taken at its word, as rewards come.</summary>
    public required CalibrationFigures Raw { get; init; }

    /// <summary>The same after division by the temperature that was fitted on other pairs; equal to <see cref="Raw"/> without one.</summary>
    public required CalibrationFigures Calibrated { get; init; }

    /// <summary>Mean of -log sigmoid(reward margin); a coin's is ln 2 = 0.6931.</summary>
    public double LogLoss => Raw.LogLoss;

    /// <summary>Mean of (1 - sigmoid(reward margin))^2; a coin's is 0.25.</summary>
    public double BrierScore => Raw.BrierScore;

    /// <summary>Expected calibration error of max(p, 1 - p), a fraction: the chosen side is always right, so each pair is looked at from its likelier side.</summary>
    public double CalibrationError => Raw.CalibrationError;

    /// <summary>Accuracy by pool; pools without pairs are absent.</summary>
    public required IReadOnlyDictionary<PreferencePool, GroupAccuracy> ByPool { get; init; }

    /// <summary>Measures rewards on pairs.</summary>
    /// <param name="data">The candidates and all their pairs.</param>
    /// <param name="rewards">One score per candidate of <see cref="PreferenceDataset.Candidates"/>, in that order; any scale for the
    /// accuracy, logits for the probabilities.</param>
    /// <param name="random">Seeds the intervals.</param>
    /// <param name="options">Null for <see cref="BootstrapOptions.ForPairs"/>.</param>
    /// <param name="temperature">What reward gaps are divided by for <see cref="Calibrated"/>, fitted on other pairs; 1 for none.</param>
    /// <exception cref="NotEnoughDataException">There are no pairs.</exception>
    /// <exception cref="ArgumentException">The number of rewards differs from the number of candidates, or one is not finite.</exception>
    public static PairwiseAccuracy Measure(
        PreferenceDataset data,
        IReadOnlyList<double> rewards,
        DeterministicRandom random,
        BootstrapOptions? options = null,
        double temperature = 1
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        var pairs = PairHits.Of(data, rewards);
        options ??= BootstrapOptions.ForPairs(data);
        GroupAccuracy all = pairs.Of("pairs", Enumerable.Range(0, pairs.Hits.Length), random, options);
        var pools = Enumerable
            .Range(0, pairs.Hits.Length)
            .GroupBy(i => data.Pairs[i].Pool)
            .ToDictionary(g => g.Key, g => pairs.Of(g.Key.ToString(), g, random, options));
        return new PairwiseAccuracy
        {
            Pairs = all.Pairs,
            Dates = pairs.Dates.Distinct().Count(),
            Accuracy = all.Accuracy,
            Interval = all.Interval,
            Raw = CalibrationFigures.Of(pairs.Margins, 1),
            Calibrated = CalibrationFigures.Of(pairs.Margins, temperature),
            ByPool = new SortedDictionary<PreferencePool, GroupAccuracy>(pools),
        };
    }

    /// <summary>1 for a positive margin, 0 for a negative one, half for a tie.</summary>
    internal static double Hit(double margin) =>
        margin switch
        {
            > 0 => 1,
            < 0 => 0,
            _ => 0.5,
        };
}
