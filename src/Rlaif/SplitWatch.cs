using Rlaif.Outcomes.Brokers;

namespace Rlaif;

/// <summary>What must not go on over a split: orders in old shares that a broker did not change, and orders in new shares that it would not understand yet.</summary>
internal sealed class SplitWatch(IBroker broker, TradingDesk desk)
{
    /// <summary>Cancels orders that wait since before a split and are still in old shares: filled, they would open or close another part of a position than they were sent for.</summary>
    /// <returns>The symbols of which nothing may be sent yet: split, and not counted so by the broker.</returns>
    public async Task<IReadOnlySet<string>> LookAsync(MarketView view, CancellationToken cancellationToken)
    {
        foreach (string id in desk.Journal.Pending.ToArray())
        {
            Order order = desk.Journal.Find(id)!;
            if (
                view.Shares.Since(order.Symbol, order.CreatedAt) != 1
                && await broker.FindAsync(id, cancellationToken) is { IsOpen: true, Quantity: not null } state
                && state.Quantity == order.Quantity
            )
            {
                await desk.CancelAsync(order, cancellationToken);
            }
        }

        string[] split = [.. view.Bars.Keys.Where(view.Shares.IsSplitWithoutBar)];
        if (split.Length == 0)
        {
            return new HashSet<string>();
        }

        ILookup<string, decimal> theirs = (await broker.GetPositionsAsync(cancellationToken)).ToLookup(
            p => p.Symbol,
            p => p.Quantity
        );
        ILookup<string, Fill> fills = desk.Journal.Fills.ToLookup(f => f.Symbol);
        return split
            .Where(s => Math.Abs(theirs[s].Sum() - view.Shares.Of(fills[s])) >= ShareCount.Negligible)
            .ToHashSet(StringComparer.Ordinal);
    }
}
