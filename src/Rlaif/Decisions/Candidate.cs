namespace Rlaif.Decisions;

/// <summary>One proposal for one context.</summary>
public sealed record Candidate : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "candidate";

    /// <summary>Hash of context and index.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The context that it answers.</summary>
    public required string ContextId { get; init; }

    /// <summary>Position among the candidates of its context; 0 is the static baseline.</summary>
    public required int Index { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>The moment of the decision, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>What it proposes.</summary>
    public required TradeAction Action { get; init; }

    /// <summary>Fraction of equity to commit, in [0, 1] (0.05 is 5%); 0 exactly when the action is hold.</summary>
    public required double PositionSize { get; init; }

    /// <summary>From -1 (sell) to 1 (buy): the combined view behind the action.</summary>
    public required double Score { get; init; }

    /// <summary>How sure the manager says it is, in [0, 1]. A claim, not a probability.</summary>
    public required double Confidence { get; init; }

    /// <summary>How the manager came to it: which weighting, horizon and boldness (for example <c>balanced</c>, <c>contrarian</c>).</summary>
    public required string Stance { get; init; }

    /// <summary>The proposal in a few sentences.</summary>
    public required string Analysis { get; init; }

    /// <summary>The steps that led to it; the evidence is quoted here.</summary>
    public required IReadOnlyList<string> Reasoning { get; init; }

    string ILedgerRecord.Id => CandidateId;

    string? ILedgerRecord.ParentId => ContextId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => AsOf;

    /// <summary>The id of the candidate at <paramref name="index"/> of a context.</summary>
    public static string CreateId(string contextId, int index) => ContentId.Create("cand", contextId, index.ToString());
}
