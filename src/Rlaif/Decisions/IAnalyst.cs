using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>An agent with one point of view. Implementations keep no state between calls and may be used from several threads.</summary>
public interface IAnalyst
{
    /// <summary>The point of view.</summary>
    AnalystRole Role { get; }

    /// <summary>Forms a view of the snapshot, before hearing anyone else; null when nothing usable came of it, which the team records.</summary>
    ValueTask<AnalystReport?> AnalyzeAsync(MarketSnapshot snapshot, CancellationToken cancellationToken = default);

    /// <summary>
    /// Hears the others and answers: a turn that keeps or revises the own report, with the reason. Null leaves the report as it stands.
    /// </summary>
    /// <param name="snapshot">The same snapshot.</param>
    /// <param name="own">The own report as it stands.</param>
    /// <param name="others">The other analysts' reports as they stood at the end of the round before.</param>
    /// <param name="round">Round, from 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<DebateTurn?> AnswerAsync(
        MarketSnapshot snapshot,
        AnalystReport own,
        IReadOnlyList<AnalystReport> others,
        int round,
        CancellationToken cancellationToken = default
    );
}
