using System.ComponentModel.DataAnnotations;
using Rlaif.Outcomes;
using Rlaif.Preferences;

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
    /// <see cref="ForDecisions"/> or <see cref="ForPairs"/>.
    /// </summary>
    [Range(1, 10_000, ErrorMessage = "BlockLength must be in 1..10000 clusters.")]
    public int BlockLength { get; init; } = 1;

    /// <summary>For decisions: blocks hold as many decision dates as one holding window of them, so that windows of different blocks hardly overlap.</summary>
    /// <param name="measured">The settled candidates that are measured; an interval of other decisions needs other blocks.</param>
    public static BootstrapOptions ForDecisions(IEnumerable<SettledCandidate> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        return new BootstrapOptions { BlockLength = OverlappingWindows.DatesPerWindow(measured, TimeSpan.Zero) };
    }

    /// <summary>For pairs: as for their decisions, with windows longer by the days between the two sides of the widest pair.</summary>
    /// <param name="measured">The pairs that are measured.</param>
    public static BootstrapOptions ForPairs(PreferenceDataset measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        return new BootstrapOptions { BlockLength = measured.DatesPerWindow() };
    }
}
