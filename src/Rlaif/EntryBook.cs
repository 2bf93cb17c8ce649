using Rlaif.Outcomes.Brokers;

namespace Rlaif;

/// <summary>The orders that opened positions, and what is left of each, by the orders and fills of the ledger and nothing else.</summary>
internal sealed class EntryBook(TradeJournal journal)
{
    private const string Opening = "open";

    private readonly List<Order> _live = [];
    private readonly List<Order> _over = [];
    private readonly Dictionary<string, List<Order>> _bySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Order>> _closedByStops = new(StringComparer.Ordinal);

    /// <summary>The id of the order that opens the position of a decision.</summary>
    public static string IdOf(string decisionId) => Order.CreateId(decisionId, Opening);

    /// <summary>Entries that wait to be filled, or of which something is held, in the order in which they were sent; those that came back by a split that was learnt of late are the last.</summary>
    public IReadOnlyList<Order> Live(ShareCount shares)
    {
        foreach (Order order in journal.TakeNew())
        {
            if (order.IsOfHalt)
            {
                TradeJournal.ListOf(_closedByStops, order.Symbol).Add(order);
            }
            else if (order.DecisionId is { } decision && order.ClientOrderId == IdOf(decision))
            {
                _live.Add(order);
                TradeJournal.ListOf(_bySymbol, order.Symbol).Add(order);
            }
        }

        // A split that was learnt of late may show that something is left.
        Order[] back = [.. _over.Where(e => Left(e, shares) > 0)];
        _over.RemoveAll(back.Contains);
        _live.AddRange(back);
        Order[] over = [.. _live.Where(e => journal.EndOf(e.ClientOrderId) is not null && Left(e, shares) <= 0)];
        _live.RemoveAll(over.Contains);
        _over.AddRange(over);
        ForgetOld(shares);
        return [.. _live];
    }

    /// <summary>Shares of an entry that are still held; splits multiply them.</summary>
    public decimal Left(Order entry, ShareCount shares)
    {
        decimal own = Own(entry, shares);
        return own > 0 && _closedByStops.TryGetValue(entry.Symbol, out List<Order>? stops)
            ? own - ClosedByStops(entry, stops, shares)
            : own;
    }

    /// <summary>What adds up to nothing by itself needs not be kept; what a stop of trading closed counts against its entry for ever.</summary>
    private void ForgetOld(ShareCount shares)
    {
        foreach (Order entry in _over.Where(e => Own(e, shares) == 0 && journal.Forget(e.DecisionId!)).ToArray())
        {
            _over.Remove(entry);
            _bySymbol[entry.Symbol].Remove(entry);
        }
    }

    private decimal Own(Order entry, ShareCount shares) => entry.Sign * shares.Of(journal.FillsOfDecision(entry.DecisionId!));

    /// <summary>What a stop of trading closed belonged to no decision: it counts against the oldest entries that were held then.</summary>
    private decimal ClosedByStops(Order entry, List<Order> stops, ShareCount shares)
    {
        var left = new Dictionary<string, decimal>(StringComparer.Ordinal);
        decimal taken = 0;
        foreach (Fill fill in stops.SelectMany(o => journal.FillsOf(o.ClientOrderId)).OrderBy(f => f.At))
        {
            decimal rest = Math.Abs(shares.Of([fill]));
            foreach (Order held in _bySymbol[entry.Symbol].Where(e => e.Side != fill.Side && WasFilledBefore(e, fill)))
            {
                decimal there = left.GetValueOrDefault(held.ClientOrderId, Own(held, shares));
                decimal part = Math.Clamp(there, 0, rest);
                left[held.ClientOrderId] = there - part;
                rest -= part;
                taken += held.ClientOrderId == entry.ClientOrderId ? part : 0;
            }
        }

        return taken;
    }

    private bool WasFilledBefore(Order entry, Fill fill) =>
        journal.FillsOf(entry.ClientOrderId) is [var first, ..] && first.At < fill.At;
}
