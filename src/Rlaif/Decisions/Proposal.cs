using Rlaif.Decisions.Llm;

namespace Rlaif.Decisions;

/// <summary>What the team brings for one context: the context itself and its candidates, the static baseline first.</summary>
/// <param name="Context">The moment.</param>
/// <param name="Candidates">None when no usable candidate came of the language models; their replies are in the transcript.</param>
public sealed record Proposal(DecisionContext Context, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>What was asked of language models and what they said; empty for agents that follow rules, and for what is read back.</summary>
    public Transcript Transcript { get; init; } = Transcript.Empty;
}
