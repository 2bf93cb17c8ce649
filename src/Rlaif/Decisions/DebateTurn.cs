namespace Rlaif.Decisions;

/// <summary>One analyst's answer to the others in one round of the debate.</summary>
public sealed record DebateTurn
{
    /// <summary>Round, from 1.</summary>
    public required int Round { get; init; }

    /// <summary>Who speaks.</summary>
    public required AnalystRole Role { get; init; }

    /// <summary>Score before and after the answer, in [-1, 1].</summary>
    public required double ScoreBefore { get; init; }

    /// <inheritdoc cref="ScoreBefore"/>
    public required double ScoreAfter { get; init; }

    /// <summary>Confidence before and after the answer, in [0, 1].</summary>
    public required double ConfidenceBefore { get; init; }

    /// <inheritdoc cref="ConfidenceBefore"/>
    public required double ConfidenceAfter { get; init; }

    /// <summary>What was said, and why the view moved or did not.</summary>
    public required string Statement { get; init; }
}
