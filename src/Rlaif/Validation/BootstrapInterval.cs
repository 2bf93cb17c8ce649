namespace Rlaif.Validation;

/// <summary>A mean with the interval that its clusters support.</summary>
/// <param name="Estimate">The mean over all items.</param>
/// <param name="Lower">Lower end of the interval.</param>
/// <param name="Upper">Upper end of the interval.</param>
/// <param name="Level">Nominal coverage, for example 0.95.</param>
/// <param name="StandardError">Standard error of the mean, clusters taken into account.</param>
/// <param name="PValue">Two-sided p-value of the mean being zero: 1 minus the level at which the interval would just touch zero.</param>
/// <param name="Items">Number of items.</param>
/// <param name="Clusters">Number of clusters (decision dates).</param>
public sealed record BootstrapInterval(
    double Estimate,
    double Lower,
    double Upper,
    double Level,
    double StandardError,
    double PValue,
    int Items,
    int Clusters
)
{
    /// <summary>Whether a value lies in the interval, ends included.</summary>
    public bool Contains(double value) => value >= Lower && value <= Upper;

    /// <summary>Both ends, lower first, as documents hold them.</summary>
    public double[] ToArray() => [Lower, Upper];
}
