namespace Rlaif.Data.Alpaca;

/// <summary>That something happened to an order. Prices are in US dollars, quantities in shares.</summary>
public sealed record AlpacaTradeUpdate
{
    /// <summary>The event of an order that was read after a gap: what happened meanwhile is in <see cref="Order"/>, not in events.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>
    /// <c>new</c>, <c>partial_fill</c>, <c>fill</c>, <c>canceled</c>, <c>expired</c>, <c>rejected</c>, <c>replaced</c>, <c>done_for_day</c>, ...,
    /// or <see cref="Snapshot"/>.
    /// </summary>
    public required string Event { get; init; }

    /// <summary>The order after the event.</summary>
    public required AlpacaOrder Order { get; init; }

    /// <summary>When it happened, UTC; null where Alpaca does not say.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The id of a fill.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>The id of the event, where there is one.</summary>
    public string? EventId { get; init; }

    /// <summary>Price of a fill; null for other events.</summary>
    public decimal? Price { get; init; }

    /// <summary>Quantity of a fill; null for other events.</summary>
    public decimal? Qty { get; init; }

    /// <summary>The whole position after a fill, negative when short; null for other events.</summary>
    public decimal? PositionQty { get; init; }

    /// <summary>When it came, by this machine's clock: it is known from then on.</summary>
    public DateTimeOffset KnownAt { get; init; }

    /// <summary>Whether a later state of the order came before it: a fill counts all the same, its <see cref="Order"/> is old.</summary>
    public bool IsStale { get; init; }
}
