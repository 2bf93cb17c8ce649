using MathNet.Numerics.Distributions;

namespace Rlaif.Validation;

/// <summary>
/// How much a Sharpe ratio can be believed (Bailey and Lopez de Prado 2012, 2014). All Sharpe ratios here are per period, not
/// annualized; skewness and kurtosis are population moments, the kurtosis not in excess.
/// </summary>
public static class ProbabilisticSharpe
{
    private const double EulerMascheroni = 0.57721566490153286;

    /// <summary>Standard error of a Sharpe ratio: sqrt((1 - g3 SR + (g4 - 1) / 4 SR^2) / (n - 1)).</summary>
    /// <param name="sharpe">The Sharpe ratio per period.</param>
    /// <param name="count">Number of returns, at least 2.</param>
    /// <param name="skewness">Population skewness, 0 for a normal distribution.</param>
    /// <param name="kurtosis">Population kurtosis, 3 for a normal distribution.</param>
    public static double StandardError(double sharpe, int count, double skewness = 0, double kurtosis = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return Math.Sqrt(Shape(sharpe, skewness, kurtosis) / (count - 1));
    }

    /// <summary>Probability that the true Sharpe ratio exceeds <paramref name="benchmark"/>.</summary>
    /// <inheritdoc cref="StandardError"/>
    public static double Probability(double sharpe, double benchmark, int count, double skewness = 0, double kurtosis = 3) =>
        Normal.CDF(0, 1, (sharpe - benchmark) / StandardError(sharpe, count, skewness, kurtosis));

    /// <summary>
    /// Number of returns after which the true Sharpe ratio exceeds <paramref name="benchmark"/> with probability
    /// <paramref name="level"/>; null when the observed one does not exceed it.
    /// </summary>
    /// <inheritdoc cref="StandardError"/>
    public static double? MinTrackRecordLength(
        double sharpe,
        double benchmark = 0,
        double skewness = 0,
        double kurtosis = 3,
        double level = 0.95
    )
    {
        if (sharpe <= benchmark)
        {
            return null;
        }

        double z = Normal.InvCDF(0, 1, level) / (sharpe - benchmark);
        return 1 + (Shape(sharpe, skewness, kurtosis) * z * z);
    }

    /// <summary>
    /// Expected maximum of <paramref name="trials"/> standard normal draws, by the extreme-value approximation; 0 for one trial.
    /// </summary>
    public static double ExpectedMaximum(int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        return trials == 1
            ? 0
            : ((1 - EulerMascheroni) * Normal.InvCDF(0, 1, 1 - (1.0 / trials)))
                + (EulerMascheroni * Normal.InvCDF(0, 1, 1 - (1 / (trials * Math.E))));
    }

    /// <summary>
    /// The Sharpe ratio that the best of <paramref name="trials"/> skill-less strategies is expected to show:
    /// sqrt(variance) * <see cref="ExpectedMaximum"/>.
    /// </summary>
    /// <param name="trials">Number of independent trials.</param>
    /// <param name="variance">Variance of the trials' Sharpe ratios per period.</param>
    public static double DeflatedBenchmark(int trials, double variance) => Math.Sqrt(variance) * ExpectedMaximum(trials);

    private static double Shape(double sharpe, double skewness, double kurtosis) =>
        1 - (skewness * sharpe) + ((kurtosis - 1) / 4 * sharpe * sharpe);
}
