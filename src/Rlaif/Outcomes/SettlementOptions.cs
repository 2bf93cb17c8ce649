using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Rlaif.Outcomes;

/// <summary>How candidates are settled. Costs are on by default; all rates are in basis points (1 bp is 0.0001).</summary>
public sealed record SettlementOptions
{
    /// <summary>Trading days held, the entry day counted as the first. Default 5: Monday's open to Friday's close.</summary>
    [Range(1, 252, ErrorMessage = "HoldDays must be in 1..252 trading days.")]
    public int HoldDays { get; init; } = 5;

    /// <summary>Commission a side. Default 1 bp.</summary>
    [Range(0.0, 1000.0, ErrorMessage = "CommissionBps must be in 0..1000.")]
    public double CommissionBps { get; init; } = 1;

    /// <summary>Half of the bid-ask spread, paid a side. Default 2 bp.</summary>
    [Range(0.0, 1000.0, ErrorMessage = "HalfSpreadBps must be in 0..1000.")]
    public double HalfSpreadBps { get; init; } = 2;

    /// <summary>Slippage a side. Default 2 bp.</summary>
    [Range(0.0, 1000.0, ErrorMessage = "SlippageBps must be in 0..1000.")]
    public double SlippageBps { get; init; } = 2;

    /// <summary>Fee for borrowed shares, a year (365 calendar days), on the notional at entry; shorts only. Default 50 bp.</summary>
    [Range(0.0, 100_000.0, ErrorMessage = "BorrowBpsPerYear must be in 0..100000.")]
    public double BorrowBpsPerYear { get; init; } = 50;

    /// <summary>Fewest returns from which a Sharpe or Sortino ratio of one position is computed. Default 20: below it the error exceeds 3.6.</summary>
    [Range(2, 10_000, ErrorMessage = "MinReturnsForRatios must be in 2..10000.")]
    public int MinReturnsForRatios { get; init; } = 20;

    /// <summary>Account equity that a position size is a fraction of, in currency. Default 100,000.</summary>
    [Range(typeof(decimal), "1", "1000000000000000", ErrorMessage = "Equity must be in 1..1e15.")]
    public decimal Equity { get; init; } = 100_000m;

    /// <summary>Close at this gain (fraction of the entry price, for example 0.08); null, the default, sets no target.</summary>
    [Range(1e-6, 100.0, ErrorMessage = "TargetReturn must be positive.")]
    public double? TargetReturn { get; init; }

    /// <summary>Close at this loss (a positive fraction, for example 0.04); null, the default, sets no stop.</summary>
    [Range(1e-6, 1.0, ErrorMessage = "StopReturn must be in (0, 1].")]
    public double? StopReturn { get; init; }

    /// <summary>
    /// Close when the price has come back by this fraction, in (0, 1), from the best one since the entry (for example 0.05); null, the default, sets no trailing
    /// stop. What a bar reached moves the stop for the bars after it only.
    /// </summary>
    // Left out when there is none: terms and runs of before keep their bytes, and with them their ids.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Range(1e-6, 0.999999, ErrorMessage = "TrailReturn must be in (0, 1).")]
    public double? TrailReturn { get; init; }
}
