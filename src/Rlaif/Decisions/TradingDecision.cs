namespace Rlaif.Decisions;

/// <summary>The candidate that was accepted for a context, and by whom.</summary>
public sealed record TradingDecision : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "decision";

    /// <summary>Hash of context, candidate and selector.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The context that was decided.</summary>
    public required string ContextId { get; init; }

    /// <summary>The candidate that was accepted.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>The moment of the decision, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>What was accepted.</summary>
    public required TradeAction Action { get; init; }

    /// <summary>Fraction of equity committed, in [0, 1].</summary>
    public required double PositionSize { get; init; }

    /// <summary>Who chose: <c>first</c> for the static baseline, else the selector's name and model version.</summary>
    public required string Selector { get; init; }

    /// <summary>The reward model's score of each candidate in index order; null when no model chose.</summary>
    public required IReadOnlyList<double>? Rewards { get; init; }

    string ILedgerRecord.Id => DecisionId;

    string? ILedgerRecord.ParentId => ContextId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => AsOf;

    /// <summary>Records that <paramref name="candidate"/> was accepted.</summary>
    public static TradingDecision Accept(Candidate candidate, string selector, IReadOnlyList<double>? rewards = null)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return new TradingDecision
        {
            DecisionId = ContentId.Create("dec", candidate.ContextId, candidate.CandidateId, selector),
            ContextId = candidate.ContextId,
            CandidateId = candidate.CandidateId,
            Symbol = candidate.Symbol,
            AsOf = candidate.AsOf,
            Action = candidate.Action,
            PositionSize = candidate.PositionSize,
            Selector = selector,
            Rewards = rewards,
        };
    }
}
