namespace Rlaif.Data;

/// <summary>
/// The bars of a ledger while more of them come in: what was loaded stays as it is until <see cref="ReloadAsync"/> takes in what was added since. Trading
/// days after the last bar are those of the exchange's rules, so that a holding period has an end before it is over. Not for simultaneous use.
/// </summary>
public sealed class LiveMarket : IMarketData
{
    // Longer than any holding period, in calendar days.
    private const int DaysAhead = 400;

    private readonly Ledger _ledger;
    private readonly Dictionary<string, SessionCalendar> _calendars = new(StringComparer.Ordinal);
    private IMarketData _bars;

    private LiveMarket(Ledger ledger, IMarketData bars)
    {
        _ledger = ledger;
        _bars = bars;
    }

    /// <inheritdoc/>
    public string Source => _bars.Source;

    /// <inheritdoc/>
    public IReadOnlyList<string> Symbols => _bars.Symbols;

    /// <inheritdoc/>
    public string? Benchmark => _bars.Benchmark;

    /// <summary>Loads the bars of a ledger.</summary>
    public static async Task<LiveMarket> LoadAsync(Ledger ledger, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return new LiveMarket(ledger, await new BarStore(ledger).LoadAsync(cancellationToken));
    }

    /// <summary>Takes in what was added to the ledger.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        _bars = await new BarStore(_ledger).LoadAsync(cancellationToken);
        _calendars.Clear();
    }

    /// <inheritdoc/>
    public SessionCalendar GetCalendar(string symbol)
    {
        SessionCalendar known = _bars.GetCalendar(symbol);
        if (known.Sessions.Length == 0)
        {
            return known;
        }

        DateOnly last = known.Sessions[^1];
        var moment = new DateTimeOffset(last, TimeOnly.MinValue, TimeSpan.Zero);
        if (!Exchange.FollowsNewYork(symbol, moment) || last.Year + 2 > NyseCalendar.LastYear)
        {
            return known;
        }

        string exchange = Exchange.CodeOf(symbol);
        if (!_calendars.TryGetValue(exchange, out SessionCalendar? calendar))
        {
            IEnumerable<DateOnly> ahead = NyseCalendar.Sessions(last.AddDays(1), last.AddDays(DaysAhead)).Sessions;
            _calendars[exchange] = calendar = new SessionCalendar(known.Sessions.Concat(ahead));
        }

        return calendar;
    }

    /// <inheritdoc/>
    public ValueTask<MarketSnapshot> GetSnapshotAsync(
        string symbol,
        DateTimeOffset asOf,
        CancellationToken cancellationToken = default
    ) => _bars.GetSnapshotAsync(symbol, asOf, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BarSeries> GetBarsAsync(
        string symbol,
        DateTimeOffset knownAt,
        CancellationToken cancellationToken = default
    ) => _bars.GetBarsAsync(symbol, knownAt, cancellationToken);
}
