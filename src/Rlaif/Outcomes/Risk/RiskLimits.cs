using System.ComponentModel.DataAnnotations;

namespace Rlaif.Outcomes.Risk;

/// <summary>
/// What may be traded, whoever decided it: limits that no agent and no model can move. Fractions are of the account's equity. An order that only makes a position smaller
/// passes all but the limits on symbols, orders a minute, prices and hours.
/// </summary>
public sealed record RiskLimits
{
    /// <summary>Largest worth of one order, in currency. Default 50,000.</summary>
    [Range(typeof(decimal), "0", "1000000000000000", ErrorMessage = "MaxOrderNotional must be in 0..1e15.")]
    public decimal MaxOrderNotional { get; init; } = 50_000m;

    /// <summary>Largest worth of the position in one instrument. Default 0.2.</summary>
    [Range(0.0, 10.0, ErrorMessage = "MaxPositionFraction must be in 0..10.")]
    public double MaxPositionFraction { get; init; } = 0.2;

    /// <summary>Largest sum of all positions' worth, long and short alike. Default 1.</summary>
    [Range(0.0, 10.0, ErrorMessage = "MaxGrossExposure must be in 0..10.")]
    public double MaxGrossExposure { get; init; } = 1;

    /// <summary>Largest difference between long and short worth, either way. Default 1.</summary>
    [Range(0.0, 10.0, ErrorMessage = "MaxNetExposure must be in 0..10.")]
    public double MaxNetExposure { get; init; } = 1;

    /// <summary>Orders sent within any 60 seconds. Default 30.</summary>
    [Range(0, 10_000, ErrorMessage = "MaxOrdersPerMinute must be in 0..10000.")]
    public int MaxOrdersPerMinute { get; init; } = 30;

    /// <summary>Farthest that a limit or stop price may lie from the last price, as a fraction of it. Default 0.2.</summary>
    [Range(0.0, 10.0, ErrorMessage = "PriceCollar must be in 0..10.")]
    public double PriceCollar { get; init; } = 0.2;

    /// <summary>The instruments that may be traded; null, the default, allows all.</summary>
    public IReadOnlyList<string>? AllowedSymbols { get; init; }

    /// <summary>Whether orders are sent only while the exchange is open. Default false: orders of a decision after the close wait for the next open.</summary>
    public bool TradingHoursOnly { get; init; }

    /// <summary>Loss since the last session's end from which on nothing new is opened that day. Default 0.03.</summary>
    [Range(0.0, 1.0, ErrorMessage = "MaxDailyLoss must be in 0..1.")]
    public double MaxDailyLoss { get; init; } = 0.03;

    /// <summary>Loss from the highest equity so far from which on nothing new is opened. Default 0.2.</summary>
    [Range(0.0, 1.0, ErrorMessage = "MaxDrawdown must be in 0..1.")]
    public double MaxDrawdown { get; init; } = 0.2;

    /// <summary>Cash that purchases leave. Default 0.02.</summary>
    [Range(0.0, 1.0, ErrorMessage = "CashReserve must be in 0..1.")]
    public double CashReserve { get; init; } = 0.02;
}
