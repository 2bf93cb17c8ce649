namespace Rlaif.Outcomes;

/// <summary>How far holding windows of different decision dates share the market's days.</summary>
internal static class OverlappingWindows
{
    // Of so many windows one may be longer than any that counts.
    private const int OneIn = 20;

    /// <summary>
    /// The most decision dates that lie within one date's window, itself included: 1 when no windows overlap, 5 for daily decisions held five days. It is
    /// counted on the decisions at hand, not derived from their mean distance, because years of monthly decisions before weeks of daily ones would hide the
    /// overlap. A date's window is its longest one, up to what 95% of all windows keep to: one symbol that is halted on its way out must not make a window of
    /// months, and a few long positions among many short ones count.
    /// </summary>
    /// <param name="settled">The decisions.</param>
    /// <param name="reach">What every window is longer by; pairs across dates reach that far.</param>
    internal static int DatesPerWindow(IEnumerable<SettledCandidate> settled, TimeSpan reach)
    {
        (DateOnly Date, DateTimeOffset Start, TimeSpan Length)[] contexts =
        [
            .. settled
                .GroupBy(s => s.Context.ContextId, StringComparer.Ordinal)
                .Select(c => (c.First().Context, End: c.Max(s => s.Outcome.ExitAt)))
                .Select(c => (c.Context.Date, c.Context.AsOf, c.End - c.Context.AsOf)),
        ];
        TimeSpan[] lengths = [.. contexts.Select(c => c.Length).Order()];
        TimeSpan usual = lengths.Length == 0 ? TimeSpan.Zero : lengths[^(1 + (lengths.Length / OneIn))];
        (DateTimeOffset Start, DateTimeOffset End)[] windows =
        [
            .. contexts
                .GroupBy(c => c.Date)
                .OrderBy(d => d.Key)
                .Select(d => (d.Min(c => c.Start), d.Max(c => c.Start + (c.Length < usual ? c.Length : usual)) + reach)),
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
}
