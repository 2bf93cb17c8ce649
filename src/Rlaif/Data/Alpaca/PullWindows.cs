namespace Rlaif.Data.Alpaca;

/// <summary>Cuts a range of days at the turns of years or months: what was pulled is noted part by part.</summary>
internal static class PullWindows
{
    private const int MonthsPerYear = 12;

    internal static IReadOnlyList<DateRange> Of(DateOnly from, DateOnly to, bool monthly)
    {
        var windows = new List<DateRange>();
        for (DateOnly start = from; start <= to; )
        {
            DateOnly next = new DateOnly(start.Year, monthly ? start.Month : MonthsPerYear, 1).AddMonths(1);
            DateOnly end = next.AddDays(-1);
            windows.Add(new DateRange(start, end < to ? end : to));
            start = next;
        }

        return windows;
    }
}
