namespace Rlaif.Outcomes;

/// <summary>How far holding windows of different decision dates share the market's days.</summary>
internal static class OverlappingWindows
{
    /// <summary>
    /// The most decision dates that lie within one date's window, itself included: 1 when no windows overlap, 5 for daily decisions held five days. It is
    /// counted on the decisions at hand, not derived from their mean distance, because years of weekly decisions before a month of daily ones would hide the overlap.
    /// </summary>
    /// <param name="settled">The decisions.</param>
    /// <param name="reach">What every window is longer by; pairs across dates reach that far.</param>
    internal static int DatesPerWindow(IEnumerable<SettledCandidate> settled, TimeSpan reach)
    {
        (DateTimeOffset Start, DateTimeOffset End)[] windows =
        [
            .. settled
                .GroupBy(s => s.Context.Date)
                .OrderBy(g => g.Key)
                .Select(g => (g.Min(s => s.Context.AsOf), EndOf(g) + reach)),
        ];
        int most = 1;
        for (int first = 0; first < windows.Length; first++)
        {
            // The next dates begin in order: only a longer stretch than the longest so far is looked for.
            while (first + most < windows.Length && windows[first + most].Start < windows[first].End)
            {
                most++;
            }
        }

        return most;
    }

    // One symbol that is halted on its way out must not make a window of months: half of the date's contexts are closed by then.
    private static DateTimeOffset EndOf(IEnumerable<SettledCandidate> date)
    {
        DateTimeOffset[] ends =
        [
            .. date.GroupBy(s => s.Context.ContextId, StringComparer.Ordinal).Select(c => c.Max(s => s.Outcome.ExitAt)).Order(),
        ];
        return ends[ends.Length / 2];
    }
}
