using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Validation.Reports;

namespace Rlaif;

/// <summary>One decision from debate to outcome, in words.</summary>
internal static class WorkedExample
{
    /// <summary>Adds the first decision of a generation whose candidates took both sides and are settled; nothing when there is none.</summary>
    public static void Append(HtmlReport report, GenerationReport generation)
    {
        ILookup<string, SettledCandidate> settled = generation.Settled.ToLookup(s => s.Context.ContextId);
        DecidedContext? example = generation.Decided.FirstOrDefault(d =>
            settled[d.Proposal.Context.ContextId].Count() == d.Proposal.Candidates.Count
            && d.Proposal.Candidates.Any(c => c.Action == TradeAction.Buy)
            && d.Proposal.Candidates.Any(c => c.Action == TradeAction.Sell)
        );
        if (example is null)
        {
            return;
        }

        DecisionContext context = example.Proposal.Context;
        report.Paragraph(
            $"Generation {generation.Generation}: {context.Symbol} on {context.AsOf:yyyy-MM-dd}, last price {context.ReferencePrice:0.00}."
        );
        report.Transcript("The debate", DebateTurns(context.Debate));
        report.Transcript("What the manager wrote", Written(example.Proposal.Candidates));
        report.Table(Candidates(example, [.. settled[context.ContextId].OrderBy(s => s.Candidate.Index)]));
    }

    private static IEnumerable<TranscriptTurn> DebateTurns(Debate debate) =>
        [
            .. debate.Opening.Select(r => new TranscriptTurn(
                $"{r.Role} analyst",
                $"{r.Analysis}\n{string.Join('\n', r.Reasoning)}",
                $"opening, score {r.Score:+0.00;-0.00;0.00}, confidence {r.Confidence:0.00}"
            )),
            .. debate.Turns.Select(t => new TranscriptTurn(
                $"{t.Role} analyst",
                t.Statement,
                $"round {t.Round}, score {t.ScoreBefore:+0.00;-0.00;0.00} to {t.ScoreAfter:+0.00;-0.00;0.00}"
            )),
        ];

    private static IEnumerable<TranscriptTurn> Written(IReadOnlyList<Candidate> candidates) =>
        candidates.Select(c => new TranscriptTurn(
            $"Candidate {c.Index}: {c.Stance}",
            $"{c.Analysis}\n{string.Join('\n', c.Reasoning)}"
        ));

    private static ReportTable Candidates(DecidedContext example, IReadOnlyList<SettledCandidate> settled)
    {
        IReadOnlyList<double>? rewards = example.Decision.Rewards;
        return new ReportTable(
            $"The candidates and what became of them, from {settled[0].Outcome.EntryAt:yyyy-MM-dd} (open) to {settled[0].Outcome.ExitAt:yyyy-MM-dd} (close); the accepted one is marked.",
            [
                new("Candidate", IsNumeric: false),
                new("Action", IsNumeric: false),
                new("Size", "of equity"),
                new("Score"),
                new("Reward"),
                new("Net return"),
                new("Contribution", "bp of equity"),
            ],
            [
                .. settled.Select(s =>
                    (IReadOnlyList<string?>)
                        [
                            $"{(s.Candidate.CandidateId == example.Decision.CandidateId ? "▸ " : "")}{s.Candidate.Index}: {s.Candidate.Stance}",
                            s.Candidate.Action.ToString().ToLowerInvariant(),
                            $"{100 * s.Candidate.PositionSize:0.0}%",
                            $"{s.Candidate.Score:+0.00;-0.00;0.00}",
                            rewards is null ? null : $"{rewards[s.Candidate.Index]:+0.000;-0.000;0.000}",
                            $"{100 * s.Outcome.NetReturn:+0.00;-0.00;0.00}%",
                            $"{10_000 * s.Outcome.PositionSize * s.Outcome.NetReturn:+0.0;-0.0;0.0}",
                        ]
                ),
            ]
        );
    }
}
