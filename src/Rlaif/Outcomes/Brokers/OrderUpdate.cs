namespace Rlaif.Outcomes.Brokers;

/// <summary>What was learnt of an order that was sent: its state at one moment. The ledger's side of the broker's books.</summary>
public sealed record OrderUpdate : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "order_update";

    /// <summary>Hash of the state: the same state told twice is one.</summary>
    public required string UpdateId { get; init; }

    /// <summary>The state.</summary>
    public required OrderState State { get; init; }

    string ILedgerRecord.Id => UpdateId;

    string? ILedgerRecord.ParentId => State.ClientOrderId;

    string? ILedgerRecord.Symbol => State.Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => State.UpdatedAt;

    /// <summary>The note on a state.</summary>
    public static OrderUpdate Of(OrderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        string id = ContentId.Create(
            "order_update",
            state.ClientOrderId,
            state.Status.ToString(),
            FormattableString.Invariant($"{state.FilledQuantity}"),
            $"{state.UpdatedAt.UtcTicks}",
            // A broker may change these without a new time.
            FormattableString.Invariant($"{state.Quantity}/{state.Notional}/{state.AveragePrice}/{state.Reason}")
        );
        return new OrderUpdate { UpdateId = id, State = state };
    }
}
