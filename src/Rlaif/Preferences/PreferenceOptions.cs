using System.ComponentModel.DataAnnotations;

namespace Rlaif.Preferences;

/// <summary>How settled candidates become pairs.</summary>
public sealed record PreferenceOptions
{
    /// <summary>What "did better" means. Default <see cref="ComparisonMetric.VolScaled"/>.</summary>
    [Required]
    public ComparisonMetric Metric { get; init; } = ComparisonMetric.VolScaled;

    /// <summary>Where pairs may come from. Default same context and same date; the guide's pool is same symbol.</summary>
    [Required]
    [MinLength(1, ErrorMessage = "Pools must name at least one of same_context, same_date, same_symbol.")]
    public IReadOnlyList<PreferencePool> Pools { get; init; } = [PreferencePool.SameContext, PreferencePool.SameDate];

    /// <summary>Fewest settled candidates from which pairs are formed. Default 10.</summary>
    [Range(2, int.MaxValue, ErrorMessage = "MinSamples must be at least 2.")]
    public int MinSamples { get; init; } = 10;

    /// <summary>
    /// Smallest outcome margin of a pair; closer ones are dropped. In standard deviations for <c>vol_scaled</c>, else in the unit of the
    /// metric (the guide's <c>min_preference_margin</c>). Null, the default, takes <see cref="ComparisonMetric.DefaultMinMargin"/>.
    /// </summary>
    [Range(0.0, double.MaxValue, ErrorMessage = "MinMargin must be 0 or more.")]
    public double? MinMargin { get; init; }

    /// <summary>Most pairs of one pool that a candidate may be in, so that no outcome dominates the data. Default 4.</summary>
    [Range(1, 10_000, ErrorMessage = "MaxPairsPerDecision must be in 1..10000.")]
    public int MaxPairsPerDecision { get; init; } = 4;

    /// <summary>Most calendar days between the two decisions of a same-symbol pair. Default 30.</summary>
    [Range(1, 3660, ErrorMessage = "SameSymbolWindowDays must be in 1..3660.")]
    public int SameSymbolWindowDays { get; init; } = 30;

    /// <summary>Seed of the choice of partners where there are more than the cap allows. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Trading days that a reported outcome was held when the report does not tell (the guide's <c>hold_period_days</c>). Default 5.</summary>
    [Range(1, 252, ErrorMessage = "HoldPeriodDays must be in 1..252 trading days.")]
    public int HoldPeriodDays { get; init; } = 5;

    /// <summary>The margin in force: <see cref="MinMargin"/>, or the metric's default.</summary>
    public double EffectiveMinMargin => MinMargin ?? Metric.DefaultMinMargin;
}
