using Rlaif.Rewards.Training;

namespace Rlaif.Validation;

/// <summary>How far predicted probabilities can be taken at their word (Guo et al., 2017).</summary>
public static class Calibration
{
    /// <summary>Number of equal bins from <see cref="FewPredictions"/> predictions on.</summary>
    public const int DefaultBins = 15;

    /// <summary>Number of equal bins below <see cref="FewPredictions"/> predictions.</summary>
    public const int FewBins = 10;

    /// <summary>Below this many predictions 15 bins would hold too few each.</summary>
    public const int FewPredictions = 500;

    /// <summary>The number of bins that suits a number of predictions.</summary>
    public static int BinsFor(int predictions) => predictions < FewPredictions ? FewBins : DefaultBins;

    /// <summary>Mean of -log(probability of what happened); null when empty. ln 2 = 0.6931 is a coin's.</summary>
    /// <param name="probabilities">Predicted probabilities of the event, in (0, 1).</param>
    /// <param name="outcomes">1 when it happened, 0 when not, 0.5 for a tie.</param>
    public static double? LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> outcomes)
    {
        RequireSameLength(probabilities, outcomes);
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            sum -= (outcomes[i] * Math.Log(probabilities[i])) + ((1 - outcomes[i]) * Math.Log(1 - probabilities[i]));
        }

        return probabilities.IsEmpty ? null : sum / probabilities.Length;
    }

    /// <summary>Mean of (probability - outcome)^2; null when empty. 0.25 is a coin's.</summary>
    /// <inheritdoc cref="LogLoss"/>
    public static double? BrierScore(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> outcomes)
    {
        RequireSameLength(probabilities, outcomes);
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            sum += (probabilities[i] - outcomes[i]) * (probabilities[i] - outcomes[i]);
        }

        return probabilities.IsEmpty ? null : sum / probabilities.Length;
    }

    /// <summary>Expected calibration error: mean over predictions of |hit rate - mean prediction| of their bin; null when empty.</summary>
    /// <param name="bins">The table of <see cref="Reliability"/>.</param>
    public static double? ExpectedError(IReadOnlyList<ReliabilityBin> bins)
    {
        int count = bins.Sum(b => b.Count);
        return count == 0 ? null : bins.Sum(b => b.Count * Math.Abs(b.HitRate - b.MeanPrediction)) / count;
    }

    /// <summary>The bins (lo, hi] of equal width on [0, 1] that hold any prediction, ascending.</summary>
    /// <param name="probabilities">Predicted probabilities, in [0, 1].</param>
    /// <param name="outcomes">1 when it happened, 0 when not, 0.5 for a tie.</param>
    /// <param name="bins">Number of bins on [0, 1].</param>
    public static IReadOnlyList<ReliabilityBin> Reliability(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> outcomes,
        int bins
    )
    {
        RequireSameLength(probabilities, outcomes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        int[] counts = new int[bins];
        double[] predicted = new double[bins];
        double[] hits = new double[bins];
        for (int i = 0; i < probabilities.Length; i++)
        {
            int bin = Math.Clamp((int)Math.Ceiling(probabilities[i] * bins) - 1, 0, bins - 1);
            counts[bin]++;
            predicted[bin] += probabilities[i];
            hits[bin] += outcomes[i];
        }

        return
        [
            .. Enumerable
                .Range(0, bins)
                .Where(b => counts[b] > 0)
                .Select(b => new ReliabilityBin(
                    (double)b / bins,
                    (b + 1.0) / bins,
                    counts[b],
                    predicted[b] / counts[b],
                    hits[b] / counts[b]
                )),
        ];
    }

    /// <summary>Mean of log(1 + exp(-margin / temperature)): the loss of reward margins, chosen minus rejected; null when empty.</summary>
    public static double? MarginLogLoss(ReadOnlySpan<double> margins, double temperature = 1)
    {
        double sum = 0;
        foreach (double margin in margins)
        {
            sum += Softplus(-margin / temperature);
        }

        return margins.IsEmpty ? null : sum / margins.Length;
    }

    /// <summary>
    /// The temperature in [0.05, 20] that minimizes <see cref="MarginLogLoss"/>. Fit it on pairs that are not used to measure. It lies on
    /// an end when accuracy is at most 50% or is 100%: check <see cref="IsClamped"/>. Null when there are no margins.
    /// </summary>
    public static double? FitTemperature(ReadOnlySpan<double> margins) => Temperature.Fit(margins);

    /// <summary>Whether a fitted temperature lies on an end of its range, and so says nothing.</summary>
    public static bool IsClamped(double temperature) =>
        temperature <= Temperature.Lowest * (1 + 1e-9) || temperature >= Temperature.Highest * (1 - 1e-9);

    /// <summary>1 / (1 + exp(-x)).</summary>
    internal static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static void RequireSameLength(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> outcomes)
    {
        if (probabilities.Length != outcomes.Length)
        {
            throw new ArgumentException("There must be one outcome per probability.", nameof(outcomes));
        }
    }
}
