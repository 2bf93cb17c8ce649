using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>The swing of a day, as it is expected at the moment of a decision.</summary>
internal static class ExpectedVolatility
{
    private const string Feature = "volatility_20";

    /// <summary>
    /// Standard deviation of daily returns, a fraction: that of the last 20 bars, times the square root of the bars a session has when
    /// bars are shorter than sessions. Null when unknown.
    /// </summary>
    internal static double? Daily(MarketSnapshot snapshot, IReadOnlyDictionary<string, double?> features) =>
        features.GetValueOrDefault(Feature) * Math.Sqrt(BarsPerSession(snapshot.Bars));

    /// <summary>Bars in a session, rounded; 1 for daily bars and without any.</summary>
    internal static double BarsPerSession(BarWindow bars)
    {
        int sessions = bars.Count > 0 ? 1 : 0;
        for (int i = 1; i < bars.Count; i++)
        {
            sessions += bars[i].Session == bars[i - 1].Session ? 0 : 1;
        }

        return sessions == 0 ? 1 : Math.Round((double)bars.Count / sessions);
    }
}
