using Rlaif.Data;
using Rlaif.Outcomes.Brokers;

namespace Rlaif;

/// <summary>The bars of some symbols as they are known at one moment, and what the exchange's days make of it.</summary>
internal sealed class MarketView
{
    // Bars of a session that is over have come by then; without them the data stands still.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(30);

    private readonly IMarketData _market;
    private readonly DateTimeOffset _now;

    private MarketView(IMarketData market, IBroker broker, Dictionary<string, BarSeries> bars, DateTimeOffset now)
    {
        _market = market;
        _now = now;
        Bars = bars;
        Session = bars.Values.Select(LastSession).DefaultIfEmpty(DateOnly.MinValue).Max();
        Shares = new ShareCount(broker, bars, now);
    }

    /// <summary>The series of the symbols, whole: what is known of them is a matter of <see cref="Last"/>.</summary>
    public IReadOnlyDictionary<string, BarSeries> Bars { get; }

    /// <summary>The latest session of which a bar is known.</summary>
    public DateOnly Session { get; }

    /// <summary>In how many shares the broker counts what was filled.</summary>
    public ShareCount Shares { get; }

    public static async Task<MarketView> AtAsync(
        IMarketData market,
        IBroker broker,
        IEnumerable<string> symbols,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var bars = new Dictionary<string, BarSeries>(StringComparer.Ordinal);
        foreach (string symbol in symbols)
        {
            bars[symbol] = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, cancellationToken);
        }

        return new MarketView(market, broker, bars, now);
    }

    /// <summary>The last bar that is known; null when none is.</summary>
    public Bar? Last(string symbol) => Bars[symbol].CountKnownAt(_now) is var count and > 0 ? Bars[symbol][count - 1] : null;

    /// <summary>Why nothing should be decided on a symbol now; null when nothing speaks against it.</summary>
    public string? Obstacle(string symbol, int minHistory)
    {
        int count = Bars[symbol].CountKnownAt(_now);
        if (count < minHistory)
        {
            return $"{symbol} has {count} bars, {minHistory} are needed";
        }

        DateOnly last = LastSession(Bars[symbol]);
        DateOnly expected = Exchange.FollowsNewYork(symbol, _now)
            ? LaterOf(Session, NyseCalendar.LastClosed(_now - Late))
            : Session;
        if (last < expected)
        {
            return $"{symbol} has no bar of {expected:O}";
        }

        // Shares by an old price would be another number of them.
        DateOnly today = Exchange.DayOf(symbol, _now);
        CorporateAction split = Bars[symbol]
            .Actions.FirstOrDefault(a => a.Kind == CorporateActionKind.Split && a.ExDate > last && a.ExDate <= today);
        if (split != default)
        {
            return $"{symbol} is split on {split.ExDate:O} and has no bar since";
        }

        Bar bar = Last(symbol)!.Value;
        return
            bar.IsPartOfASession
            && Exchange.FollowsNewYork(symbol, _now)
            && NyseCalendar.IsOpen(_now)
            && _now - bar.CloseTime > Late
            ? $"{symbol} has no bar since {bar.CloseTime:u}"
            : null;
    }

    /// <summary>The session whose close is the next one that an order sent now can be filled at; null when no calendar tells.</summary>
    public DateOnly? NextClose(string symbol)
    {
        SessionCalendar calendar = _market.GetCalendar(symbol);
        DateOnly? byBars =
            Last(symbol) is { } bar && bar.Session == Session && bar.IsPartOfASession && !IsOver(symbol, bar)
                ? Session
                : calendar.Nth(Session.AddDays(1), 1);
        // Bars that do not come keep nothing open that has to be closed.
        DateOnly? byClock = Exchange.FollowsNewYork(symbol, _now) ? NyseCalendar.NextToClose(_now) : null;
        return byClock > byBars || byBars is null ? byClock : byBars;
    }

    /// <summary>Number of sessions from one to another, 0 for the same.</summary>
    public int SessionsBetween(string symbol, DateOnly from, DateOnly to) =>
        _market.GetCalendar(symbol).CountBetween(from.AddDays(1), to);

    private DateOnly LastSession(BarSeries series) =>
        series.CountKnownAt(_now) is var count and > 0 ? series[count - 1].Session : DateOnly.MinValue;

    private bool IsOver(string symbol, Bar bar)
    {
        if (Exchange.FollowsNewYork(symbol, _now) && NyseCalendar.IsSession(bar.Session))
        {
            return _now >= NyseCalendar.Hours(bar.Session).Close;
        }

        // The hours of other exchanges are those at which they traded before.
        BarSeries series = Bars[symbol];
        int first = series.FirstOpenAtOrAfter(new DateTimeOffset(bar.Session, TimeOnly.MinValue, TimeSpan.Zero));
        return first > 0 && _now.UtcDateTime.TimeOfDay >= series[first - 1].CloseTime.UtcDateTime.TimeOfDay;
    }

    private static DateOnly LaterOf(DateOnly one, DateOnly other) => one > other ? one : other;
}
