namespace Rlaif.Outcomes;

/// <summary>
/// A tracked decision as it stands at one moment, worked out from the ledger and the bars known then. Returns and profits are
/// fractions and currency, signed by the side: positive is a gain.
/// </summary>
public sealed record Position
{
    /// <summary>Hash of the decision.</summary>
    public required string PositionId { get; init; }

    /// <summary>The decision.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The candidate that was accepted.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>What is held.</summary>
    public required PositionSide Side { get; init; }

    /// <summary>Where it stands.</summary>
    public required PositionStatus Status { get; init; }

    /// <summary>Shares held now, or at the exit: splits multiply them. Null before the fill when no number of shares was asked for.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>When it was filled, UTC; null before the fill.</summary>
    public DateTimeOffset? EntryAt { get; init; }

    /// <summary>Price at entry, as quoted then; null before the fill.</summary>
    public decimal? EntryPrice { get; init; }

    /// <summary>Last known close, or the price at exit, as quoted then; null before the fill.</summary>
    public decimal? CurrentPrice { get; init; }

    /// <summary>Profit or loss at <see cref="CurrentPrice"/> before costs, splits and dividends included; null unless open.</summary>
    public decimal? UnrealizedPnl { get; init; }

    /// <summary>Return at <see cref="CurrentPrice"/> before costs, splits and dividends included; null unless open.</summary>
    public double? UnrealizedReturn { get; init; }

    /// <summary>Gain at which it is closed, a fraction of the entry price; null without a target.</summary>
    public double? TargetReturn { get; init; }

    /// <summary>Loss at which it is closed, a positive fraction of the entry price; null without a stop.</summary>
    public double? StopReturn { get; init; }

    /// <summary>When tracking began, UTC.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Trading day whose close ends the holding period; null before the fill or when the calendar does not reach it.</summary>
    public DateOnly? DueAt { get; init; }

    /// <summary>What keeps it from being filled or closed (see <see cref="SettlementReasons"/>); null when nothing does.</summary>
    public string? Problem { get; init; }

    /// <summary>When it was closed, UTC; null until then.</summary>
    public DateTimeOffset? ExitAt { get; init; }

    /// <summary>Why it was closed; null until then.</summary>
    public ExitReason? ExitReason { get; init; }

    /// <summary>Return after costs; null until closed.</summary>
    public double? NetReturn { get; init; }

    /// <summary>Profit or loss after costs, in currency; null until closed.</summary>
    public decimal? Pnl { get; init; }

    /// <summary>The outcome; null until closed.</summary>
    public string? OutcomeId { get; init; }
}
