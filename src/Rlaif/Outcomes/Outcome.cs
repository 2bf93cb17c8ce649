using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>
/// What a candidate earned, or would have earned, on the market path that followed it. Returns are fractions of the position's
/// notional at entry, signed by its side: positive is a gain for longs and shorts alike.
/// </summary>
public sealed record Outcome : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "outcome";

    /// <summary>Hash of candidate and provenance.</summary>
    public required string OutcomeId { get; init; }

    /// <summary>The candidate that was settled.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The context of the candidate.</summary>
    public required string ContextId { get; init; }

    /// <summary>The decision, when the candidate was the accepted one; else null.</summary>
    public required string? DecisionId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>What the candidate proposed.</summary>
    public required TradeAction Action { get; init; }

    /// <summary>Fraction of equity that the candidate committed, in [0, 1].</summary>
    public required double PositionSize { get; init; }

    /// <summary>When the position was opened, UTC; the same window is named for a hold.</summary>
    public required DateTimeOffset EntryAt { get; init; }

    /// <summary>Price at entry, as quoted then, before costs.</summary>
    public required decimal EntryPrice { get; init; }

    /// <summary>When the position was closed, UTC.</summary>
    public required DateTimeOffset ExitAt { get; init; }

    /// <summary>Price at exit, as quoted then, before costs.</summary>
    public required decimal ExitPrice { get; init; }

    /// <summary>Return before costs.</summary>
    public required double GrossReturn { get; init; }

    /// <summary>Return after commission, spread, slippage and borrow.</summary>
    public required double NetReturn { get; init; }

    /// <summary>All costs as a fraction of the notional at entry; never negative.</summary>
    public required double Costs { get; init; }

    /// <summary>Profit or loss after costs in currency, for <see cref="Quantity"/> shares.</summary>
    public required decimal Pnl { get; init; }

    /// <summary>Shares at entry; never negative, 0 for a hold.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Return of the benchmark over the same window, unsigned; null when there is no benchmark.</summary>
    public required double? BenchmarkReturn { get; init; }

    /// <summary>Largest fall of the position's equity from its running peak, entry included; a fraction, at most 0.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Best gross return touched inside the window, at least 0.</summary>
    public required double FavorableExcursion { get; init; }

    /// <summary>Worst gross return touched inside the window, at most 0.</summary>
    public required double AdverseExcursion { get; init; }

    /// <summary>Annualized Sharpe ratio of the position's period returns; null when there are too few of them.</summary>
    public required double? Sharpe { get; init; }

    /// <summary>Annualized Sortino ratio of the position's period returns; null when there are too few of them.</summary>
    public required double? Sortino { get; init; }

    /// <summary>Standard deviation of daily returns expected at the decision, a fraction; null when unknown.</summary>
    public required double? DailyVolatility { get; init; }

    /// <summary>Sensitivity to the benchmark estimated at the decision; null when unknown.</summary>
    public required double? Beta { get; init; }

    /// <summary>Trading days held, the entry day included.</summary>
    public required int HoldDays { get; init; }

    /// <summary>Why the position was closed.</summary>
    public required ExitReason ExitReason { get; init; }

    /// <summary>When the result could first be known, UTC: the close of the exit bar.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>Whether the candidate was traded or only settled on the path it would have had.</summary>
    public required OutcomeProvenance Provenance { get; init; }

    string ILedgerRecord.Id => OutcomeId;

    string? ILedgerRecord.ParentId => CandidateId;

    string? ILedgerRecord.Symbol => Symbol;

    /// <summary>The id of the outcome of a candidate.</summary>
    public static string CreateId(string candidateId, OutcomeProvenance provenance) =>
        ContentId.Create("out", candidateId, provenance.ToString());
}
