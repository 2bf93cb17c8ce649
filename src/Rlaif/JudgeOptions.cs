using System.ComponentModel.DataAnnotations;
using Rlaif.Preferences;

namespace Rlaif;

/// <summary>Which pairs are judged and what they are compared with.</summary>
public sealed record JudgeOptions
{
    /// <summary>Most pairs of one context, drawn by <see cref="Seed"/>; 1 to 1,000, default 3.</summary>
    [Range(1, 1000, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int PairsPerContext { get; init; } = 3;

    /// <summary>Most pairs that one run asks about, each at least two calls; 1 or more. Null, the default, is no limit.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "{0} must be at least {1}.")]
    public int? MaxPairs { get; init; }

    /// <summary>Pairs asked about at once, 1 to 256, default 8; results do not depend on it.</summary>
    [Range(1, 256, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int Parallel { get; init; } = 8;

    /// <summary>What the market's choice is measured by. Default <see cref="ComparisonMetric.VolScaled"/>.</summary>
    [Required]
    public ComparisonMetric Metric { get; init; } = ComparisonMetric.VolScaled;

    /// <summary>Seed of the draw and of the interval. Default 42.</summary>
    public int Seed { get; init; } = 42;
}
