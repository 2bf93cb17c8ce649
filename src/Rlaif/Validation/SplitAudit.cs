using Rlaif.Data;

namespace Rlaif.Validation;

/// <summary>
/// A second, independent look at a finished split: every earlier decision against every later one, session by session, with none
/// of the arithmetic that made the split.
/// </summary>
internal sealed record SplitAudit(int SharedDecisions, int OverlappingWindows, int BrokenEmbargoes)
{
    private const int IdsShown = 5;

    /// <summary>Counts violations between the sides (in time order) and throws when there are any.</summary>
    /// <exception cref="InvalidOperationException">A decision is shared, a window overlaps, or an embargo is too short; names the ids.</exception>
    public static SplitAudit Check(IReadOnlyList<IReadOnlyList<SplitContext>> sides, SessionCalendar calendar, int embargoDays)
    {
        HashSet<string> shared = [];
        HashSet<string> overlapping = [];
        HashSet<string> close = [];
        for (int earlier = 0; earlier < sides.Count; earlier++)
        {
            for (int later = earlier + 1; later < sides.Count; later++)
            {
                Compare(sides[earlier], sides[later], shared, overlapping);
                FindClose(sides[earlier], sides[later], calendar, embargoDays, close);
            }
        }

        if (shared.Count + overlapping.Count + close.Count > 0)
        {
            throw new InvalidOperationException(
                $"The split leaks: {Name("shared decisions", shared)}; {Name("windows that reach into a later side", overlapping)}; "
                    + $"{Name($"decisions within {embargoDays} sessions of an earlier exit", close)}."
            );
        }

        return new SplitAudit(shared.Count, overlapping.Count, close.Count);
    }

    private static void Compare(
        IReadOnlyList<SplitContext> earlier,
        IReadOnlyList<SplitContext> later,
        HashSet<string> shared,
        HashSet<string> overlapping
    )
    {
        var decided = earlier.Select(c => (c.Symbol, c.Window.From)).ToHashSet();
        var ids = earlier.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        shared.UnionWith(later.Where(c => ids.Contains(c.Id) || decided.Contains((c.Symbol, c.Window.From))).Select(c => c.Id));
        DateTimeOffset firstLater = later.Min(c => c.Window.From);
        overlapping.UnionWith(earlier.Where(c => c.Window.To >= firstLater).Select(c => c.Id));
    }

    private static void FindClose(
        IReadOnlyList<SplitContext> earlier,
        IReadOnlyList<SplitContext> later,
        SessionCalendar calendar,
        int embargoDays,
        HashSet<string> close
    )
    {
        DateOnly lastExit = earlier.Max(c => c.ExitDate);
        foreach (SplitContext context in later)
        {
            int between = calendar.CountBetween(lastExit.AddDays(1), context.Date.AddDays(-1));
            if (context.Date <= lastExit || between < embargoDays)
            {
                close.Add(context.Id);
            }
        }
    }

    private static string Name(string what, HashSet<string> ids)
    {
        string shown = string.Join(", ", ids.Order(StringComparer.Ordinal).Take(IdsShown));
        return ids.Count == 0 ? $"no {what}" : $"{ids.Count} {what} ({shown}{(ids.Count > IdsShown ? ", ..." : "")})";
    }
}
