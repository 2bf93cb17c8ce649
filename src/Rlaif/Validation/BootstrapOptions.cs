using System.ComponentModel.DataAnnotations;

namespace Rlaif.Validation;

/// <summary>How intervals are drawn by <see cref="ClusterBootstrap"/>.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Number of resamples. Default 2,000.</summary>
    [Range(200, 1_000_000, ErrorMessage = "Replicates must be in 200..1000000.")]
    public int Replicates { get; init; } = 2000;

    /// <summary>Probability that the interval covers the true mean. Default 0.95.</summary>
    [Range(0.5, 0.999, ErrorMessage = "Level must be in 0.5..0.999.")]
    public double Level { get; init; } = 0.95;

    /// <summary>
    /// Consecutive clusters that are drawn together. Default 1: clusters are independent. Where holding windows overlap, use
    /// <see cref="BlockLengthFor"/>.
    /// </summary>
    [Range(1, 10_000, ErrorMessage = "BlockLength must be in 1..10000 clusters.")]
    public int BlockLength { get; init; } = 1;

    /// <summary>The fewest decision dates a block must hold so that windows of different blocks hardly overlap: hold / step, rounded up.</summary>
    /// <param name="holdDays">Trading days that a position is held.</param>
    /// <param name="stepDays">Trading days from one decision date to the next.</param>
    public static int BlockLengthFor(int holdDays, int stepDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(holdDays);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepDays);
        return (holdDays + stepDays - 1) / stepDays;
    }
}
