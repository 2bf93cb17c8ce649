namespace Rlaif.Outcomes.Brokers;

/// <summary>How many shares orders open or enlarge a position by, in their turn: shares that one order closes are not there for the next.</summary>
internal static class PaperOpenings
{
    /// <summary>Shares and price of each order that can be filled. Of a one-cancels-other pair only one ever is.</summary>
    public static IEnumerable<(decimal Shares, decimal Price)> Of(IEnumerable<PaperOrder> orders, PaperBook book)
    {
        var left = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (
            PaperOrder order in orders.Where(o =>
                o.Status != OrderStatus.Held && (o.PartnerId is null || o.Order.Type != OrderType.Stop)
            )
        )
        {
            string symbol = order.Order.Symbol;
            decimal price = order.Order.LimitPrice ?? order.Order.StopPrice ?? book.PriceOf(symbol) ?? 0;
            decimal rest = order.Rest ?? (price > 0 ? (order.Order.Notional!.Value - order.Paid) / price : 0);
            decimal held = left.TryGetValue(symbol, out decimal known) ? known : book.SharesOf(symbol);
            decimal closing = Math.Sign(held) == -order.Order.Sign ? Math.Min(rest, Math.Abs(held)) : 0;
            left[symbol] = held + (order.Order.Sign * closing);
            yield return (rest - closing, price);
        }
    }
}
