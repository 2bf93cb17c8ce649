using Rlaif.Data;

namespace Rlaif.Outcomes.Brokers;

/// <summary>The cash and the holdings of a paper account: the sum of its entries, with the last price of each instrument.</summary>
internal sealed class PaperBook(PaperBrokerOptions options)
{
    private const decimal BasisPoints = 10_000m;
    private const decimal DaysPerYear = 365m;

    private readonly SortedDictionary<string, PaperHolding> _holdings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _prices = new(StringComparer.Ordinal);
    private int _entries;

    public decimal Cash { get; private set; } = options.Cash;

    /// <summary>The time of the latest fill; the default without any.</summary>
    public DateTimeOffset LastFillAt { get; private set; }

    public decimal SharesOf(string symbol) => _holdings.GetValueOrDefault(symbol)?.Shares ?? 0;

    public decimal? PriceOf(string symbol) => _prices.TryGetValue(symbol, out decimal price) ? price : null;

    public void Mark(string symbol, decimal price) => _prices[symbol] = price;

    public void Book(PaperEntry entry)
    {
        _entries = entry.Number + 1;
        Cash += entry.Cash;
        _holdings[entry.Symbol] = (_holdings.GetValueOrDefault(entry.Symbol) ?? new PaperHolding(0, 0, entry.Session)).After(
            entry
        );
        if (entry.Fill is { } fill)
        {
            LastFillAt = fill.At > LastFillAt ? fill.At : LastFillAt;
            _prices.TryAdd(fill.Symbol, fill.Price);
        }
    }

    /// <summary>What the coming of a session changes: splits, dividends, and the nights for which shares were borrowed. Each is to be booked before the next is asked for.</summary>
    public IEnumerable<PaperEntry> Advance(BarSeries series, Bar bar)
    {
        if (
            !_holdings.TryGetValue(series.Symbol, out PaperHolding? holding)
            || holding.Session >= bar.Session
            || holding.Shares == 0
        )
        {
            yield break;
        }

        DateOnly last = holding.Session;
        int nights = bar.Session.DayNumber - last.DayNumber;
        if (holding.Shares < 0)
        {
            yield return Dated(PaperEntryKind.Borrow, series.Symbol, bar, $"{bar.Session:O}", 0, -BorrowFee(holding, nights));
        }

        for (int i = 0; i < series.Actions.Length; i++)
        {
            CorporateAction action = series.Actions[i];
            if (action.ExDate <= last || action.ExDate > bar.Session)
            {
                continue;
            }

            // What was yielded before is booked by now, so a dividend counts the shares after the split of its day.
            decimal shares = SharesOf(series.Symbol);
            yield return action.Kind == CorporateActionKind.Split
                ? Dated(
                    PaperEntryKind.Split,
                    series.Symbol,
                    bar,
                    $"{action.ExDate:O}/{i}",
                    ShareCount.AfterSplit(shares, action.Value) - shares,
                    0
                )
                : Dated(PaperEntryKind.Dividend, series.Symbol, bar, $"{action.ExDate:O}/{i}", 0, shares * action.Value);
        }
    }

    /// <summary>The entry of a fill, costs included.</summary>
    public PaperEntry EntryOf(Order order, decimal quantity, BarMatch match, Bar bar)
    {
        decimal price = match.Price!.Value;
        // When in the bar is not known: the close is when it is certain.
        DateTimeOffset at = match.AtOpen ? bar.OpenTime : bar.CloseTime;
        decimal worth = quantity * price;
        decimal costs = worth * (decimal)options.CostBps / BasisPoints;
        string id = ContentId.Create("fill", order.ClientOrderId, $"{bar.OpenTime.UtcTicks}");
        var fill = new Fill
        {
            FillId = id,
            ClientOrderId = order.ClientOrderId,
            Symbol = order.Symbol,
            Side = order.Side,
            Quantity = quantity,
            Price = price,
            Costs = costs,
            At = at,
        };
        return new PaperEntry
        {
            EntryId = id,
            Number = _entries,
            What = PaperEntryKind.Fill,
            Symbol = order.Symbol,
            Shares = order.Sign * quantity,
            Cash = -(order.Sign * worth) - costs,
            Session = bar.Session,
            At = at,
            Fill = fill,
        };
    }

    public BrokerPosition[] Positions() =>
        [
            .. _holdings
                .Where(h => h.Value.Shares != 0)
                .Select(h => new BrokerPosition(h.Key, h.Value.Shares, h.Value.AveragePrice, _prices[h.Key])),
        ];

    /// <summary>The account, with this much of its buying power promised to open orders.</summary>
    public BrokerAccount Account(decimal promised)
    {
        BrokerPosition[] positions = Positions();
        decimal equity = Cash + positions.Sum(p => p.MarketValue);
        decimal gross = positions.Sum(p => Math.Abs(p.MarketValue));
        decimal power = (equity * (decimal)options.Leverage) - gross - promised;
        return new BrokerAccount(Cash, equity, gross, Math.Max(0, power));
    }

    private decimal BorrowFee(PaperHolding holding, int nights) =>
        -holding.Shares * holding.AveragePrice * (decimal)options.BorrowBpsPerYear / BasisPoints * nights / DaysPerYear;

    /// <summary>An entry that comes with a session: once, for from then on the session of the holding is not before it.</summary>
    private PaperEntry Dated(PaperEntryKind kind, string symbol, Bar bar, string what, decimal shares, decimal cash)
    {
        return new PaperEntry
        {
            EntryId = ContentId.Create("paper_entry", symbol, kind.ToString(), what),
            Number = _entries,
            What = kind,
            Symbol = symbol,
            Shares = shares,
            Cash = cash,
            Session = bar.Session,
            At = bar.OpenTime,
        };
    }
}
