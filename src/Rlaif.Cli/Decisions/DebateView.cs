using Rlaif.Decisions;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>One decision for people: who said what, who was moved, what was proposed and what was taken.</summary>
internal static class DebateView
{
    public static void Show(IAnsiConsole console, DecidedContext decided)
    {
        DecisionContext context = decided.Proposal.Context;
        TradingDecision decision = decided.Decision;
        console.WriteLine(
            $"{context.Symbol} at the close of {context.AsOf:yyyy-MM-dd HH:mm} UTC, last price {context.ReferencePrice:0.00##}"
        );
        console.WriteLine("\nOpening");
        foreach (AnalystReport report in context.Debate.Opening)
        {
            console.WriteLine($"  {report.Role}: score {report.Score:+0.00;-0.00;0.00}, confidence {report.Confidence:0.00}");
            console.WriteLine($"    {report.Analysis}");
        }

        foreach (IGrouping<int, DebateTurn> round in context.Debate.Turns.GroupBy(t => t.Round))
        {
            console.WriteLine($"\nRound {round.Key}");
            foreach (DebateTurn turn in round)
            {
                console.WriteLine($"  {turn.Role}: {turn.ScoreBefore:+0.00;-0.00;0.00} to {turn.ScoreAfter:+0.00;-0.00;0.00}");
                console.WriteLine($"    {turn.Statement}");
            }
        }

        console.WriteLine($"\nCandidates (chosen by {decision.Selector})");
        console.Write(Candidates(decided));
        Candidate accepted = decided.Proposal.Candidates.First(c => c.CandidateId == decision.CandidateId);
        console.WriteLine(
            $"Decision {decision.DecisionId}: {Words(decision.Action)} {100 * decision.PositionSize:0.0}% of equity"
        );
        console.WriteLine($"  {accepted.Analysis}");
        foreach (string step in accepted.Reasoning)
        {
            console.WriteLine($"  - {step}");
        }

        console.WriteLine();
    }

    private static Table Candidates(DecidedContext decided)
    {
        Table table = new Table().AddColumns("", "stance", "action", "size (% of equity)", "score", "confidence", "reward");
        foreach (Candidate c in decided.Proposal.Candidates)
        {
            table.AddRow(
                c.CandidateId == decided.Decision.CandidateId ? ">" : "",
                c.Stance,
                Words(c.Action),
                $"{100 * c.PositionSize:0.0}",
                $"{c.Score:+0.00;-0.00;0.00}",
                $"{c.Confidence:0.00}",
                decided.Decision.Rewards is { } rewards ? $"{rewards[c.Index]:+0.000;-0.000;0.000}" : "none"
            );
        }

        return table;
    }

    private static string Words(TradeAction action) => action.ToString().ToLowerInvariant();
}
