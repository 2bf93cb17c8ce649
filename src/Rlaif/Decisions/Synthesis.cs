using Rlaif.Decisions.Llm;

namespace Rlaif.Decisions;

/// <summary>What a team makes of a debate.</summary>
internal sealed record Synthesis
{
    /// <summary>The question that all candidates answer.</summary>
    public required string Prompt { get; init; }

    /// <summary>The candidates with indices from 0 without gaps, the static baseline first; may be none.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>Under which conditions language models spoke.</summary>
    public AgentConditions? Conditions { get; init; }

    /// <summary>What was asked and said.</summary>
    public Transcript Transcript { get; init; } = Transcript.Empty;
}
