using Rlaif.Outcomes.Brokers;

namespace Rlaif.Outcomes.Risk;

/// <summary>
/// Holds an order against the limits. Whatever is on its way counts as if the worse of it came true: of the orders that wait in an instrument, all that
/// enlarge a side and none that reduce it.
/// </summary>
internal static class RiskGate
{
    /// <summary>The first limit that an order would break; null when it may be sent.</summary>
    public static RiskRefusal? Check(Order order, RiskView view, RiskLimits limits, DateTimeOffset now)
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        return Breaches(order, view, limits)
            .Select(b => RiskRefusal.Of(order, b.Rule, b.Text, now, b.Value, b.Limit))
            .FirstOrDefault();
    }

    private static IEnumerable<(string Rule, double? Value, double? Limit, string Text)> Breaches(
        Order order,
        RiskView view,
        RiskLimits limits
    )
    {
        if (limits.AllowedSymbols?.Contains(order.Symbol) == false)
        {
            yield return (
                "allowed_symbols",
                null,
                null,
                $"{order.Symbol} is not among the allowed symbols ({string.Join(", ", limits.AllowedSymbols)})"
            );
        }

        if (limits.TradingHoursOnly && !view.IsOpen)
        {
            yield return ("trading_hours", null, null, "the exchange is closed");
        }

        if (view.OrdersInLastMinute >= limits.MaxOrdersPerMinute)
        {
            yield return Number(
                "max_orders_per_minute",
                view.OrdersInLastMinute + 1,
                limits.MaxOrdersPerMinute,
                "orders within a minute"
            );
        }

        if (!view.Prices.TryGetValue(order.Symbol, out decimal price) || price <= 0)
        {
            yield return ("price_known", null, null, $"no price of {order.Symbol} is known");
            yield break;
        }

        foreach (
            decimal given in new[] { order.LimitPrice, order.StopPrice, order.TargetPrice, order.StopLossPrice }.OfType<decimal>()
        )
        {
            double distance = Math.Abs((double)(given / price) - 1);
            if (distance > limits.PriceCollar)
            {
                yield return Number(
                    "price_collar",
                    distance,
                    limits.PriceCollar,
                    $"away from the last price {price:0.####} is {given:0.####}"
                );
            }
        }

        decimal quantity = order.Quantity ?? (order.Notional!.Value / price);
        if (!Reduces(order, quantity, view))
        {
            foreach (
                (string Rule, double? Value, double? Limit, string Text) breach in Exposures(order, quantity, price, view, limits)
            )
            {
                yield return breach;
            }
        }
    }

    private static IEnumerable<(string Rule, double? Value, double? Limit, string Text)> Exposures(
        Order order,
        decimal quantity,
        decimal price,
        RiskView view,
        RiskLimits limits
    )
    {
        double equity = (double)view.Account.Equity;
        // At its own price where it has a higher one: a limit order may cost that much.
        decimal notional = quantity * Math.Max(price, order.LimitPrice ?? order.StopPrice ?? price);
        if (notional > limits.MaxOrderNotional)
        {
            yield return Number("max_order_notional", (double)notional, (double)limits.MaxOrderNotional, "is the order worth");
        }

        if (equity <= 0)
        {
            yield return Number("equity", equity, 0, "is the account's equity");
            yield break;
        }

        double lossToday = 1 - (equity / (double)view.EquityAtLastClose);
        if (lossToday > limits.MaxDailyLoss)
        {
            yield return Number("max_daily_loss", lossToday, limits.MaxDailyLoss, "of the equity was lost today");
        }

        double drawdown = 1 - (equity / (double)view.HighestEquity);
        if (drawdown > limits.MaxDrawdown)
        {
            yield return Number("max_drawdown", drawdown, limits.MaxDrawdown, "below the highest equity is the account");
        }

        var after = RiskExposure.Of(view, order.Symbol, order.Sign * notional);
        if (after.OwnWorst / equity > limits.MaxPositionFraction)
        {
            yield return Number(
                "max_position_fraction",
                after.OwnWorst / equity,
                limits.MaxPositionFraction,
                $"of equity would be in {order.Symbol}"
            );
        }

        if (after.Gross / equity > limits.MaxGrossExposure)
        {
            yield return Number(
                "max_gross_exposure",
                after.Gross / equity,
                limits.MaxGrossExposure,
                "times equity would be the gross exposure"
            );
        }

        if (after.Net / equity > limits.MaxNetExposure)
        {
            yield return Number(
                "max_net_exposure",
                after.Net / equity,
                limits.MaxNetExposure,
                "times equity would be the net exposure"
            );
        }

        double cash = ((double)view.Account.Cash - after.Purchases) / equity;
        if (order.Side == OrderSide.Buy && cash < limits.CashReserve)
        {
            yield return Number("cash_reserve", cash, limits.CashReserve, "of equity would be left in cash");
        }
    }

    /// <summary>Whether an order, and all others that wait on its side, only make the position smaller.</summary>
    private static bool Reduces(Order order, decimal quantity, RiskView view)
    {
        if (order.Class == OrderClass.Bracket)
        {
            return false;
        }

        decimal held = view.Positions.FirstOrDefault(p => p.Symbol == order.Symbol)?.Quantity ?? 0;
        decimal waiting = view
            .OpenOrders.Where(o => o.Symbol == order.Symbol && o.Side == order.Side && o.Status != OrderStatus.Held)
            .Sum(o => o.Quantity - o.FilledQuantity ?? Math.Abs(held));
        return Math.Sign(held) == -order.Sign && quantity + waiting <= Math.Abs(held);
    }

    private static (string Rule, double? Value, double? Limit, string Text) Number(
        string rule,
        double value,
        double limit,
        string what
    ) => (rule, value, limit, $"{rule}: {value:0.####} {what}, {limit:0.####} allowed");
}
