using Rlaif.Outcomes.Brokers;

namespace Rlaif;

/// <summary>What must not go on over a split: orders in old shares that a broker did not change, and orders that it would take for others until it counts the new shares.</summary>
internal sealed class SplitWatch(IBroker broker, TradingDesk desk, EntryBook entries)
{
    /// <summary>Cancels orders that wait and are still in old shares: filled, they would open or close another part of a position than they were sent for.</summary>
    /// <returns>The symbols of which nothing may be sent now: split, and not counted so by the broker.</returns>
    public async Task<IReadOnlySet<string>> LookAsync(MarketView view, CancellationToken cancellationToken)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        bool isChanged = false;
        foreach (Order order in desk.Journal.Pending.Select(id => desk.Journal.Find(id)!).ToArray())
        {
            try
            {
                isChanged |= view.Bars.ContainsKey(order.Symbol) && await EndIfStaleAsync(order, view, cancellationToken);
            }
            catch (BrokerDoubtException)
            {
                // Tried again with the next job; what is about other symbols goes on.
                held.Add(order.Symbol);
            }
        }

        if (isChanged)
        {
            await desk.SyncAsync(cancellationToken);
        }

        string[] split = [.. view.Bars.Keys.Where(view.Shares.IsSplitWithoutBar)];
        if (split.Length > 0)
        {
            ILookup<string, decimal> theirs = (await broker.GetPositionsAsync(cancellationToken)).ToLookup(
                p => p.Symbol,
                p => p.Quantity
            );
            ILookup<string, Fill> fills = desk.Journal.Fills.ToLookup(f => f.Symbol);
            held.UnionWith(
                split.Where(s =>
                    !view.Shares.CountsSplit(s) || Math.Abs(theirs[s].Sum() - view.Shares.Of(fills[s])) >= ShareCount.Negligible
                )
            );
        }

        return held;
    }

    private async Task<bool> EndIfStaleAsync(Order order, MarketView view, CancellationToken cancellationToken)
    {
        bool isOld = view.Shares.Since(order.Symbol, order.CreatedAt) != 1;
        if (!isOld && !(view.Shares.IsSplitWithoutBar(order.Symbol) && view.Shares.CountsSplit(order.Symbol)))
        {
            return false;
        }

        if (await broker.FindAsync(order.ClientOrderId, cancellationToken) is not { } state)
        {
            if (isOld)
            {
                await desk.GiveUpAsync(order, "it never arrived before a split", cancellationToken);
            }

            return isOld;
        }

        // Brokers that change orders themselves name another quantity than was sent.
        bool isStale =
            state.IsOpen
            && state.Quantity is not null
            && state.Quantity == order.Quantity
            && (isOld || IsOfOtherSize(order, state, view));
        if (isStale)
        {
            await desk.CancelAsync(order, cancellationToken);
        }

        return isStale;
    }

    /// <summary>Of an exit that was sent on the day of the split: whether that was before anybody knew of it.</summary>
    private bool IsOfOtherSize(Order order, OrderState state, MarketView view) =>
        order.Quantity >= 1
        && order.DecisionId is { } decision
        && order.ClientOrderId != EntryBook.IdOf(decision)
        && desk.Journal.Find(EntryBook.IdOf(decision)) is { } entry
        && state.Quantity - state.FilledQuantity != Math.Floor(entries.Left(entry, view.Shares));
}
