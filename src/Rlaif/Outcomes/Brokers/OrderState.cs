using Rlaif.Outcomes.Risk;

namespace Rlaif.Outcomes.Brokers;

/// <summary>An order as its broker sees it at one moment.</summary>
public sealed record OrderState
{
    /// <summary>Our id of the order.</summary>
    public required string ClientOrderId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Buy or sell.</summary>
    public required OrderSide Side { get; init; }

    /// <summary>Where it stands.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>Shares asked for, splits included; null for a notional order that is not filled.</summary>
    public required decimal? Quantity { get; init; }

    /// <summary>Money that is still to be traded; null for an order of shares.</summary>
    public decimal? Notional { get; init; }

    /// <summary>Shares filled.</summary>
    public required decimal FilledQuantity { get; init; }

    /// <summary>Mean price of the fills; null without any.</summary>
    public required decimal? AveragePrice { get; init; }

    /// <summary>When the broker last changed it, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Why it was rejected, cancelled or replaced; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it can still be filled.</summary>
    public bool IsOpen => Status <= OrderStatus.PartiallyFilled;

    /// <summary>An order that was not taken.</summary>
    internal static OrderState Rejected(Order order, DateTimeOffset at, string reason) =>
        Unfilled(order, OrderStatus.Rejected, at, reason);

    /// <summary>An order that was written down, never came to the broker, and is not sent any more.</summary>
    internal static OrderState NeverArrived(Order order, DateTimeOffset at, string reason) =>
        Unfilled(order, OrderStatus.Expired, at, reason);

    private static OrderState Unfilled(Order order, OrderStatus status, DateTimeOffset at, string reason) =>
        new()
        {
            ClientOrderId = order.ClientOrderId,
            Symbol = order.Symbol,
            Side = order.Side,
            Status = status,
            Quantity = order.Quantity,
            FilledQuantity = 0,
            AveragePrice = null,
            UpdatedAt = at,
            Reason = reason,
        };
}
