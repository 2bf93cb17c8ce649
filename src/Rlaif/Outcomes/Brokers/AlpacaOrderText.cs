using System.Globalization;
using System.Text.Json.Nodes;
using Rlaif.Data.Alpaca;

namespace Rlaif.Outcomes.Brokers;

/// <summary>Orders in Alpaca's words, and Alpaca's orders in ours.</summary>
internal static class AlpacaOrderText
{
    private const decimal Percent = 100;

    /// <summary>The body of <c>POST /v2/orders</c>; numbers are strings, as documented.</summary>
    public static JsonObject Request(Order order)
    {
        JsonObject body = new()
        {
            ["symbol"] = order.Symbol,
            ["side"] = order.Side == OrderSide.Buy ? "buy" : "sell",
            ["type"] = order.Type switch
            {
                OrderType.Market => "market",
                OrderType.Limit => "limit",
                OrderType.Stop => "stop",
                OrderType.StopLimit => "stop_limit",
                _ => "trailing_stop",
            },
            ["time_in_force"] = order.TimeInForce switch
            {
                TimeInForce.Day => "day",
                TimeInForce.Gtc => "gtc",
                _ => "cls",
            },
            ["client_order_id"] = order.ClientOrderId,
        };
        Add(body, "qty", order.Quantity);
        Add(body, "notional", order.Notional);
        Add(body, "stop_price", order.StopPrice);
        Add(body, "trail_price", order.TrailPrice);
        Add(body, "trail_percent", order.TrailFraction * Percent);
        if (order.Class == OrderClass.Oco)
        {
            // The order itself is the take-profit order, and its limit stands there.
            body["order_class"] = "oco";
            body["take_profit"] = Leg("limit_price", order.LimitPrice);
            body["stop_loss"] = Leg("stop_price", order.StopLossPrice);
            return body;
        }

        Add(body, "limit_price", order.LimitPrice);
        if (order.Class == OrderClass.Bracket)
        {
            body["order_class"] = "bracket";
            body["take_profit"] = Leg("limit_price", order.TargetPrice);
            body["stop_loss"] = Leg("stop_price", order.StopLossPrice);
        }

        return body;
    }

    /// <summary>The body of <c>PATCH /v2/orders/{id}</c>. Prices of the old order are repeated: they are required where it has them.</summary>
    public static JsonObject Changes(AlpacaOrder old, string newClientOrderId, OrderChange change)
    {
        JsonObject body = new() { ["client_order_id"] = newClientOrderId };
        bool trails = old.Type == "trailing_stop";
        // "qty must be > filled_qty": what is filled already is in it, as in ours.
        Add(body, "qty", change.Quantity);
        Add(body, "limit_price", change.LimitPrice ?? old.LimitPrice);
        Add(body, "stop_price", change.StopPrice ?? (trails ? null : old.StopPrice));
        return body;
    }

    /// <summary>An order as Alpaca states it.</summary>
    /// <param name="order">Alpaca's order.</param>
    /// <param name="name">The id under which we know it.</param>
    public static OrderState State(AlpacaOrder order, string name)
    {
        OrderStatus status = Status(order);
        decimal? paid = order.FilledQty * order.FilledAvgPrice;
        return new OrderState
        {
            ClientOrderId = name,
            Symbol = order.Symbol ?? "",
            Side = Side(order.Side),
            Status = status,
            Quantity = Plain(order.Qty),
            Notional = order.Qty is null ? Plain(Math.Max(0, order.Notional - (paid ?? 0) ?? 0)) : null,
            FilledQuantity = Plain(order.FilledQty)!.Value,
            AveragePrice = order.FilledQty > 0 ? Plain(order.FilledAvgPrice) : null,
            UpdatedAt = (order.UpdatedAt ?? order.SubmittedAt ?? order.CreatedAt ?? DateTimeOffset.UnixEpoch).ToUniversalTime(),
            Reason = Reason(order),
        };
    }

    /// <summary>Bought or sold; short sales are sales.</summary>
    public static OrderSide Side(string? side) =>
        side?.StartsWith("buy", StringComparison.Ordinal) == true ? OrderSide.Buy : OrderSide.Sell;

    /// <summary>A number without the zeros at its end, so that the same number is always the same text in the ledger.</summary>
    public static decimal? Plain(decimal? number)
    {
        const decimal One = 1.0000000000000000000000000000m;
        return number / One;
    }

    /// <summary>Whatever Alpaca does not call final is open: an order that is given up too early could be sent again.</summary>
    private static OrderStatus Status(AlpacaOrder order) =>
        order.Status switch
        {
            "filled" => OrderStatus.Filled,
            "canceled" => OrderStatus.Canceled,
            "expired" => OrderStatus.Expired,
            "replaced" => OrderStatus.Replaced,
            "rejected" => OrderStatus.Rejected,
            "held" => OrderStatus.Held,
            _ => order.FilledQty > 0 ? OrderStatus.PartiallyFilled : OrderStatus.Accepted,
        };

    private static string? Reason(AlpacaOrder order) =>
        order.Status switch
        {
            "new" or "accepted" or "held" or "partially_filled" or "filled" or "canceled" or "expired" => null,
            "replaced" when order.ReplacedBy is { } other => $"replaced by {other}",
            "rejected" => "rejected by Alpaca or an exchange, which give no reason",
            _ => order.Status,
        };

    private static JsonObject Leg(string name, decimal? price)
    {
        JsonObject leg = [];
        Add(leg, name, price);
        return leg;
    }

    private static void Add(JsonObject body, string name, decimal? value)
    {
        if (Plain(value) is { } number)
        {
            body[name] = number.ToString(CultureInfo.InvariantCulture);
        }
    }
}
