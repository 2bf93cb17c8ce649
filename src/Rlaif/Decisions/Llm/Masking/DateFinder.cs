using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// Finds dates in a text and tells them as distances. A date without a year is the one nearest to the moment. Weekdays and times of day are left;
/// <c>May</c> and <c>March</c> count as months only where they are written and used as one.
/// </summary>
internal sealed class DateFinder
{
    private const int Century = 100;
    private const int LastTwoDigitYear = 69;

    private static readonly string[] BeforeMonth =
    [
        "in",
        "of",
        "since",
        "until",
        "till",
        "by",
        "from",
        "through",
        "last",
        "next",
        "this",
        "late",
        "early",
        "mid",
        "for",
        "during",
        "ending",
        "ended",
        "before",
        "after",
        "between",
        "on",
    ];

    private static readonly string[] QuarterNames = ["first", "second", "third", "fourth"];

    private readonly RelativeDates _dates;
    private readonly (Regex Pattern, Func<Match, string, string?> Tell)[] _forms;

    internal DateFinder(RelativeDates dates)
    {
        _dates = dates;
        // The more exact form comes first; where two overlap, it counts.
        _forms =
        [
            (
                DateForms.YearMonthDay,
                (m, _) => TellDay(m) is { } day ? day + (m.Groups["t"].Success ? " " + m.Value[^1] : string.Empty) : null
            ),
            (DateForms.Digits, (m, _) => TellDay(m)),
            (DateForms.Numeric, (m, _) => TellNumeric(m)),
            (DateForms.MonthDay, TellMonthDay),
            (DateForms.DayMonth, TellMonthDay),
            (DateForms.MonthYear, (m, _) => _dates.Month(YearOf(m), MonthOf(m))),
            (DateForms.Quarter, (m, _) => TellQuarter(m)),
            (DateForms.QuarterAfter, (m, _) => TellQuarter(m)),
            (DateForms.YearQuarter, (m, _) => TellQuarter(m)),
            (DateForms.QuarterWords, (m, _) => TellQuarter(m)),
            (
                DateForms.FiscalYear,
                (m, _) => m.Groups["h"].Success ? $"{m.Groups["h"].Value} {_dates.Year(YearOf(m))}" : _dates.Year(YearOf(m))
            ),
            (DateForms.YearRange, (m, _) => TellYears(m)),
            (DateForms.YearMonth, (m, _) => _dates.Month(YearOf(m), DateForms.Number(m, "m")!.Value)),
            (DateForms.Decade, (m, _) => _dates.Decade(YearOf(m))),
            (DateForms.YearAlone, TellYear),
            (DateForms.MonthAlone, TellMonth),
        ];
    }

