using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>
/// Leads the analysts' debate. In a round everyone answers the reports as they stood at the end of the round before, so the order in
/// which analysts are listed or finish changes nothing.
/// </summary>
public static class DebateModerator
{
    /// <summary>Collects the opening reports and holds up to <paramref name="rounds"/> rounds.</summary>
    /// <param name="analysts">The analysts, each with a role of its own; asked concurrently.</param>
    /// <param name="snapshot">What all of them see.</param>
    /// <param name="rounds">Most rounds to hold, 0 or more.</param>
    /// <param name="tolerance">The debate ends after a round in which no score moved by more than this.</param>
    /// <param name="cancellationToken">Cancels the debate.</param>
    /// <exception cref="InvalidOperationException">An analyst gave a score or a confidence out of range.</exception>
    public static async ValueTask<Debate> HoldAsync(
        IReadOnlyList<IAnalyst> analysts,
        MarketSnapshot snapshot,
        int rounds,
        double tolerance,
        CancellationToken cancellationToken = default
    )
    {
        IAnalyst[] team = [.. analysts.OrderBy(a => a.Role)];
        AnalystReport?[] reports = await Task.WhenAll(team.Select(a => a.AnalyzeAsync(snapshot, cancellationToken).AsTask()));
        team = [.. team.Where((_, i) => reports[i] is not null)];
        AnalystReport[] opening = [.. reports.OfType<AnalystReport>()];
        foreach (AnalystReport report in opening)
        {
            Require(report.Role, report.Score, report.Confidence);
        }

        AnalystReport[] standing = opening;
        var turns = new List<DebateTurn>();
        bool converged = false;
        for (int round = 1; round <= rounds && !converged; round++)
        {
            DebateTurn?[] answers = await HoldRoundAsync(team, snapshot, standing, round, cancellationToken);
            converged = answers.All(t => t is null || Math.Abs(t.ScoreAfter - t.ScoreBefore) <= tolerance);
            standing = [.. standing.Zip(answers, Revise)];
            turns.AddRange(answers.OfType<DebateTurn>());
        }

        return new Debate
        {
            Opening = opening,
            Turns = turns,
            Closing = standing,
            Converged = converged,
        };
    }

    private static async Task<DebateTurn?[]> HoldRoundAsync(
        IAnalyst[] team,
        MarketSnapshot snapshot,
        AnalystReport[] standing,
        int round,
        CancellationToken cancellationToken
    )
    {
        return await Task.WhenAll(
            team.Select(
                (analyst, i) =>
                    analyst
                        .AnswerAsync(
                            snapshot,
                            standing[i],
                            [.. standing.Where((_, other) => other != i)],
                            round,
                            cancellationToken
                        )
                        .AsTask()
            )
        );
    }

    private static AnalystReport Revise(AnalystReport report, DebateTurn? turn)
    {
        if (turn is null)
        {
            return report;
        }

        Require(turn.Role, turn.ScoreAfter, turn.ConfidenceAfter);
        return report with { Score = turn.ScoreAfter, Confidence = turn.ConfidenceAfter };
    }

    private static void Require(AnalystRole role, double score, double confidence)
    {
        // Written so that NaN fails too.
        if (!(Math.Abs(score) <= 1) || !(confidence is >= 0 and <= 1))
        {
            throw new InvalidOperationException(
                $"The {role} analyst gave score {score} and confidence {confidence}; allowed are [-1, 1] and [0, 1]."
            );
        }
    }
}
