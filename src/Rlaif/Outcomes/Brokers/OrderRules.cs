namespace Rlaif.Outcomes.Brokers;

/// <summary>What makes sense in an order, whoever the broker is.</summary>
internal static class OrderRules
{
    public static IEnumerable<string> Problems(Order order)
    {
        if (order.Quantity is null == order.Notional is null)
        {
            yield return "give either quantity or notional";
        }

        if (
            order.Notional is not null
            && (order.Type != OrderType.Market || order.TimeInForce != TimeInForce.Day || order.Class != OrderClass.Simple)
        )
        {
            yield return "notional is for simple market orders of a day";
        }

        if (order.TimeInForce == TimeInForce.Close && (order.Type != OrderType.Market || order.Class != OrderClass.Simple))
        {
            yield return "an order for the close is a simple market order";
        }

        foreach ((string name, decimal? value, bool isNeeded) in Numbers(order))
        {
            if (value <= 0)
            {
                yield return FormattableString.Invariant($"{name} must be positive, not {value}");
            }
            else if (isNeeded && value is null)
            {
                yield return $"{name} is missing";
            }
            else if (!isNeeded && value is not null)
            {
                yield return $"{name} does not belong to it";
            }
        }

        foreach (string problem in TrailProblems(order).Concat(LegProblems(order)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<(string Name, decimal? Value, bool IsNeeded)> Numbers(Order order)
    {
        yield return ("quantity", order.Quantity, order.Notional is null);
        yield return ("notional", order.Notional, order.Quantity is null);
        yield return ("limit price", order.LimitPrice, order.Type is OrderType.Limit or OrderType.StopLimit);
        yield return ("stop price", order.StopPrice, order.Type is OrderType.Stop or OrderType.StopLimit);
        yield return ("target price", order.TargetPrice, order.Class == OrderClass.Bracket);
        yield return ("stop-loss price", order.StopLossPrice, order.Class != OrderClass.Simple);
    }

    private static IEnumerable<string> TrailProblems(Order order)
    {
        bool isTrailing = order.Type == OrderType.TrailingStop;
        if (isTrailing && order.TrailPrice is null == order.TrailFraction is null)
        {
            yield return "a trailing stop needs either a trail price or a trail fraction";
        }

        if (!isTrailing && (order.TrailPrice is not null || order.TrailFraction is not null))
        {
            yield return "a trail belongs to trailing stops";
        }

        if (order.TrailPrice <= 0 || order.TrailFraction is <= 0 or >= 1)
        {
            yield return "the trail must be positive, a fraction below 1";
        }
    }

    private static IEnumerable<string> LegProblems(Order order)
    {
        if (order.Class == OrderClass.Bracket && order.Sign * (order.TargetPrice - order.StopLossPrice) <= 0)
        {
            yield return "a bracket's target must lie on the winning side of its stop";
        }

        if (order.Class == OrderClass.Oco && order.Type != OrderType.Limit)
        {
            yield return "a one-cancels-other order is a limit order";
        }

        // Both legs close: a sell's stop lies below its limit, a buy's above.
        if (order.Class == OrderClass.Oco && order.Sign * (order.StopLossPrice - order.LimitPrice) <= 0)
        {
            yield return "the stop must lie on the losing side of the limit";
        }
    }
}
