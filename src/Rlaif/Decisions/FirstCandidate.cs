namespace Rlaif.Decisions;

/// <summary>The static baseline: always the first candidate.</summary>
public sealed class FirstCandidate : ICandidateSelector
{
    /// <summary>The name under which its decisions are recorded.</summary>
    public const string Name = "first";

    /// <inheritdoc/>
    public TradingDecision Select(Proposal proposal) => TradingDecision.Accept(proposal.Candidates[0], Name);
}
