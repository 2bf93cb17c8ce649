namespace Rlaif.Outcomes.Risk;

/// <summary>An order that was not sent, and the limit that it would have broken.</summary>
public sealed record RiskRefusal : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "risk_refusal";

    /// <summary>Hash of order, rule and moment.</summary>
    public required string RefusalId { get; init; }

    /// <summary>The order.</summary>
    public required string ClientOrderId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>The limit, snake_case and stable: <c>max_order_notional</c>, ... or <c>halted</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>What it would have come to; null where it is no number.</summary>
    public required double? Value { get; init; }

    /// <summary>What is allowed; null where it is no number.</summary>
    public required double? Limit { get; init; }

    /// <summary>The same in a sentence, with the numbers.</summary>
    public required string Text { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    string ILedgerRecord.Id => RefusalId;

    string? ILedgerRecord.ParentId => ClientOrderId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => At;
}
