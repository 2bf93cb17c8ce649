using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>A candidate that has no outcome yet, and how it is to be settled.</summary>
/// <param name="Context">Its context.</param>
/// <param name="Candidate">The candidate.</param>
/// <param name="DecisionId">The decision that accepted it, or null.</param>
/// <param name="Terms">The terms of the position that its context led to, or of its run; null when neither is recorded.</param>
/// <param name="Quantity">Shares at entry when the position names them; else null.</param>
internal sealed record UnsettledCandidate(
    DecisionContext Context,
    Candidate Candidate,
    string? DecisionId,
    SettlementOptions? Terms = null,
    decimal? Quantity = null
)
{
    internal SettlementResult Settle(MarketPath? path, DateTimeOffset now, SettlementOptions options) =>
        path is null
            ? SettlementResult.Failed(SettlementReasons.UnknownSymbol)
            : Settlement.Settle(Context, Candidate, path, now, Terms ?? options, DecisionId, Quantity);
}
