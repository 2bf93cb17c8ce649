namespace Rlaif.Data.Alpaca;

/// <summary>
/// Remembers what a stream has given, so that nothing is given twice: streams repeat themselves after they are opened again, and what was
/// missed is asked for with some overlap. Not safe for several threads.
/// </summary>
internal sealed class SeenUpdates
{
    private const int BarsPerSymbol = 1000;
    private const int MostTrades = 100_000;

    private readonly Dictionary<string, Bars> _bars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlpacaQuote> _quotes = new(StringComparer.Ordinal);
    private readonly Recent<(string, string, long, DateTimeOffset), bool> _trades = new(MostTrades);

    /// <summary>Symbols with a bar, a trade or a quote.</summary>
    internal IEnumerable<string> BarSymbols => _bars.Keys;

    /// <summary>The update as it is to be given; null when it is not: a repetition, or a quote that is older than the last.</summary>
    /// <param name="update">What came.</param>
    /// <param name="isRevision">Whether Alpaca calls it a revision.</param>
    /// <param name="now">The moment, for revisions are not known before they come.</param>
    internal AlpacaUpdate? New(AlpacaUpdate update, bool isRevision, DateTimeOffset now) =>
        update switch
        {
            AlpacaBar bar => NewBar(bar, isRevision, now),
            AlpacaTrade trade => _trades.TryAdd((trade.Symbol, trade.Exchange, trade.TradeId, trade.KnownAt), true)
                ? trade
                : null,
            AlpacaQuote quote => NewQuote(quote),
            _ => update,
        };

    private AlpacaBar? NewBar(AlpacaBar bar, bool isRevision, DateTimeOffset now)
    {
        if (!_bars.TryGetValue(bar.Symbol, out Bars? bars))
        {
            _bars[bar.Symbol] = bars = new Bars();
        }

        bool isKnown = bars.Known.TryGet(bar.Bar.OpenTime, out Bar known);
        // Asked for afterwards, a bar has what was reported late; it is no news that the stream would not have sent.
        if (isKnown && (known == bar.Bar || bar.IsBackfill))
        {
            return null;
        }

        bars.Known.Set(bar.Bar.OpenTime, bar.Bar);
        bool isLate = bar.Bar.OpenTime < bars.Last;
        bars.Last = isLate ? bars.Last : bar.Bar.OpenTime;
        bool revises = isRevision || isKnown;
        return bar with
        {
            IsLate = isLate && !revises,
            IsRevision = revises,
            KnownAt = revises && now > bar.Bar.CloseTime ? now : bar.Bar.CloseTime,
        };
    }

    private AlpacaQuote? NewQuote(AlpacaQuote quote)
    {
        bool isNew =
            !_quotes.TryGetValue(quote.Symbol, out AlpacaQuote? last)
            || quote.KnownAt > last.KnownAt
            || (quote.KnownAt == last.KnownAt && quote with { IsBackfill = last.IsBackfill } != last);
        if (isNew)
        {
            _quotes[quote.Symbol] = quote;
        }

        return isNew ? quote : null;
    }

    private sealed class Bars
    {
        internal Recent<DateTimeOffset, Bar> Known { get; } = new(BarsPerSymbol);

        internal DateTimeOffset Last { get; set; } = DateTimeOffset.MinValue;
    }

    /// <summary>The last so many entries.</summary>
    internal sealed class Recent<TKey, TValue>(int most)
        where TKey : notnull
    {
        private readonly Dictionary<TKey, TValue> _values = [];
        private readonly Queue<TKey> _order = new();

        internal bool TryGet(TKey key, out TValue? value) => _values.TryGetValue(key, out value);

        internal bool TryAdd(TKey key, TValue value)
        {
            if (!_values.TryAdd(key, value))
            {
                return false;
            }

            _order.Enqueue(key);
            if (_order.Count > most)
            {
                _values.Remove(_order.Dequeue());
            }

            return true;
        }

        internal void Set(TKey key, TValue value)
        {
            if (!TryAdd(key, value))
            {
                _values[key] = value;
            }
        }
    }
}