    /// <summary>Every date, the most exact forms first.</summary>
    internal IEnumerable<MaskedSpan> Find(string text)
    {
        foreach ((Regex pattern, Func<Match, string, string?> tell) in _forms)
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (tell(match, text) is { } told)
                {
                    yield return new MaskedSpan(match.Index, match.Length, told);
                }
            }
        }
    }

    private static int YearOf(Match match)
    {
        int year = DateForms.Number(match, "y")!.Value;
        return year >= Century ? year
            : year <= LastTwoDigitYear ? 2000 + year
            : 1900 + year;
    }

    // The first three letters tell the months apart.
    private static int MonthOf(Match match) =>
        1
        + (
            "janfebmaraprmayjunjulaugsepoctnovdec".IndexOf(match.Groups["mon"].Value[..3], StringComparison.OrdinalIgnoreCase) / 3
        );

    private string? TellDay(Match match) =>
        TellDay(YearOf(match), DateForms.Number(match, "m")!.Value, DateForms.Number(match, "d")!.Value);

    private string? TellDay(int year, int month, int day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? _dates.Day(new DateOnly(year, month, day))
            : null;

    private string? TellNumeric(Match match)
    {
        int first = DateForms.Number(match, "m")!.Value;
        int second = DateForms.Number(match, "d")!.Value;
        return TellDay(YearOf(match), first, second) ?? TellDay(YearOf(match), second, first);
    }

    private string? TellMonthDay(Match match, string text)
    {
        bool hasYear = match.Groups["y"].Success;
        // "10 May" is rarely a date where no year follows, "may 10" never.
        bool isVerb = MonthOf(match) == 5 && !hasYear && match.Groups["mon"].Index > match.Index;
        return isVerb || !IsWrittenAsMonth(match)
            ? null
            : TellSpan(match, DateForms.Number(match, "d")!.Value, DateForms.Number(match, "e"));
    }

    private string? TellSpan(Match match, int first, int? last) =>
        TellDay(match, first) is not { } begin ? null
        : last is null ? begin
        : TellDay(match, last.Value) is { } end ? $"{begin} to {end}"
        : null;

    private string? TellDay(Match match, int day) =>
        match.Groups["y"].Success ? TellDay(YearOf(match), MonthOf(match), day)
        : _dates.Nearest(MonthOf(match), day) is { } nearest ? _dates.Day(nearest)
        : null;

    private string TellQuarter(Match match)
    {
        string name = match.Groups["q"].Value;
        int quarter = char.IsAsciiDigit(name[0])
            ? name[0] - '0'
            : 1 + Array.FindIndex(QuarterNames, q => q.Equals(name, StringComparison.OrdinalIgnoreCase));
        int year = match.Groups["y"].Success ? YearOf(match) : _dates.NearestYearOfQuarter(quarter);
        return _dates.Quarter(year, quarter);
    }

    // Only two years in a row are a range: 2023-24. 2024-06 is a month.
    private string? TellYears(Match match)
    {
        int year = YearOf(match);
        return (year + 1) % Century == DateForms.Number(match, "e")!.Value
            ? $"{_dates.Year(year)} to {_dates.Year(year + 1)}"
            : null;
    }

    // A part of a number (12,024.5) or an amount of money is no year.
    private string? TellYear(Match match, string text)
    {
        int end = match.Index + match.Length;
        char before = match.Index > 0 ? text[match.Index - 1] : ' ';
        bool isTail = before is '.' or ',' && match.Index > 1 && char.IsAsciiDigit(text[match.Index - 2]);
        bool isHead = end + 1 < text.Length && text[end] is '.' or ',' && char.IsAsciiDigit(text[end + 1]);
        bool isShare = end < text.Length && text[end] == '%';
        return before is '$' or '\u20ac' or '\u00a3' or '\u00a5' || isTail || isHead || isShare
            ? null
            : _dates.Year(YearOf(match));
    }

    private string? TellMonth(Match match, string text)
    {
        string name = match.Value;
        bool isShort =
            name.Length <= 4
            && !name.StartsWith("jun", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("jul", StringComparison.OrdinalIgnoreCase);
        int end = match.Index + match.Length;
        // "Mar-a-Lago" is a place, "Jan's" a person.
        bool isPart = isShort && end < text.Length && text[end] is '-' or '\'' or '\u2019';
        bool isMay = MonthOf(match) == 5;
        return IsWrittenAsMonth(match) && !isPart && (!isMay || FollowsPreposition(text, match.Index))
            ? _dates.Month(_dates.NearestYearOfMonth(MonthOf(match)), MonthOf(match))
            : null;
    }

    // Lower case is a month only where the word means nothing else ("june").
    private static bool IsWrittenAsMonth(Match match)
    {
        string name = match.Groups["mon"].Value;
        return char.IsUpper(name[0]) || (name.Length >= 4 && MonthOf(match) != 3);
    }

    private static bool FollowsPreposition(string text, int index)
    {
        int end = index;
        while (end > 0 && text[end - 1] is ' ' or '-')
        {
            end--;
        }

        int start = end;
        while (start > 0 && end - start < 8 && char.IsLetter(text[start - 1]))
        {
            start--;
        }

        return BeforeMonth.Contains(text[start..end], StringComparer.OrdinalIgnoreCase);
    }
}
