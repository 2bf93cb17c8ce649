using Rlaif.Outcomes;

namespace Rlaif.Validation;

/// <summary>A context as a split sees it: its date and the window that the labels of its candidates depend on.</summary>
internal sealed record SplitContext(string Id, string Symbol, LabelWindow Window)
{
    /// <summary>The decision date.</summary>
    public DateOnly Date => DateOnly.FromDateTime(Window.From.UtcDateTime);

    /// <summary>The date of the last exit.</summary>
    public DateOnly ExitDate => DateOnly.FromDateTime(Window.To.UtcDateTime);

    /// <summary>One per context, by moment and then by id.</summary>
    public static SplitContext[] From(IEnumerable<SettledCandidate> candidates) =>
        [
            .. candidates
                .GroupBy(c => c.Context.ContextId, StringComparer.Ordinal)
                .Select(g => new SplitContext(
                    g.Key,
                    g.First().Context.Symbol,
                    new LabelWindow(g.First().Context.AsOf, g.Max(c => c.Outcome.ExitAt))
                ))
                .OrderBy(c => c.Window.From)
                .ThenBy(c => c.Id, StringComparer.Ordinal),
        ];
}
