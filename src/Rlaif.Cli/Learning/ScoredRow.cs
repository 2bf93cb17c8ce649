using Rlaif.Decisions;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>A candidate with its reward.</summary>
/// <param name="CandidateId">As in the file, or made from its moment and row.</param>
/// <param name="Symbol">The instrument.</param>
/// <param name="Action">What it proposes.</param>
/// <param name="Reward">Unitless, defined up to a constant: only differences mean something.</param>
/// <param name="RewardStd">Standard deviation among the members of the ensemble, in the unit of the reward; null for a single one.</param>
/// <param name="Rank">Place by reward in the file, from 1; of equals the earlier row comes first.</param>
internal sealed record ScoredRow(
    string CandidateId,
    string Symbol,
    TradeAction Action,
    double Reward,
    double? RewardStd,
    int Rank
)
{
    public static void Show(IAnsiConsole console, string version, IEnumerable<ScoredRow> rows)
    {
        Table table = new Table().AddColumns("rank", "candidate", "symbol", "action", "reward", "spread");
        foreach (ScoredRow r in rows)
        {
            string action = $"{r.Action}".ToLowerInvariant();
            table.AddRow(
                $"{r.Rank}",
                Markup.Escape(r.CandidateId),
                Markup.Escape(r.Symbol),
                action,
                $"{r.Reward:+0.0000;-0.0000;0.0000}",
                r.RewardStd is { } spread ? $"{spread:0.0000}" : "-"
            );
        }

        console.Write(table);
        console.WriteLine($"model {version}; rewards have no unit, only differences mean something");
    }
}
