namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// What Alpaca's documentation says it will not take, so that it is refused here with a clear reason; what depends on the market or the account is left to Alpaca.
/// Prices are refused, not rounded: what is sent is what the ledger holds.
/// </summary>
/// <remarks>
/// Sources: <see href="https://docs.alpaca.markets/docs/orders-at-alpaca">orders</see> (increments of prices),
/// <see href="https://docs.alpaca.markets/reference/postorder">reference</see> (length of ids),
/// <see href="https://docs.alpaca.markets/docs/fractional-trading">fractional trading</see>.
/// </remarks>
internal static class AlpacaOrderRules
{
    private const int LongestId = 128;
    private const int QuantityDecimals = 9;
    private const int Cents = 2;
    private const int HundredthsOfCents = 4;

    public static IEnumerable<string> Problems(Order order) =>
        IdProblems(order.ClientOrderId)
            .Concat(PriceProblems("limit price", order.LimitPrice))
            .Concat(PriceProblems("stop price", order.StopPrice))
            .Concat(PriceProblems("target price", order.TargetPrice))
            .Concat(PriceProblems("stop-loss price", order.StopLossPrice))
            .Concat(QuantityProblems(order));

    /// <summary>What is wrong with a replacement.</summary>
    public static IEnumerable<string> Problems(string newClientOrderId, OrderChange change) =>
        IdProblems(newClientOrderId)
            .Concat(PriceProblems("limit price", change.LimitPrice))
            .Concat(PriceProblems("stop price", change.StopPrice))
            .Concat(change is { Quantity: { } quantity } && !IsWhole(quantity) ? ["only whole shares can be replaced"] : []);

    private static IEnumerable<string> IdProblems(string id)
    {
        if (id.Length is 0 or > LongestId)
        {
            yield return $"the id of an order has 1 to {LongestId} characters at Alpaca, not {id.Length}";
        }
    }

    private static IEnumerable<string> PriceProblems(string name, decimal? price)
    {
        if (price is <= 0)
        {
            yield return FormattableString.Invariant($"{name} must be positive, not {price}");
        }

        int decimals = price >= 1 ? Cents : HundredthsOfCents;
        if (price is { } given && decimal.Round(given, decimals) != given)
        {
            yield return FormattableString.Invariant(
                $"{name} {given} has more than {decimals} decimals, which US exchanges do not take"
            );
        }
    }

    private static IEnumerable<string> QuantityProblems(Order order)
    {
        decimal given = order.Quantity ?? order.Notional ?? 0;
        if (decimal.Round(given, QuantityDecimals) != given)
        {
            yield return $"a quantity or notional has at most {QuantityDecimals} decimals";
        }

        bool mayBeFractional =
            order.TimeInForce == TimeInForce.Day && order.Class == OrderClass.Simple && order.Type != OrderType.TrailingStop;
        if (order.Quantity is { } shares && !IsWhole(shares) && !mayBeFractional)
        {
            yield return "parts of a share are for simple market, limit, stop and stop-limit orders of a day";
        }
    }

    private static bool IsWhole(decimal shares) => decimal.Truncate(shares) == shares;
}
