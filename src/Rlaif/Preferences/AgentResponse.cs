using System.ComponentModel.DataAnnotations;

namespace Rlaif.Preferences;

/// <summary>What an agent of yours said about one symbol.</summary>
public sealed record AgentResponse
{
    /// <summary>From -1 (sell) to 1 (buy).</summary>
    [Range(-1.0, 1.0, ErrorMessage = "Score must be in -1..1.")]
    public required double Score { get; init; }

    /// <summary>How sure the agent says it is, in [0, 1]. A claim, not a probability.</summary>
    [Range(0.0, 1.0, ErrorMessage = "Confidence must be in 0..1.")]
    public required double Confidence { get; init; }

    /// <summary>The view in a few sentences.</summary>
    [Required(ErrorMessage = "Analysis must not be empty.")]
    public required string Analysis { get; init; }

    /// <summary>The steps that led to it; may be empty.</summary>
    [Required]
    public IReadOnlyList<string> Reasoning { get; init; } = [];
}
