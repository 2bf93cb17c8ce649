using Rlaif.Data;

namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// What a bar does to one order: the price at which it can be filled, and what it moves of the order's own memory. Within a bar only the open is known to come
/// first; whatever else the bar touched may have come in any order, and then the worse is assumed.
/// </summary>
/// <param name="Price">The price of a fill; null for none.</param>
/// <param name="AtOpen">Whether it is the open: then everything else in the bar comes after it.</param>
/// <param name="IsTriggered">Whether the stop price is reached by now.</param>
/// <param name="BestPrice">Best price so far, of a trailing stop.</param>
internal readonly record struct BarMatch(decimal? Price, bool AtOpen, bool IsTriggered, decimal? BestPrice)
{
    public static BarMatch Of(PaperOrder state, Bar bar, bool isLast)
    {
        Order order = state.Order;
        // Seen from a buyer: up is worse.
        int sign = order.Sign;
        return order.Type switch
        {
            OrderType.Market when order.TimeInForce == TimeInForce.Close => new BarMatch(
                isLast ? bar.Close : null,
                false,
                false,
                null
            ),
            OrderType.Market => new BarMatch(bar.Open, true, false, null),
            OrderType.Limit => Limit(order.LimitPrice!.Value, sign, bar, false),
            OrderType.Stop => Stop(order.StopPrice!.Value, sign, bar),
            OrderType.StopLimit when state.IsTriggered => Limit(order.LimitPrice!.Value, sign, bar, true),
            OrderType.StopLimit => StopLimit(order, sign, bar),
            _ => Trailing(state, sign, bar),
        };
    }

    /// <summary>Whether a session ends with a bar: whole series know it; where no later bar is there yet, the exchange's hours tell.</summary>
    public static bool IsLastOfSession(BarSeries series, Bar bar)
    {
        int next = series.FirstOpenAtOrAfter(bar.CloseTime);
        return next < series.Count
            ? series[next].Session != bar.Session
            : !NyseCalendar.IsSession(bar.Session)
                || !bar.IsPartOfASession
                || bar.CloseTime >= NyseCalendar.Hours(bar.Session).Close;
    }

    /// <summary>Extreme of the bar on the side that a buyer (sign 1) does not like, or a seller (sign -1).</summary>
    private static decimal Worst(Bar bar, int sign) => sign > 0 ? bar.High : bar.Low;

    private static decimal Best(Bar bar, int sign) => sign > 0 ? bar.Low : bar.High;

    private static BarMatch Limit(decimal limit, int sign, Bar bar, bool triggered) =>
        sign * (bar.Open - limit) <= 0 ? new BarMatch(bar.Open, true, triggered, null)
        : sign * (Best(bar, sign) - limit) <= 0 ? new BarMatch(limit, false, triggered, null)
        : new BarMatch(null, false, triggered, null);

    private static BarMatch Stop(decimal stop, int sign, Bar bar) =>
        sign * (bar.Open - stop) >= 0 ? new BarMatch(bar.Open, true, true, null)
        : sign * (Worst(bar, sign) - stop) >= 0 ? new BarMatch(stop, false, true, null)
        : default;

    private static BarMatch StopLimit(Order order, int sign, Bar bar)
    {
        (decimal limit, decimal stop) = (order.LimitPrice!.Value, order.StopPrice!.Value);
        if (sign * (bar.Open - stop) >= 0)
        {
            return Limit(limit, sign, bar, true);
        }

        bool reached = sign * (Worst(bar, sign) - stop) >= 0;
        // At the moment the stop is reached the price is the stop price; whether the limit is met later in the bar is not known.
        return reached && sign * (stop - limit) <= 0
            ? new BarMatch(stop, false, true, null)
            : new BarMatch(null, false, reached, null);
    }

    private static BarMatch Trailing(PaperOrder state, int sign, Bar bar)
    {
        // It trails from the first open on, and the open comes before whatever else the bar touches.
        decimal best = state.BestPrice is { } known && sign * (known - bar.Open) < 0 ? known : bar.Open;
        decimal trail = state.Order.TrailPrice ?? best * state.Order.TrailFraction!.Value;
        BarMatch match = Stop(best + (sign * trail), sign, bar);
        decimal extreme = Best(bar, sign);
        return match with { BestPrice = sign * (extreme - best) < 0 ? extreme : best };
    }
}
