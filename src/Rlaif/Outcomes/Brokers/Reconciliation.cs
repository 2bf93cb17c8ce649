using Rlaif.Data;

namespace Rlaif.Outcomes.Brokers;

/// <summary>Holds a broker's books against the ledger's.</summary>
internal sealed class Reconciliation(IBroker broker, TradeJournal journal, Ledger ledger, TimeProvider time)
{
    private static readonly TimeSpan NoLongerUnderWay = TimeSpan.FromDays(1);

    /// <summary>Positions that are not the sum of the fills, and orders that wait at the broker and are not ours.</summary>
    public async Task<IReadOnlyList<DeskDifference>> HoldingsAsync(
        IReadOnlyDictionary<string, BarSeries> bars,
        CancellationToken cancellationToken
    )
    {
        var found = new List<DeskDifference>();
        foreach ((string symbol, decimal here, BrokerPosition? theirs) in await UnequalAsync(bars, cancellationToken))
        {
            string text = FormattableString.Invariant(
                $"the broker holds {theirs?.Quantity ?? 0:0.######} of {symbol}, the fills in the ledger add up to {here:0.######}"
            );
            found.Add(new DeskDifference(symbol, "position", text));
        }

        IEnumerable<OrderState> strangers = (await broker.GetOpenOrdersAsync(cancellationToken)).Where(o =>
            journal.Find(Order.RootOf(o.ClientOrderId)) is null
        );
        found.AddRange(
            strangers.Select(o => new DeskDifference(
                o.Symbol,
                "order_unknown_to_ledger",
                $"order {o.ClientOrderId} waits at the broker and is not in the ledger"
            ))
        );
        return found;
    }

    /// <summary>Writes down what somebody did at the broker without us, as orders that were filled there: the fills add up to what it holds then.</summary>
    /// <returns>The symbols that were taken over, and those left alone because they are split today.</returns>
    public async Task<(IReadOnlyList<string> Taken, IReadOnlyList<string> Left)> AcceptHoldingsAsync(
        IReadOnlyDictionary<string, BarSeries> bars,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        var counted = new ShareCount(broker, bars, now);
        var batch = new LedgerBatch();
        (List<string> taken, List<string> left) = ([], []);
        foreach ((string symbol, decimal here, BrokerPosition? theirs) in await UnequalAsync(bars, cancellationToken))
        {
            if (counted.MayLackSplit(symbol))
            {
                left.Add(symbol);
                continue;
            }

            taken.Add(symbol);
            decimal shares = (theirs?.Quantity ?? 0) - here;
            var order = new Order
            {
                ClientOrderId = Order.CreateId(symbol, $"by hand/{now.UtcTicks}"),
                Symbol = symbol,
                Side = shares > 0 ? OrderSide.Buy : OrderSide.Sell,
                Quantity = Math.Abs(shares),
                IsOfHalt = true,
                CreatedAt = now,
            };
            decimal price = theirs?.LastPrice ?? LastPriceOf(symbol);
            batch.Add(order).Add(FillOf(order, price, now)).Add(OrderUpdate.Of(Filled(order, price, now)));
        }

        await ledger.AppendAsync(batch, cancellationToken);
        await journal.RefreshAsync(cancellationToken);
        return (taken, left);
    }

    /// <summary>Orders that were sent and that the broker has never seen. One that is too old to be under way still has ended.</summary>
    public async Task<IReadOnlyList<DeskDifference>> NeverArrivedAsync(CancellationToken cancellationToken)
    {
        var found = new List<DeskDifference>();
        foreach (string id in journal.Pending.ToArray())
        {
            if (await broker.FindAsync(id, cancellationToken) is not null)
            {
                continue;
            }

            Order order = journal.Find(id)!;
            if (time.GetUtcNow() - order.CreatedAt > NoLongerUnderWay)
            {
                var ended = OrderState.NeverArrived(order, time.GetUtcNow(), "it never arrived at the broker");
                await ledger.AppendAsync([OrderUpdate.Of(ended)], cancellationToken);
            }
            else
            {
                found.Add(
                    new DeskDifference(
                        order.Symbol,
                        "order_unknown_to_broker",
                        $"order {id} of {order.CreatedAt:u} never arrived at the broker"
                    )
                );
            }
        }

        return found;
    }

    /// <summary>The symbols of which the broker does not hold what the fills add up to, with that sum.</summary>
    private async Task<List<(string Symbol, decimal Here, BrokerPosition? Theirs)>> UnequalAsync(
        IReadOnlyDictionary<string, BarSeries> bars,
        CancellationToken cancellationToken
    )
    {
        var shares = new ShareCount(broker, bars, time.GetUtcNow());
        ILookup<string, Fill> fills = journal.Fills.ToLookup(f => f.Symbol);
        Dictionary<string, BrokerPosition> theirs = (await broker.GetPositionsAsync(cancellationToken)).ToDictionary(p =>
            p.Symbol
        );
        return
        [
            .. fills
                .Select(f => f.Key)
                .Union(theirs.Keys)
                .Order(StringComparer.Ordinal)
                .Select(s => (Symbol: s, Here: shares.Of(fills[s]), Theirs: theirs.GetValueOrDefault(s)))
                .Where(s =>
                    !IsEqual(s.Here, s.Theirs)
                    && !(shares.MayLackSplit(s.Symbol) && IsEqual(shares.WithoutToday(fills[s.Symbol]), s.Theirs))
                ),
        ];
    }

    private static bool IsEqual(decimal here, BrokerPosition? theirs) =>
        Math.Abs((theirs?.Quantity ?? 0) - here) < ShareCount.Negligible;

    private decimal LastPriceOf(string symbol) => journal.Fills.Where(f => f.Symbol == symbol).MaxBy(f => f.At)?.Price ?? 0;

    private static Fill FillOf(Order order, decimal price, DateTimeOffset at) =>
        new()
        {
            FillId = ContentId.Create("fill", order.ClientOrderId, "by hand"),
            ClientOrderId = order.ClientOrderId,
            Symbol = order.Symbol,
            Side = order.Side,
            Quantity = order.Quantity!.Value,
            Price = price,
            Costs = 0,
            At = at,
        };

    private static OrderState Filled(Order order, decimal price, DateTimeOffset at) =>
        new()
        {
            ClientOrderId = order.ClientOrderId,
            Symbol = order.Symbol,
            Side = order.Side,
            Status = OrderStatus.Filled,
            Quantity = order.Quantity,
            FilledQuantity = order.Quantity!.Value,
            AveragePrice = price,
            UpdatedAt = at,
            Reason = "by hand, taken over from the broker",
        };
}
