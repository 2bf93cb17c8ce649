namespace Rlaif.Decisions;

/// <summary>The transcript of one debate: opening reports, the turns, and the reports as they stood at the end.</summary>
public sealed record Debate
{
    /// <summary>Reports before anyone had heard the others.</summary>
    public required IReadOnlyList<AnalystReport> Opening { get; init; }

    /// <summary>The answers, in the order in which they were given.</summary>
    public required IReadOnlyList<DebateTurn> Turns { get; init; }

    /// <summary>Reports after the last round; the manager works from these.</summary>
    public required IReadOnlyList<AnalystReport> Closing { get; init; }

    /// <summary>Whether the last round moved nothing any more; false when views were still moving, or when no round was held.</summary>
    public required bool Converged { get; init; }
}
