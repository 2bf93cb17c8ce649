using System.ComponentModel.DataAnnotations;

namespace Rlaif.Validation;

/// <summary>How decisions are split by time.</summary>
public sealed record PurgedSplitOptions
{
    /// <summary>Share of all decision dates kept for validation, the last ones. Default 0.2.</summary>
    [Range(0.01, 0.9, ErrorMessage = "ValidationFraction must be in 0.01..0.9.")]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>Share of the remaining dates kept for early stopping, the last ones; 0 leaves that side out. Default 0.15.</summary>
    [Range(0.0, 0.9, ErrorMessage = "StoppingFraction must be in 0..0.9.")]
    public double StoppingFraction { get; init; } = 0.15;

    /// <summary>
    /// Trading sessions that must lie between the last exit of one side and the first decision of the next. Null, the default,
    /// takes the longest holding period among the outcomes.
    /// </summary>
    [Range(0, 1000, ErrorMessage = "EmbargoDays must be in 0..1000 trading sessions.")]
    public int? EmbargoDays { get; init; }
}
