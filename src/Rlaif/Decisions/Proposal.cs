namespace Rlaif.Decisions;

/// <summary>What the team brings for one context: the context itself and its candidates, the static baseline first.</summary>
public sealed record Proposal(DecisionContext Context, IReadOnlyList<Candidate> Candidates);
