namespace Rlaif.Data;

/// <summary>
/// The trading days and hours of the New York Stock Exchange by its rules, from 1998 to 2100: weekends, holidays with the days on which they are
/// observed, early closes, and the special closings that have occurred. Holidays that a later rule may add are not foreseen.
/// </summary>
public static class NyseCalendar
{
    /// <summary>The first year covered.</summary>
    public const int FirstYear = 1998;

    /// <summary>The last year covered.</summary>
    public const int LastYear = 2100;

    private const int FirstJuneteenthYear = 2022;
    private const int DaysPerWeek = 7;

    private static readonly TimeOnly OpenTime = new(9, 30);
    private static readonly TimeOnly CloseTime = new(16, 0);
    private static readonly TimeOnly EarlyCloseTime = new(13, 0);

    private static readonly HashSet<DateOnly> SpecialClosings =
    [
        // Attacks of September 11.
        new(2001, 9, 11),
        new(2001, 9, 12),
        new(2001, 9, 13),
        new(2001, 9, 14),
        // Mourning for Presidents Reagan, Ford, Bush and Carter.
        new(2004, 6, 11),
        new(2007, 1, 2),
        new(2018, 12, 5),
        new(2025, 1, 9),
        // Hurricane Sandy.
        new(2012, 10, 29),
        new(2012, 10, 30),
    ];

    // Days on which the practice of the year differed from today's rule: whether they closed early.
    private static readonly Dictionary<DateOnly, bool> EarlyCloseExceptions = new()
    {
        [new DateOnly(2002, 7, 3)] = false,
        [new DateOnly(2002, 7, 5)] = true,
        [new DateOnly(2003, 12, 26)] = true,
    };

    /// <summary>Whether the exchange trades on <paramref name="date"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not covered.</exception>
    public static bool IsSession(DateOnly date)
    {
        CheckYear(date);
        return date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
            && !IsHoliday(date)
            && !SpecialClosings.Contains(date);
    }

    /// <summary>Whether trading ends at 13:00 in New York.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not covered.</exception>
    public static bool IsEarlyClose(DateOnly date) => IsSession(date) && IsShortened(date);

    /// <summary>The trading days from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A year is not covered.</exception>
    public static SessionCalendar Sessions(DateOnly from, DateOnly to)
    {
        CheckYear(from);
        CheckYear(to);
        int days = Math.Max(0, to.DayNumber - from.DayNumber + 1);
        return new SessionCalendar(Enumerable.Range(0, days).Select(from.AddDays).Where(IsSession));
    }

    /// <summary>When trading opens and closes on <paramref name="date"/>, UTC: 9:30 to 16:00 in New York, 13:00 on early closes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not covered, or the exchange does not trade on that day.</exception>
    public static (DateTimeOffset Open, DateTimeOffset Close) Hours(DateOnly date)
    {
        if (!IsSession(date))
        {
            throw new ArgumentOutOfRangeException(nameof(date), date, "The exchange does not trade on this day.");
        }

        return (ToUtc(date, OpenTime), ToUtc(date, IsShortened(date) ? EarlyCloseTime : CloseTime));
    }

    /// <summary>Whether the exchange is open at a moment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not covered.</exception>
    public static bool IsOpen(DateTimeOffset moment)
    {
        // Sessions lie within one UTC date.
        var date = DateOnly.FromDateTime(moment.UtcDateTime);
        return IsSession(date) && Hours(date) is var (open, close) && moment >= open && moment < close;
    }

    /// <summary>The last session that is over at a moment: its close lies at or before it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not covered.</exception>
    public static DateOnly LastClosed(DateTimeOffset moment) => FirstFrom(moment, -1, close => close <= moment);

    /// <summary>The first session that is not over at a moment: its close lies after it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not covered.</exception>
    public static DateOnly NextToClose(DateTimeOffset moment) => FirstFrom(moment, 1, close => close > moment);

    private static DateOnly FirstFrom(DateTimeOffset moment, int step, Func<DateTimeOffset, bool> isIt)
    {
        var day = DateOnly.FromDateTime(moment.UtcDateTime);
        while (!(IsSession(day) && isIt(Hours(day).Close)))
        {
            day = day.AddDays(step);
        }

        return day;
    }

