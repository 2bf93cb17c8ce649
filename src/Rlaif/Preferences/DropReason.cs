namespace Rlaif.Preferences;

/// <summary>Why settled candidates made no pair; the names are stored and shown.</summary>
internal static class DropReason
{
    internal const string MetricUndefined = "metric_undefined";
    internal const string Tie = "tie";
    internal const string BelowMargin = "below_margin";
    internal const string NoVolatility = "no_volatility";
    internal const string OverlappingWindows = "overlapping_windows";
    internal const string OverCap = "over_cap";
}
