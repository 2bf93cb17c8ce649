namespace Rlaif.Data;

/// <summary>
/// When the bars of one symbol in one file open and close. One row a day is a regular session, whatever time it is stamped with;
/// several rows a day are bars that start at their stamp and last as long as the most common step between stamps of a day.
/// </summary>
internal sealed class BarTimes
{
    private const int MaxDailyStep = 4;

    private readonly Exchange _exchange;
    private readonly TimeZoneInfo _zone;
    private readonly DateTime[] _local;

    private BarTimes(IReadOnlyList<BarRow> rows, Exchange exchange, TimeZoneInfo zone)
    {
        _exchange = exchange;
        _zone = zone;
        bool datesInUtc = rows.All(r => r.Time.Kind == RowTime.Form.Instant && r.Time.Value.TimeOfDay == TimeSpan.Zero);
        _local = [.. rows.Select(r => ToLocal(r.Time, datesInUtc))];
        DateTime[] distinct = [.. _local.Distinct().Order()];
        DateTime[] days = [.. distinct.Select(t => t.Date).Distinct()];
        int severalADay = distinct.GroupBy(t => t.Date).Count(g => g.Skip(1).Any());
        // A stray second row on a day makes no intraday file.
        IsDaily = severalADay * 2 <= days.Length;
        Bars = IsDaily ? Daily(rows) : Intraday(rows, distinct);
        Unsupported = IsDaily ? LongStep(days) : null;
    }

    /// <summary>Whether every bar is a whole session.</summary>
    internal bool IsDaily { get; }

    /// <summary>One bar per row, in the order of the rows.</summary>
    internal Bar[] Bars { get; }

    /// <summary>Why the rows cannot be bars of sessions or shorter; null when they are.</summary>
    internal string? Unsupported { get; }

    internal static BarTimes Resolve(IReadOnlyList<BarRow> rows, string symbol, TimeZoneInfo? zone)
    {
        Exchange exchange = Exchange.Of(symbol);
        return new BarTimes(rows, exchange, zone ?? exchange.Zone);
    }

    private DateTime ToLocal(RowTime time, bool datesInUtc) =>
        time.Kind == RowTime.Form.Instant && !datesInUtc
            ? time.Value + _zone.GetUtcOffset(DateTime.SpecifyKind(time.Value, DateTimeKind.Utc))
            : time.Value;

    private Bar[] Daily(IReadOnlyList<BarRow> rows)
    {
        var bars = new Bar[rows.Count];
        for (int i = 0; i < bars.Length; i++)
        {
            (DateTimeOffset open, DateTimeOffset close) = _exchange.Session(_local[i].Date);
            bars[i] = rows[i].At(open, close);
        }

        return bars;
    }

    private Bar[] Intraday(IReadOnlyList<BarRow> rows, DateTime[] distinct)
    {
        TimeSpan length = MostCommonStep(distinct);
        bool extended = distinct.Any(t => t.TimeOfDay >= _exchange.Closes);
        var bars = new Bar[rows.Count];
        for (int i = 0; i < bars.Length; i++)
        {
            DateTime end = _local[i] + length;
            DateTime close = _local[i].Date + _exchange.Closes;
            end = !extended && end > close ? close : end;
            int next = Array.BinarySearch(distinct, _local[i]) + 1;
            end = next < distinct.Length && end > distinct[next] ? distinct[next] : end;
            bars[i] = rows[i].At(ToUtc(rows[i].Time, _local[i]), Exchange.ToUtc(end, _zone));
        }

        return bars;
    }

    private DateTimeOffset ToUtc(RowTime time, DateTime local) =>
        time.Kind == RowTime.Form.Instant ? new DateTimeOffset(time.Value, TimeSpan.Zero) : Exchange.ToUtc(local, _zone);

    private static TimeSpan MostCommonStep(DateTime[] distinct) =>
        distinct
            .Zip(distinct.Skip(1))
            .Where(p => p.First.Date == p.Second.Date)
            .GroupBy(p => p.Second - p.First)
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key)
            .First()
            .Key;

    // A weekly or monthly bar is known only at the end of its period, which its date does not say.
    private static string? LongStep(DateTime[] days)
    {
        if (days.Length < 3)
        {
            return null;
        }

        int shortest = days.Zip(days.Skip(1)).Min(p => (p.Second - p.First).Days);
        return shortest > MaxDailyStep
            ? $"rows are at least {shortest} days apart, as in weekly or monthly bars; daily bars or shorter are read"
            : null;
    }
}
