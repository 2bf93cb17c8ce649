using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>A candidate with its context and what became of it: the unit of learning.</summary>
public sealed record SettledCandidate(DecisionContext Context, Candidate Candidate, Outcome Outcome);
