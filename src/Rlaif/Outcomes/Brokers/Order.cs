namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// An instruction to a broker. Its id is a function of what it is for, so that the same intention can never be sent as two orders: the ledger holds the order
/// before the broker does, and after any doubt the broker is asked for the id.
/// </summary>
public sealed record Order : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "order";

    /// <summary>The id under which the broker knows it.</summary>
    public required string ClientOrderId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Buy or sell.</summary>
    public required OrderSide Side { get; init; }

    /// <summary>Shares, positive, fractions allowed; null when <see cref="Notional"/> is given.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Amount of money to trade, positive, for market orders of a day; the shares follow from the price of the fill.</summary>
    public decimal? Notional { get; init; }

    /// <summary>When it may be filled. Default market.</summary>
    public OrderType Type { get; init; } = OrderType.Market;

    /// <summary>How long it waits. Default a day.</summary>
    public TimeInForce TimeInForce { get; init; } = TimeInForce.Day;

    /// <summary>Worst price of a limit or stop-limit order.</summary>
    public decimal? LimitPrice { get; init; }

    /// <summary>Price that sets off a stop or stop-limit order.</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>Distance of a trailing stop from the best price, in currency; null when it is a fraction.</summary>
    public decimal? TrailPrice { get; init; }

    /// <summary>Distance of a trailing stop as a fraction of the best price, in (0, 1).</summary>
    public decimal? TrailFraction { get; init; }

    /// <summary>What comes with it. Default nothing.</summary>
    public OrderClass Class { get; init; } = OrderClass.Simple;

    /// <summary>Limit price of a bracket's target.</summary>
    public decimal? TargetPrice { get; init; }

    /// <summary>Stop price of the second leg of a bracket or one-cancels-other pair.</summary>
    public decimal? StopLossPrice { get; init; }

    /// <summary>The decision behind it; null for one by hand.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Whether it belongs to no decision and counts against whatever is held: one by which a stop of trading closes a position, or one by hand. A stop does not cancel it.</summary>
    public bool IsOfHalt { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    string ILedgerRecord.Id => ClientOrderId;

    string? ILedgerRecord.ParentId => DecisionId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => CreatedAt;

    /// <summary>1 for a buy, -1 for a sell.</summary>
    internal int Sign => Side == OrderSide.Buy ? 1 : -1;

    /// <summary>The id of the stop that comes with a bracket or one-cancels-other pair.</summary>
    internal string StopLegId => $"{ClientOrderId}/stop";

    /// <summary>The id of the target that comes with a bracket; the target of a one-cancels-other pair is the order itself.</summary>
    internal string TargetLegId => $"{ClientOrderId}/target";

    /// <summary>The id of the order that an order came with; its own when it came alone.</summary>
    internal static string RootOf(string clientOrderId) => clientOrderId.Split('/')[0];

    /// <summary>The id of an order for a purpose.</summary>
    /// <param name="decisionId">The decision, or whatever else the order is for.</param>
    /// <param name="purpose">For example <c>open</c> or <c>close</c>.</param>
    public static string CreateId(string decisionId, string purpose) => ContentId.Create("order", decisionId, purpose);

    /// <summary>The order itself when it makes sense.</summary>
    /// <exception cref="RlaifInputException">Names everything that is missing, superfluous or out of range.</exception>
    public Order Validated()
    {
        string[] problems = [.. OrderRules.Problems(this)];
        return problems.Length == 0
            ? this
            : throw new RlaifInputException($"Order {ClientOrderId} is not valid: {string.Join("; ", problems)}.");
    }
}
