namespace Rlaif.Data;

/// <summary>
/// The regular hours of an exchange. Time zones are defined here and not taken from the machine, so that the same file gives the
/// same bars on every platform (Windows without ICU knows no IANA names, small containers have no zone data at all).
/// </summary>
internal sealed class Exchange
{
    private static readonly Exchange NewYork = new(NewYorkZone(), new TimeSpan(9, 30, 0), new TimeSpan(16, 0, 0));

    private static readonly Exchange China = new(
        TimeZoneInfo.CreateCustomTimeZone("Rlaif/Shanghai", TimeSpan.FromHours(8), null, null),
        new TimeSpan(9, 30, 0),
        new TimeSpan(15, 0, 0)
    );

    private Exchange(TimeZoneInfo zone, TimeSpan opens, TimeSpan closes)
    {
        Zone = zone;
        Opens = opens;
        Closes = closes;
    }

    /// <summary>The zone of New York, for columns that say so (<c>datetime_et</c>).</summary>
    internal static TimeZoneInfo Eastern => NewYork.Zone;

    internal TimeZoneInfo Zone { get; }

    internal TimeSpan Opens { get; }

    internal TimeSpan Closes { get; }

    /// <summary>The suffix that names the exchange (600028.SH); a single letter is a share class (BRK.B); empty is the United States.</summary>
    internal static string CodeOf(string symbol)
    {
        int dot = symbol.LastIndexOf('.');
        return dot > 0 && symbol.Length - dot > 2 ? symbol[(dot + 1)..] : string.Empty;
    }

    /// <summary>The exchange of a symbol; New York when the suffix is unknown, see <see cref="IsKnown"/>.</summary>
    internal static Exchange Of(string symbol) => CodeOf(symbol) is "SH" or "SZ" or "SS" ? China : NewYork;

    internal static bool IsKnown(string symbol) => CodeOf(symbol) is "" or "US" || Of(symbol) == China;

    /// <summary>Whether a symbol follows the days and hours of <see cref="NyseCalendar"/> at a moment.</summary>
    internal static bool FollowsNewYork(string symbol, DateTimeOffset moment) =>
        Of(symbol) == NewYork && moment.Year is > NyseCalendar.FirstYear and < NyseCalendar.LastYear;

    /// <summary>The date at the exchange of a symbol.</summary>
    internal static DateOnly DayOf(string symbol, DateTimeOffset time) =>
        DateOnly.FromDateTime(time.UtcDateTime + Of(symbol).Zone.GetUtcOffset(time.UtcDateTime));

    /// <summary>The date in New York.</summary>
    internal static DateOnly NewYorkDay(DateTimeOffset time) =>
        DateOnly.FromDateTime(time.UtcDateTime + Eastern.GetUtcOffset(time.UtcDateTime));

    /// <summary>Open and close of the regular session of a day, UTC.</summary>
    internal (DateTimeOffset Open, DateTimeOffset Close) Session(DateTime date) =>
        (ToUtc(date + Opens, Zone), ToUtc(date + Closes, Zone));

    /// <summary>A wall-clock time as UTC. Times that a clock change skips or repeats take the standard offset.</summary>
    internal static DateTimeOffset ToUtc(DateTime local, TimeZoneInfo zone) =>
        new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();

    // The rules of the United States since 1967; both exceptions of the oil crisis included.
    private static TimeZoneInfo NewYorkZone()
    {
        TimeZoneInfo.AdjustmentRule[] rules =
        [
            Rule(1900, 1973, Nth(4, LastWeek), Nth(10, LastWeek)),
            Rule(1974, 1974, On(1, 6), Nth(10, LastWeek)),
            Rule(1975, 1975, On(2, 23), Nth(10, LastWeek)),
            Rule(1976, 1986, Nth(4, LastWeek), Nth(10, LastWeek)),
            Rule(1987, 2006, Nth(4, 1), Nth(10, LastWeek)),
            Rule(2007, DateTime.MaxValue.Year, Nth(3, 2), Nth(11, 1)),
        ];
        return TimeZoneInfo.CreateCustomTimeZone("Rlaif/New_York", TimeSpan.FromHours(-5), null, null, null, rules);
    }

    private const int LastWeek = 5;

    private static TimeZoneInfo.AdjustmentRule Rule(
        int firstYear,
        int lastYear,
        TimeZoneInfo.TransitionTime start,
        TimeZoneInfo.TransitionTime end
    ) =>
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new DateTime(firstYear, 1, 1),
            new DateTime(lastYear, 12, 31),
            TimeSpan.FromHours(1),
            start,
            end
        );

    private static TimeZoneInfo.TransitionTime Nth(int month, int week) =>
        TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), month, week, DayOfWeek.Sunday);

    private static TimeZoneInfo.TransitionTime On(int month, int day) =>
        TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), month, day);
}
