using System.Globalization;

namespace Rlaif.Data.Alpaca;

/// <summary>Times of Alpaca's bars: <c>t</c> is the open of an hour or a minute, and midnight in New York of a session.</summary>
internal static class AlpacaTimes
{
    private const string UtcFormat = "yyyy-MM-ddTHH:mm:ssZ";
    private const string FineFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The bar with its open and close.</summary>
    internal static AlpacaBar ToBar(string symbol, WireBar wire, AlpacaTimeframe timeframe)
    {
        DateOnly day = Exchange.NewYorkDay(wire.Time);
        bool isSession = IsSession(day);
        DateTimeOffset open = wire.Time.ToUniversalTime();
        DateTimeOffset close = timeframe switch
        {
            AlpacaTimeframe.Minute => open + Minute,
            AlpacaTimeframe.Hour => open + Hour,
            _ => open.AddDays(1),
        };
        bool isRegular = isSession;
        if (isSession)
        {
            (DateTimeOffset opens, DateTimeOffset closes) = NyseCalendar.Hours(day);
            (open, close) = timeframe == AlpacaTimeframe.Day ? (opens, closes) : (open, close);
            // Hours begin on the hour: the first one of a session begins before it opens.
            isRegular = close > opens && open < closes;
        }

        return new AlpacaBar(symbol, new Bar(open, close, wire.Open, wire.High, wire.Low, wire.Close, wire.Volume))
        {
            IsRegular = isRegular,
            TradeCount = wire.TradeCount,
            AveragePrice = wire.AveragePrice,
        };
    }

    /// <summary>Why the numbers of a bar cannot be; null when they can.</summary>
    internal static string? Fault(Bar bar) =>
        bar.Low <= 0 ? "has a price that is not above 0"
        : bar.Volume < 0 ? "has a negative volume"
        : bar.High < bar.Low || bar.Open < bar.Low || bar.Open > bar.High || bar.Close < bar.Low || bar.Close > bar.High
            ? "has an open or a close outside its low and high"
        : null;

    /// <summary>Midnight in New York, where a day begins, UTC.</summary>
    internal static DateTimeOffset DayStart(DateOnly day) => Exchange.ToUtc(day.ToDateTime(TimeOnly.MinValue), Exchange.Eastern);

    /// <summary>A wall-clock time in New York as UTC.</summary>
    internal static DateTimeOffset At(DateOnly day, string clock) =>
        Exchange.ToUtc(day.ToDateTime(TimeOnly.ParseExact(clock, "HH:mm", CultureInfo.InvariantCulture)), Exchange.Eastern);

    internal static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString(
            time.Ticks % TimeSpan.TicksPerSecond == 0 ? UtcFormat : FineFormat,
            CultureInfo.InvariantCulture
        );

    internal static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsSession(DateOnly day) =>
        day.Year is >= NyseCalendar.FirstYear and <= NyseCalendar.LastYear && NyseCalendar.IsSession(day);
}
