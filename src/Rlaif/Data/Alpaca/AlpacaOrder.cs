namespace Rlaif.Data.Alpaca;

/// <summary>An order as Alpaca states it. Prices are in US dollars, quantities in shares.</summary>
public sealed record AlpacaOrder
{
    /// <summary>Alpaca's id.</summary>
    public required string Id { get; init; }

    /// <summary>The id that whoever placed the order gave it.</summary>
    public string ClientOrderId { get; init; } = "";

    /// <summary>The instrument; empty for an order of several legs.</summary>
    public string? Symbol { get; init; }

    /// <summary><c>buy</c> or <c>sell</c>.</summary>
    public string? Side { get; init; }

    /// <summary><c>market</c>, <c>limit</c>, <c>stop</c>, <c>stop_limit</c> or <c>trailing_stop</c>.</summary>
    public string? Type { get; init; }

    /// <summary><c>day</c>, <c>gtc</c>, <c>opg</c>, <c>cls</c>, <c>ioc</c> or <c>fok</c>.</summary>
    public string? TimeInForce { get; init; }

    /// <summary><c>new</c>, <c>partially_filled</c>, <c>filled</c>, <c>canceled</c>, <c>expired</c>, <c>rejected</c>, ...</summary>
    public required string Status { get; init; }

    /// <summary>Ordered quantity; null when an amount of money was ordered.</summary>
    public decimal? Qty { get; init; }

    /// <summary>Ordered amount of money; null when a quantity was ordered.</summary>
    public decimal? Notional { get; init; }

    /// <summary>Filled quantity so far.</summary>
    public decimal FilledQty { get; init; }

    /// <summary>Average price of what is filled; null when nothing is.</summary>
    public decimal? FilledAvgPrice { get; init; }

    /// <summary>Limit, where it has one.</summary>
    public decimal? LimitPrice { get; init; }

    /// <summary>Stop, where it has one.</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>Distance of a trailing stop in currency, where it has one.</summary>
    public decimal? TrailPrice { get; init; }

    /// <summary>Distance of a trailing stop in percent (5 is 5%), where it has one.</summary>
    public decimal? TrailPercent { get; init; }

    /// <summary><c>simple</c> or empty, <c>bracket</c>, <c>oco</c> or <c>oto</c>.</summary>
    public string? OrderClass { get; init; }

    /// <summary>The orders that belong to it, where they were asked for and there are any.</summary>
    public IReadOnlyList<AlpacaOrder>? Legs { get; init; }

    /// <summary>When it was placed.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When it went to the exchange.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When it was filled completely.</summary>
    public DateTimeOffset? FilledAt { get; init; }

    /// <summary>When it was canceled.</summary>
    public DateTimeOffset? CanceledAt { get; init; }

    /// <summary>When it expired.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>The id of the order that replaced it.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>The id of the order that it replaced.</summary>
    public string? Replaces { get; init; }
}
