namespace Rlaif.Decisions;

/// <summary>One agent's view of one snapshot.</summary>
public sealed record AnalystReport
{
    /// <summary>Who speaks.</summary>
    public required AnalystRole Role { get; init; }

    /// <summary>From -1 (sell with conviction) over 0 (neutral) to 1 (buy with conviction).</summary>
    public required double Score { get; init; }

    /// <summary>How sure the agent says it is, in [0, 1]. A claim, not a probability.</summary>
    public required double Confidence { get; init; }

    /// <summary>The view in one or two sentences.</summary>
    public required string Analysis { get; init; }

    /// <summary>The steps that led to the view, each a sentence that names the facts it uses.</summary>
    public required IReadOnlyList<string> Reasoning { get; init; }
}
