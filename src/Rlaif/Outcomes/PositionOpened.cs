namespace Rlaif.Outcomes;

/// <summary>The ledger's note that a decision is tracked. Fill, price and profit are not in it: they follow from the bars.</summary>
public sealed record PositionOpened : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "position_opened";

    /// <summary>Hash of the decision.</summary>
    public required string PositionId { get; init; }

    /// <summary>The decision that is tracked.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The candidate that was accepted.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The context of the candidate.</summary>
    public required string ContextId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>What is held.</summary>
    public required PositionSide Side { get; init; }

    /// <summary>Fraction of equity committed, in [0, 1].</summary>
    public required double PositionSize { get; init; }

    /// <summary>Shares at entry; null for position size * equity / entry price.</summary>
    public required decimal? Quantity { get; init; }

    /// <summary>The moment of the decision, UTC: the first bar that opens at or after it fills the position.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When tracking began, UTC.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Holding period, costs, target and stop as they were agreed at the start; a later change of options does not move them.</summary>
    public required SettlementOptions Terms { get; init; }

    string ILedgerRecord.Id => PositionId;

    string? ILedgerRecord.ParentId => DecisionId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => OpenedAt;

    /// <summary>The id of the position of a decision.</summary>
    public static string CreateId(string decisionId) => ContentId.Create("pos", decisionId);
}