    private static bool IsHoliday(DateOnly date) =>
        date.Month switch
        {
            1 => date == NewYear(date.Year) || date == Nth(DayOfWeek.Monday, 3, date), // Martin Luther King
            2 => date == Nth(DayOfWeek.Monday, 3, date), // Presidents
            3 or 4 => date == GoodFriday(date.Year),
            5 => date.DayOfWeek == DayOfWeek.Monday && date.AddDays(7).Month == 6, // Memorial: the last Monday
            6 => date.Year >= FirstJuneteenthYear && date == Observed(new DateOnly(date.Year, 6, 19)),
            7 => date == Observed(new DateOnly(date.Year, 7, 4)),
            9 => date == Nth(DayOfWeek.Monday, 1, date), // Labor
            11 => date == Nth(DayOfWeek.Thursday, 4, date), // Thanksgiving
            12 => date == Observed(new DateOnly(date.Year, 12, 25)),
            _ => false,
        };

    // The day after Thanksgiving, and the eves of Independence Day and Christmas, if they are sessions from Monday to Thursday.
    private static bool IsShortened(DateOnly date) =>
        (date.Month, date.Day) switch
        {
            (7, 3) => date.DayOfWeek != DayOfWeek.Friday && !EarlyCloseExceptions.ContainsKey(date),
            (12, 24) => date.DayOfWeek != DayOfWeek.Friday,
            (11, _) => date.AddDays(-1) == Nth(DayOfWeek.Thursday, 4, date),
            _ => EarlyCloseExceptions.GetValueOrDefault(date),
        };

    // A holiday on a Saturday is kept on the Friday before, on a Sunday on the Monday after.
    private static DateOnly Observed(DateOnly holiday) =>
        holiday.DayOfWeek switch
        {
            DayOfWeek.Saturday => holiday.AddDays(-1),
            DayOfWeek.Sunday => holiday.AddDays(1),
            _ => holiday,
        };

    // A New Year's Day on a Saturday is not made up for: the Friday before ends the accounting year.
    private static DateOnly NewYear(int year)
    {
        var holiday = new DateOnly(year, 1, 1);
        return holiday.DayOfWeek == DayOfWeek.Sunday ? holiday.AddDays(1) : holiday;
    }

    // The n-th such weekday of the month of a date.
    private static DateOnly Nth(DayOfWeek day, int count, DateOnly month)
    {
        var first = new DateOnly(month.Year, month.Month, 1);
        int offset = ((int)day - (int)first.DayOfWeek + DaysPerWeek) % DaysPerWeek;
        return first.AddDays(offset + (DaysPerWeek * (count - 1)));
    }

    // Two days before Easter Sunday; the anonymous Gregorian computus (New Scientist, 30 March 1961).
    private static DateOnly GoodFriday(int year)
    {
        int a = year % 19;
        (int b, int c) = Math.DivRem(year, 100);
        (int d, int e) = Math.DivRem(b, 4);
        int g = ((8 * b) + 13) / 25;
        int h = ((19 * a) + b - d - g + 15) % 30;
        (int i, int k) = Math.DivRem(c, 4);
        int l = (32 + (2 * e) + (2 * i) - h - k) % 7;
        int m = (a + (11 * h) + (19 * l)) / 433;
        int month = (h + l - (7 * m) + 90) / 25;
        int day = (h + l - (7 * m) + (33 * month) + 19) % 32;
        return new DateOnly(year, month, day).AddDays(-2);
    }

    // New York is five hours behind UTC, four in summer. The rule is written out because neither the name of the zone nor its data is there on
    // every system; it changes at 2:00 on Sundays, when no session is open.
    private static DateTimeOffset ToUtc(DateOnly date, TimeOnly time)
    {
        bool before2007 = date.Year < 2007;
        DateOnly summer = before2007
            ? Nth(DayOfWeek.Sunday, 1, new DateOnly(date.Year, 4, 1))
            : Nth(DayOfWeek.Sunday, 2, new DateOnly(date.Year, 3, 1));
        DateOnly winter = Nth(DayOfWeek.Sunday, 1, new DateOnly(date.Year, 11, 1)).AddDays(before2007 ? -DaysPerWeek : 0);
        int hours = date >= summer && date < winter ? -4 : -5;
        return new DateTimeOffset(date, time, TimeSpan.FromHours(hours)).ToUniversalTime();
    }

    private static void CheckYear(DateOnly date)
    {
        if (date.Year is < FirstYear or > LastYear)
        {
            throw new ArgumentOutOfRangeException(nameof(date), date, $"Only {FirstYear} to {LastYear} are covered.");
        }
    }
}
