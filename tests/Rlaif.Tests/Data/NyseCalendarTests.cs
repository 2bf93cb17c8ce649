using Rlaif.Data;
using Rlaif.Tests.Data.Indicators;

namespace Rlaif.Tests.Data;

public sealed class NyseCalendarTests
{
    [Fact]
    public void IsSession_EveryDayOfTheReference_Agrees()
    {
        HashSet<DateOnly> closed = Reference("closed");
        for (var date = new DateOnly(1998, 1, 1); date.Year <= 2028; date = date.AddDays(1))
        {
            bool isWeekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            Assert.True(NyseCalendar.IsSession(date) == (!isWeekend && !closed.Contains(date)), $"{date:o}");
        }
    }

    [Fact]
    public void IsEarlyClose_EveryDayOfTheReference_Agrees()
    {
        // The reference lists early closes from late 1999 on, and one Sunday.
        HashSet<DateOnly> early = Reference("early_close");
        for (var date = new DateOnly(1999, 1, 1); date.Year <= 2028; date = date.AddDays(1))
        {
            bool expected = early.Contains(date) && date.DayOfWeek != DayOfWeek.Sunday;
            Assert.True(NyseCalendar.IsEarlyClose(date) == expected, $"{date:o}");
        }
    }

    [Theory]
    [InlineData("2024-07-02", "13:30", "20:00")]
    [InlineData("2024-07-03", "13:30", "17:00")]
    [InlineData("2024-11-29", "14:30", "18:00")]
    [InlineData("2024-03-08", "14:30", "21:00")]
    [InlineData("2024-03-11", "13:30", "20:00")]
    [InlineData("2006-03-31", "14:30", "21:00")]
    [InlineData("2006-04-03", "13:30", "20:00")]
    [InlineData("2006-10-27", "13:30", "20:00")]
    [InlineData("2006-10-30", "14:30", "21:00")]
    public void Hours_Session_AreUtc(string date, string open, string close)
    {
        var day = DateOnly.ParseExact(date, "yyyy-MM-dd");

        (DateTimeOffset opens, DateTimeOffset closes) = NyseCalendar.Hours(day);

        Assert.Equal(new DateTimeOffset(day, TimeOnly.ParseExact(open, "HH:mm"), TimeSpan.Zero), opens);
        Assert.Equal(new DateTimeOffset(day, TimeOnly.ParseExact(close, "HH:mm"), TimeSpan.Zero), closes);
        Assert.Equal(TimeSpan.Zero, opens.Offset);
    }

    [Fact]
    public void Hours_EverySession_AgreesWithTheTimeZoneOfTheSystem()
    {
        bool isThere = TimeZoneInfo.TryFindSystemTimeZoneById("America/New_York", out TimeZoneInfo? zone);
        Assert.SkipUnless(isThere, "This system has no time zone data.");
        foreach (DateOnly date in NyseCalendar.Sessions(new DateOnly(1998, 1, 1), new DateOnly(2100, 12, 31)).Sessions)
        {
            (DateTimeOffset open, DateTimeOffset close) = NyseCalendar.Hours(date);
            Assert.Equal(new TimeSpan(9, 30, 0), TimeZoneInfo.ConvertTime(open, zone!).TimeOfDay);
            Assert.Equal(
                NyseCalendar.IsEarlyClose(date) ? new TimeSpan(13, 0, 0) : new TimeSpan(16, 0, 0),
                TimeZoneInfo.ConvertTime(close, zone!).TimeOfDay
            );
        }
    }

    [Theory]
    [InlineData("2024-07-04")]
    [InlineData("2024-07-06")]
    [InlineData("2025-01-09")]
    [InlineData("1997-12-31")]
    [InlineData("2101-01-03")]
    public void Hours_NoSession_Throws(string date) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NyseCalendar.Hours(DateOnly.ParseExact(date, "yyyy-MM-dd")));

    [Fact]
    public void Sessions_RealBars_AreExactlyTheirDates()
    {
        string[] dates = ReferenceTable.Read("bars_lean_raw/bars_daily_raw.csv.gz").Where("symbol", "SPY").Text("date");
        IEnumerable<DateOnly> expected = dates.Select(d => DateOnly.ParseExact(d, "yyyy-MM-dd"));

        Assert.Equal(expected, NyseCalendar.Sessions(expected.First(), expected.Last()).Sessions);
    }

    [Fact]
    public void Sessions_WholeRange_HasAbout252AYear()
    {
        SessionCalendar calendar = NyseCalendar.Sessions(new DateOnly(1998, 1, 1), new DateOnly(2100, 12, 31));
        for (int year = 1998; year <= 2100; year++)
        {
            Assert.InRange(calendar.CountBetween(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31)), 248, 254);
        }

        Assert.Empty(NyseCalendar.Sessions(new DateOnly(2024, 1, 6), new DateOnly(2024, 1, 1)).Sessions);
    }

    [Theory]
    // Around Independence Day kept on a Friday, the half day after Thanksgiving, and the change to summer time.
    [InlineData("2020-07-02T19:59Z", "2020-07-01", "2020-07-02")]
    [InlineData("2020-07-02T20:00Z", "2020-07-02", "2020-07-06")]
    [InlineData("2024-11-29T17:59Z", "2024-11-27", "2024-11-29")]
    [InlineData("2024-11-29T18:00Z", "2024-11-29", "2024-12-02")]
    [InlineData("2024-03-10T12:00Z", "2024-03-08", "2024-03-11")]
    [InlineData("2024-03-11T20:00Z", "2024-03-11", "2024-03-12")]
    public void LastClosedAndNextToClose_StandOnEitherSideOfAMoment(string moment, string last, string next)
    {
        var at = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(DateOnly.ParseExact(last, "yyyy-MM-dd"), NyseCalendar.LastClosed(at));
        Assert.Equal(DateOnly.ParseExact(next, "yyyy-MM-dd"), NyseCalendar.NextToClose(at));
    }

    private static HashSet<DateOnly> Reference(string kind) =>
        [
            .. ReferenceTable
                .Read("reference/nyse_calendar.csv")
                .Where("kind", kind)
                .Text("date")
                .Select(d => DateOnly.ParseExact(d, "yyyy-MM-dd")),
        ];
}
