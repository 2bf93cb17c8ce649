namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// The paper broker's own note on an order, written whenever it changes: the newest note of an order is its state. Splits change the numbers of
/// <see cref="Order"/> as they do everyone's.
/// </summary>
internal sealed record PaperOrder : ILedgerRecord
{
    public static string Kind => "paper_order";

    /// <summary>The order as it stands.</summary>
    public required Order Order { get; init; }

    /// <summary>Number of the order by acceptance: the order in which orders of one instrument get their fills.</summary>
    public required int Number { get; init; }

    /// <summary>Number of the note, from 0.</summary>
    public required int Revision { get; init; }

    public required OrderStatus Status { get; init; }

    /// <summary>The order whose fill activates this one.</summary>
    public string? ParentId { get; init; }

    /// <summary>The order that is cancelled by a fill of this one, and the other way round.</summary>
    public string? PartnerId { get; init; }

    public decimal Filled { get; init; }

    /// <summary>Sum of the fills' prices times their shares.</summary>
    public decimal Paid { get; init; }

    /// <summary>When it was accepted: only bars that open then or later can fill it.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>The session after which a day order expires; null until a session can fill it.</summary>
    public DateOnly? Session { get; init; }

    /// <summary>Whether a stop-limit order's stop price was reached.</summary>
    public bool IsTriggered { get; init; }

    /// <summary>Best price since a trailing stop became active.</summary>
    public decimal? BestPrice { get; init; }

    /// <summary>Bars that open before it are behind this note.</summary>
    public required DateTimeOffset SeenUntil { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string? Reason { get; init; }

    public bool IsOpen => Status <= OrderStatus.PartiallyFilled;

    /// <summary>Shares that are not filled; null for a notional order.</summary>
    public decimal? Rest => Order.Quantity - Filled;

    string ILedgerRecord.Id => $"{Order.ClientOrderId}/{Revision}";

    string? ILedgerRecord.ParentId => Order.ClientOrderId;

    string? ILedgerRecord.Symbol => Order.Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => UpdatedAt;

    /// <summary>A second order that comes with this one and closes what it opens, or waits beside it.</summary>
    public PaperOrder Leg(string id, OrderType type, OrderSide side) =>
        this with
        {
            Number = Number + (type == OrderType.Stop ? 1 : 2),
            Order = Order with
            {
                ClientOrderId = id,
                Side = side,
                Type = type,
                Class = OrderClass.Simple,
                TimeInForce = ParentId is null ? Order.TimeInForce : TimeInForce.Gtc,
                LimitPrice = type == OrderType.Limit ? Order.TargetPrice : null,
                StopPrice = type == OrderType.Stop ? Order.StopLossPrice : null,
                TrailPrice = null,
                TrailFraction = null,
                TargetPrice = null,
                StopLossPrice = null,
            },
        };

    /// <summary>The order after a split of so many new shares for an old one.</summary>
    public PaperOrder Split(decimal ratio) =>
        this with
        {
            Filled = ShareCount.AfterSplit(Filled, ratio),
            BestPrice = BestPrice / ratio,
            Order = Order with
            {
                Quantity = Order.Quantity is { } shares ? ShareCount.AfterSplit(shares, ratio) : null,
                LimitPrice = Order.LimitPrice / ratio,
                StopPrice = Order.StopPrice / ratio,
                TrailPrice = Order.TrailPrice / ratio,
                TargetPrice = Order.TargetPrice / ratio,
                StopLossPrice = Order.StopLossPrice / ratio,
            },
        };

    public OrderState ToState() =>
        new()
        {
            ClientOrderId = Order.ClientOrderId,
            Symbol = Order.Symbol,
            Side = Order.Side,
            Status = Status,
            Quantity = Order.Quantity,
            Notional = Order.Notional - Paid,
            FilledQuantity = Filled,
            AveragePrice = Filled > 0 ? Paid / Filled : null,
            UpdatedAt = UpdatedAt,
            Reason = Reason,
        };
}
