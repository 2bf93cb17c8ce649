namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// Dates told as distances from the day of the moment, and read back: <c>day -12</c>, <c>month -2</c>, <c>Q-1</c>, <c>year -1</c>, <c>decade -3</c>. Later ones
/// have a plus (<c>day +5</c>); the moment's own are 0.
/// </summary>
internal sealed class RelativeDates(DateOnly today)
{
    private const int MonthsPerYear = 12;
    private const int QuartersPerYear = 4;
    private const int YearsPerDecade = 10;

    internal string Day(DateOnly day) => Token("day ", day.DayNumber - today.DayNumber);

    internal string Month(int year, int month) => Token("month ", MonthIndex(year, month) - MonthIndex(today.Year, today.Month));

    internal string Quarter(int year, int quarter) => Token("Q", QuarterIndex(year, quarter) - ThisQuarter);

    internal string Year(int year) => Token("year ", year - today.Year);

    internal string Decade(int year) => Token("decade ", (year / YearsPerDecade) - (today.Year / YearsPerDecade));

    /// <summary>The day of this month and day that is nearest to today, the earlier of two; null when no year near has it.</summary>
    internal DateOnly? Nearest(int month, int day) =>
        new[] { today.Year, today.Year - 1, today.Year + 1 }
            .Where(y => y is > 0 and < 9999 && day <= DateTime.DaysInMonth(y, month))
            .Select(y => (DateOnly?)new DateOnly(y, month, day))
            .OrderBy(d => Math.Abs(d!.Value.DayNumber - today.DayNumber))
            .ThenBy(d => d)
            .FirstOrDefault();

    /// <summary>The year in which this month is nearest to today, the earlier of two.</summary>
    internal int NearestYearOfMonth(int month) => NearestYear(y => MonthIndex(y, month) - MonthIndex(today.Year, today.Month));

    /// <summary>The year in which this quarter is nearest to today, the earlier of two.</summary>
    internal int NearestYearOfQuarter(int quarter) => NearestYear(y => QuarterIndex(y, quarter) - ThisQuarter);

    /// <summary>The true date; null when the distance leads out of the calendar.</summary>
    /// <param name="unit">The word before the number, for example <c>day</c>.</param>
    /// <param name="distance">The number.</param>
    internal string? Restore(string unit, int distance) =>
        unit switch
        {
            "day" => DayText(today.DayNumber + (long)distance),
            "month" => MonthText(MonthIndex(today.Year, today.Month) + (long)distance),
            "Q" => QuarterText(ThisQuarter + (long)distance),
            "year" => YearText(today.Year + (long)distance, string.Empty),
            "decade" => YearText(((today.Year / YearsPerDecade) + (long)distance) * YearsPerDecade, "s"),
            _ => null,
        };

    private int ThisQuarter => QuarterIndex(today.Year, ((today.Month - 1) / 3) + 1);

    private static int MonthIndex(int year, int month) => (year * MonthsPerYear) + month - 1;

    private static int QuarterIndex(int year, int quarter) => (year * QuartersPerYear) + quarter - 1;

    private static string Token(string unit, int distance) => $"{unit}{distance.ToString("+0;-0;0", Invariant)}";

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static string? DayText(long day) =>
        day >= 0 && day <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)day).ToString("yyyy-MM-dd", Invariant)
            : null;

    private static string? MonthText(long index) =>
        IsYear(index / MonthsPerYear)
            ? new DateOnly((int)(index / MonthsPerYear), (int)(index % MonthsPerYear) + 1, 1).ToString("MMMM yyyy", Invariant)
            : null;

    private static string? QuarterText(long index) =>
        IsYear(index / QuartersPerYear) ? $"Q{(index % QuartersPerYear) + 1} {index / QuartersPerYear}" : null;

    private static string? YearText(long year, string suffix) => IsYear(year) ? $"{year}{suffix}" : null;

    private static bool IsYear(long year) => year is >= 1 and <= 9999;

    private int NearestYear(Func<int, int> distance) =>
        new[] { today.Year - 1, today.Year, today.Year + 1 }.OrderBy(y => Math.Abs(distance(y))).ThenBy(y => y).First();
}
