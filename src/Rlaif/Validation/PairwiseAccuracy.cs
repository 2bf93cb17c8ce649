using Rlaif.Outcomes;
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

    /// <summary>Mean of -log sigmoid(reward margin); a coin's is ln 2 = 0.6931.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean of (1 - sigmoid(reward margin))^2; a coin's is 0.25.</summary>
    public required double BrierScore { get; init; }

    /// <summary>Expected calibration error of max(p, 1 - p), a fraction: the chosen side is always right, so each pair is looked at from its likelier side.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>The bins behind <see cref="CalibrationError"/>, predictions in [0.5, 1].</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>Accuracy by pool; pools without pairs are absent.</summary>
    public required IReadOnlyDictionary<PreferencePool, PoolAccuracy> ByPool { get; init; }

    /// <summary>Measures rewards on pairs.</summary>
    /// <param name="data">The candidates and all their pairs.</param>
    /// <param name="rewards">One score per candidate of <see cref="PreferenceDataset.Candidates"/>, in that order; any scale for the
    /// accuracy, logits for the probabilities.</param>
    /// <param name="random">Seeds the intervals.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="NotEnoughDataException">There are no pairs.</exception>
    /// <exception cref="ArgumentException">The number of rewards differs from the number of candidates, or one is not finite.</exception>
    public static PairwiseAccuracy Measure(
        PreferenceDataset data,
        IReadOnlyList<double> rewards,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        Require(data, rewards);
        double[] margins = [.. data.Pairs.Select(p => rewards[data.IndexOf(p.ChosenId)] - rewards[data.IndexOf(p.RejectedId)])];
        double[] hits = [.. margins.Select(Hit)];
        DateOnly[] dates = [.. data.Pairs.Select(p => DateOf(data, p))];
        double[] probabilities = [.. margins.Select(Calibration.Sigmoid)];
        IReadOnlyList<ReliabilityBin> bins = Calibration.Reliability(
            [.. probabilities.Select(p => Math.Max(p, 1 - p))],
            hits,
            Calibration.BinsFor(margins.Length)
        );
        return new PairwiseAccuracy
        {
            Pairs = margins.Length,
            Dates = dates.Distinct().Count(),
            Accuracy = hits.Average(),
            Interval = ClusterBootstrap.OfMean(hits, dates, random.Fork("pairs"), options),
            LogLoss = Calibration.MarginLogLoss(margins)!.Value,
            BrierScore = probabilities.Average(p => (1 - p) * (1 - p)),
            CalibrationError = Calibration.ExpectedError(bins)!.Value,
            Reliability = bins,
            ByPool = MeasurePools(data.Pairs, hits, dates, random, options),
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

    private static void Require(PreferenceDataset data, IReadOnlyList<double> rewards)
    {
        if (data.Pairs.Count == 0)
        {
            throw new NotEnoughDataException("There are 0 pairs to measure on; at least 1 is needed.");
        }

        if (rewards.Count != data.Candidates.Count)
        {
            throw new ArgumentException(
                $"There are {rewards.Count} rewards for {data.Candidates.Count} candidates.",
                nameof(rewards)
            );
        }

        if (rewards.Any(r => !double.IsFinite(r)))
        {
            throw new ArgumentException("Every reward must be finite.", nameof(rewards));
        }
    }

    // A pair across dates belongs to the later one: that is when it could first be formed.
    internal static DateOnly DateOf(PreferenceDataset data, PreferencePair pair)
    {
        SettledCandidate chosen = data.Candidates[data.IndexOf(pair.ChosenId)];
        SettledCandidate rejected = data.Candidates[data.IndexOf(pair.RejectedId)];
        return chosen.Context.Date > rejected.Context.Date ? chosen.Context.Date : rejected.Context.Date;
    }

    private static SortedDictionary<PreferencePool, PoolAccuracy> MeasurePools(
        IReadOnlyList<PreferencePair> pairs,
        double[] hits,
        DateOnly[] dates,
        DeterministicRandom random,
        BootstrapOptions? options
    )
    {
        var pools = new SortedDictionary<PreferencePool, PoolAccuracy>();
        foreach (IGrouping<PreferencePool, int> pool in Enumerable.Range(0, pairs.Count).GroupBy(i => pairs[i].Pool))
        {
            double[] own = [.. pool.Select(i => hits[i])];
            BootstrapInterval? interval = ClusterBootstrap.OfMean(
                own,
                [.. pool.Select(i => dates[i])],
                random.Fork(pool.Key.ToString()),
                options
            );
            pools[pool.Key] = new PoolAccuracy(own.Length, own.Average(), interval);
        }

        return pools;
    }
}
