namespace Rlaif.Data.Alpaca;

/// <summary>
/// Keeps the bars of a ledger up to date, in the way in which they were pulled before: a session's bar when the session is over, minutes and hours as they
/// close. Asks only when something new can be there.
/// </summary>
/// <param name="client">Asks Alpaca.</param>
/// <param name="ledger">Where the bars are and go.</param>
/// <param name="symbols">Which, all of them pulled before; see <c>AlpacaPull</c>.</param>
public sealed class AlpacaFeed(AlpacaDataClient client, Ledger ledger, IReadOnlyList<string> symbols)
{
    private const string FreeLatestFeed = "iex";

    // A bar that did not come when it should have is not asked for every minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Before a session has a bar, it may have a split.
    private static readonly TimeSpan SplitPatience = TimeSpan.FromMinutes(30);

    private readonly AlpacaPull _pull = new(client, ledger);
    private AlpacaPullOptions? _kind;
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;

    /// <summary>Pulls what is new.</summary>
    /// <param name="now">The clock.</param>
    /// <param name="cancellationToken">Cancels between two replies; what came is kept.</param>
    /// <returns>What came; null when nothing was asked for.</returns>
    /// <exception cref="RlaifInputException">The bars are not of one kind, or were not pulled from Alpaca.</exception>
    /// <exception cref="AlpacaException">Alpaca does not give it.</exception>
    public async Task<AlpacaPullResult?> RefreshAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        _kind ??= await KindAsync(cancellationToken);
        Dictionary<string, StoredSymbol> stored = (await new BarStore(ledger).ListAsync(cancellationToken)).ToDictionary(s =>
            s.Symbol
        );
        DateOnly last = symbols.Min(s => stored.TryGetValue(s, out StoredSymbol? bars) ? bars.LastDate : DateOnly.MinValue);
        if (last == DateOnly.MinValue)
        {
            string missing = string.Join(", ", symbols.Where(s => !stored.ContainsKey(s)));
            throw new RlaifInputException($"No bars of {missing}. Pull some first: rlaif data pull {missing} --from DATE");
        }

        DateOnly newest = NyseCalendar.LastClosed(now - _kind.Delay);
        // The last bar of a session is over when the session is, and there some time later.
        DateTimeOffset over =
            now - _kind.Delay - (_kind.Timeframe == AlpacaTimeframe.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(2));
        DateOnly today = Exchange.NewYorkDay(now);
        bool isWithinDay = _kind.Timeframe != AlpacaTimeframe.Day;
        TimeSpan? patience =
            isWithinDay && (newest > last || NyseCalendar.IsOpen(now - _kind.Delay) || NyseCalendar.IsOpen(over)) ? TimeSpan.Zero
            : newest > last ? Patience
            : today > last && NyseCalendar.IsSession(today) ? SplitPatience
            : null;
        if (patience is null || now - _askedAt < patience)
        {
            return null;
        }

        // After an error it is asked for again soon.
        _askedAt = now - patience.Value + (patience < Patience ? patience.Value : Patience);
        DateOnly from = (isWithinDay || newest > last) && last < today ? last : today;
        AlpacaPullResult result = await _pull.RunAsync(_kind with { From = from, To = today }, null, cancellationToken);
        _askedAt = now;
        return result;
    }

    /// <summary>Makes sure that the bars can be kept up to date, before somebody relies on it.</summary>
    /// <exception cref="RlaifInputException">They are not of one kind, or reflect splits: later ones would change what is stored.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken = default) => _kind ??= await KindAsync(cancellationToken);

    /// <summary>The last trade prices of the symbols.</summary>
    /// <exception cref="AlpacaException">Alpaca does not give them.</exception>
    public async Task<IReadOnlyDictionary<string, AlpacaTrade>> LastTradesAsync(CancellationToken cancellationToken = default)
    {
        _kind ??= await KindAsync(cancellationToken);
        // The last trades of all exchanges need a subscription, those of one are free.
        return await client.GetLatestTradesAsync(symbols, FreeLatestFeed, cancellationToken);
    }

    /// <summary>Of what kind the bars are: minutes stay minutes, of one feed and one adjustment.</summary>
    private async Task<AlpacaPullOptions> KindAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PulledRange> ranges = await ledger.ReadAsync<PulledRange>(cancellationToken: cancellationToken);
        string[] kinds =
        [
            .. ranges.Where(r => symbols.Contains(r.Symbol) && r.What != PulledRange.News).Select(r => r.What).Distinct(),
        ];
        if (kinds.Length > 1)
        {
            throw new RlaifInputException(
                $"The bars were pulled in several ways ('{string.Join("', '", kinds)}') and cannot be kept up to date together; name symbols of one kind."
            );
        }

        if (kinds is [var only] && !only.Contains(" raw ", StringComparison.Ordinal))
        {
            throw new RlaifInputException(
                $"The bars were pulled as '{only}': with the next split, prices that are stored would be others. Pull raw ones into another home: rlaif data pull --adjustment raw"
            );
        }

        DateOnly today = Exchange.NewYorkDay(client.ServerNow);
        var options = new AlpacaPullOptions
        {
            Symbols = symbols,
            From = today,
            To = today,
        };
        return kinds is [var kind] && kind.Split(' ') is [var timeframe, var adjustment, var feed]
            ? options with
            {
                Timeframe = Enum.Parse<AlpacaTimeframe>(timeframe, ignoreCase: true),
                Adjustment = Enum.Parse<AlpacaAdjustment>(adjustment, ignoreCase: true),
                Feed = feed,
            }
            : options;
    }
}
