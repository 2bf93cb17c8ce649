using Rlaif.Outcomes.Brokers;

namespace Rlaif.Outcomes.Risk;

/// <summary>An order that was not sent, and the limit that it would have broken.</summary>
public sealed record RiskRefusal : ILedgerRecord
{
    internal const string Halted = "halted";
    internal const string Reconciliation = "reconciliation";

    /// <inheritdoc/>
    public static string Kind => "risk_refusal";

    /// <summary>Hash of order, rule and moment.</summary>
    public required string RefusalId { get; init; }

    /// <summary>The order.</summary>
    public required string ClientOrderId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>The limit, snake_case and stable: <c>max_order_notional</c>, ... or <c>halted</c> or <c>reconciliation</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>What it would have come to; null where it is no number.</summary>
    public required double? Value { get; init; }

    /// <summary>What is allowed; null where it is no number.</summary>
    public required double? Limit { get; init; }

    /// <summary>The same in a sentence, with the numbers.</summary>
    public required string Text { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the same order may be sent when some time has passed, or somebody has lifted what is in its way.</summary>
    internal bool IsPassing => Rule is Halted or Reconciliation or "max_orders_per_minute" or "trading_hours" or "price_known";

    string ILedgerRecord.Id => RefusalId;

    string? ILedgerRecord.ParentId => ClientOrderId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => At;

    /// <summary>The refusal of an order.</summary>
    internal static RiskRefusal Of(
        Order order,
        string rule,
        string text,
        DateTimeOffset at,
        double? value = null,
        double? limit = null
    ) =>
        new()
        {
            RefusalId = ContentId.Create("refusal", order.ClientOrderId, rule, $"{at.UtcTicks}"),
            ClientOrderId = order.ClientOrderId,
            Symbol = order.Symbol,
            Rule = rule,
            Value = value,
            Limit = limit,
            Text = text,
            At = at,
        };
}
