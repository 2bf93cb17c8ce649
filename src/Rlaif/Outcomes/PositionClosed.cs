namespace Rlaif.Outcomes;

/// <summary>The ledger's note that a tracked position is closed; the result stands in the outcome that it names.</summary>
public sealed record PositionClosed : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "position_closed";

    /// <summary>The position.</summary>
    public required string PositionId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>The outcome; null when the position was never filled.</summary>
    public required string? OutcomeId { get; init; }

    /// <summary>Why; <see cref="ExitReason.NoPosition"/> when it was never filled.</summary>
    public required ExitReason Reason { get; init; }

    /// <summary>Shares held at the exit, splits included; 0 when it was never filled.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Why it was never filled (see <see cref="SettlementReasons"/>); else null.</summary>
    public required string? Problem { get; init; }

    /// <summary>When the close could first be known, UTC.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    string ILedgerRecord.Id => PositionId;

    string? ILedgerRecord.ParentId => PositionId;

    string? ILedgerRecord.Symbol => Symbol;
}
