using Rlaif.Validation;

namespace Rlaif;

/// <summary>What a judge was asked in one run, and what all its judgements in the ledger say.</summary>
public sealed record JudgeSummary
{
    /// <summary>Pairs judged in this run.</summary>
    public required int Judged { get; init; }

    /// <summary>Pairs of the draw that were not asked about, because this judge has been asked before.</summary>
    public required int Skipped { get; init; }

    /// <summary>Pairs asked about in this run of which a reply could not be used; it is kept, and they are not asked about again.</summary>
    public required int Failed { get; init; }

    /// <summary>Of all pairs that this judge has judged: those in which it prefers a candidate.</summary>
    public required int Preferred { get; init; }

    /// <summary>Of all pairs that this judge has judged: those in which it sees no better one.</summary>
    public required int Ties { get; init; }

    /// <summary>Of all pairs that this judge has judged: those in which the answer changed with the order, and counts as a tie.</summary>
    public required int OrderDependent { get; init; }

    /// <summary>How all of its judgements compare with what the market did.</summary>
    public required JudgeAgreement Agreement { get; init; }
}
