using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>When decisions are due.</summary>
public static class DecisionSchedule
{
    /// <summary>
    /// The close of every <paramref name="everySessions"/>-th trading day of a range, the first one counted, for each symbol that
    /// traded on that day; ordered by time, then symbol.
    /// </summary>
    public static async Task<IReadOnlyList<DecisionMoment>> EveryAsync(
        IMarketData market,
        IReadOnlyList<string> symbols,
        DateRange dates,
        int everySessions,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(everySessions);
        var moments = new List<DecisionMoment>();
        foreach (string symbol in symbols)
        {
            SessionCalendar calendar = market.GetCalendar(symbol);
            HashSet<DateOnly> due = [.. calendar.Sessions.Where(dates.Contains).Where((_, i) => i % everySessions == 0)];
            BarSeries series = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, cancellationToken);
            // Of several bars in one session the last one closes it.
            IEnumerable<DateTimeOffset> closes = Enumerable
                .Range(0, series.Count)
                .Where(i =>
                    due.Contains(series[i].Session) && (i + 1 == series.Count || series[i + 1].Session != series[i].Session)
                )
                .Select(i => series[i].CloseTime);
            moments.AddRange(closes.Select(close => new DecisionMoment(symbol, close)));
        }

        return [.. moments.OrderBy(m => m.AsOf).ThenBy(m => m.Symbol, StringComparer.Ordinal)];
    }
}
