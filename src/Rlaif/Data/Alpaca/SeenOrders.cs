namespace Rlaif.Data.Alpaca;

/// <summary>Remembers what a stream of trade updates has given, so that nothing is given twice and what is old says so.</summary>
internal sealed class SeenOrders
{
    private const int MostEvents = 100_000;

    private readonly SeenUpdates.Recent<string, bool> _events = new(MostEvents);
    private readonly SeenUpdates.Recent<string, AlpacaOrder> _orders = new(MostEvents);

    /// <summary>The update as it is to be given; null for a repetition.</summary>
    internal AlpacaTradeUpdate? New(AlpacaTradeUpdate update)
    {
        AlpacaOrder order = update.Order;
        bool isKnown = _orders.TryGet(order.Id, out AlpacaOrder? last);
        bool isSnapshot = update.Event == AlpacaTradeUpdate.Snapshot;
        // A fill has an id of its own; the same event may otherwise come again with a newer order.
        string id =
            update.ExecutionId
            ?? update.EventId
            ?? FormattableString.Invariant(
                $"{order.Id}/{update.Event}/{order.UpdatedAt ?? update.Timestamp:O}/{order.FilledQty}"
            );
        if (isSnapshot ? isKnown && !IsNewer(order, last!) : !_events.TryAdd(id, true))
        {
            return null;
        }

        bool isStale = isKnown && IsNewer(last!, order);
        if (!isStale)
        {
            _orders.Set(order.Id, order);
        }

        return update with
        {
            IsStale = isStale,
        };
    }

    private static bool IsNewer(AlpacaOrder order, AlpacaOrder than) =>
        order.UpdatedAt is { } time && than.UpdatedAt is { } before && time != before
            ? time > before
            : order.FilledQty > than.FilledQty;
}
