using System.ComponentModel.DataAnnotations;

namespace Rlaif.Validation;

/// <summary>Conventions of <see cref="PerformanceMeasures"/>.</summary>
public sealed record PerformanceOptions
{
    /// <summary>Returns in a year. Default 252 (trading days).</summary>
    [Range(1.0, 1_000_000.0, ErrorMessage = "PeriodsPerYear must be in 1..1000000.")]
    public double PeriodsPerYear { get; init; } = 252;

    /// <summary>Risk-free return per period, a fraction. Default 0.</summary>
    [Range(-0.1, 0.1, ErrorMessage = "RiskFree must be in -0.1..0.1 per period.")]
    public double RiskFree { get; init; }

    /// <summary>Number of independent strategies that were tried before this one was shown, this one included. Default null: unknown.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Trials must be at least 1.")]
    public int? Trials { get; init; }

    /// <summary>
    /// Variance of the trials' Sharpe ratios per period. Null, the default, takes the sampling variance of a Sharpe ratio of zero,
    /// 1 / (n - 1): what trials without skill would show.
    /// </summary>
    [Range(0.0, 100.0, ErrorMessage = "TrialSharpeVariance must be in 0..100.")]
    public double? TrialSharpeVariance { get; init; }
}
