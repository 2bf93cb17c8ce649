using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Rewards.Baselines;

/// <summary>
/// The inputs of a control run that may look ahead: every context gets the market features of the same symbol's first decision at or after its
/// exit. Features that describe recent prices then know the outcome, and training on them has to find that out.
/// </summary>
internal static class FutureFeatures
{
    /// <summary>The candidates whose symbol has such a later decision in the same run, with its features.</summary>
    public static IReadOnlyList<SettledCandidate> Shift(IReadOnlyList<SettledCandidate> settled)
    {
        var shifted = new List<SettledCandidate>();
        foreach (var symbol in settled.GroupBy(s => (s.Context.RunId, s.Context.Symbol)))
        {
            DecisionContext[] line =
            [
                .. symbol.Select(s => s.Context).DistinctBy(c => c.ContextId, StringComparer.Ordinal).OrderBy(c => c.AsOf),
            ];
            DateTimeOffset[] moments = Array.ConvertAll(line, c => c.AsOf);
            foreach (
                IGrouping<string, SettledCandidate> context in symbol.GroupBy(s => s.Context.ContextId, StringComparer.Ordinal)
            )
            {
                int found = Array.BinarySearch(moments, context.Max(s => s.Outcome.ExitAt));
                int next = found < 0 ? ~found : found;
                if (next < line.Length)
                {
                    shifted.AddRange(context.Select(s => s with { Context = s.Context with { Features = line[next].Features } }));
                }
            }
        }

        return shifted;
    }
}
