using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>How texts write dates. All patterns run in time linear in the text.</summary>
internal static class DateForms
{
    private const string Month =
        @"(?<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";

    private const string Day = @"(?<d>0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?";
    private const string Year = "(?<y>(?:19|20)[0-9]{2})";
    private const string AnyYear = "(?<y>(?:19|20)[0-9]{2}|[0-9]{2})";
    private const string Blank = @"[\s\u00a0]{1,3}";
    private const string Apostrophe = "['\u2018\u2019]";

    /// <summary>2024-06-28, 2024/6/28, 2024-06-28T21:00.</summary>
    internal static Regex YearMonthDay { get; } =
        Of($@"\b{Year}[-/.](?<m>[0-9]{{1,2}})[-/.](?<d>[0-9]{{1,2}})(?:(?<t>T)[0-9]|\b)");

    /// <summary>20240628.</summary>
    internal static Regex Digits { get; } = Of($@"\b{Year}(?<m>[01][0-9])(?<d>[0-3][0-9])\b");

    /// <summary>6/28/2024, 6/28/24, 28.06.2024, 28-06-2024: the month first unless it cannot be one.</summary>
    internal static Regex Numeric { get; } =
        Of($@"\b(?<m>[0-9]{{1,2}})(?:/(?<d>[0-9]{{1,2}})/{AnyYear}|[-.](?<d>[0-9]{{1,2}})[-.]{Year})\b");

    /// <summary>June 28, 2024; Jun. 28th; June 24-28.</summary>
    internal static Regex MonthDay { get; } =
        Of($@"\b{Month}\.?{Blank}{Day}(?:\s?[-\u2013]\s?(?<e>0?[1-9]|[12][0-9]|3[01])\b)?(?:(?:,\s{{0,2}}|{Blank}){Year})?\b");

    /// <summary>28 June 2024, 28th of June, 28-Jun-24.</summary>
    internal static Regex DayMonth { get; } =
        Of($@"\b{Day}(?:{Blank}of)?(?:{Blank}{Month}\.?(?:,?{Blank}{Year})?|-{Month}-{AnyYear})\b");

    /// <summary>June 2024, Jun-2024, June '24, June of 2024.</summary>
    internal static Regex MonthYear { get; } =
        Of($@"\b{Month}(?:\.?,?(?:{Blank}|-)(?:of\s)?{Year}|\.?\s?{Apostrophe}(?<y>[0-9]{{2}}))\b");

    /// <summary>2024-06.</summary>
    internal static Regex YearMonth { get; } = Of($@"\b{Year}-(?<m>0[1-9]|1[0-2])\b");

    /// <summary>June, Jun.</summary>
    internal static Regex MonthAlone { get; } = Of($@"\b{Month}\b");

    /// <summary>Q2 2024, Q2'24, Q2 FY24, Q2 of 2024, Q2.</summary>
    internal static Regex Quarter { get; } =
        Of($@"\bQ(?<q>[1-4])(?:(?:\s?{Apostrophe}|[\s-]?(?:FY|fiscal\s(?:year\s)?)\s?'?){AnyYear}|(?:\sof)?[,\s-]?\s?{Year})?\b");

    /// <summary>2Q24, 2Q 2024, 2Q.</summary>
    internal static Regex QuarterAfter { get; } = Of($@"\b(?<q>[1-4])Q(?:{Apostrophe}?{AnyYear}|\s{Year})?\b");

    /// <summary>2024Q2, 2024 Q2.</summary>
    internal static Regex YearQuarter { get; } = Of($@"\b{Year}[\s-]?Q(?<q>[1-4])\b");

    /// <summary>Second quarter of fiscal 2024, fourth-quarter.</summary>
    internal static Regex QuarterWords { get; } =
        Of(
            $@"\b(?<q>first|second|third|fourth|1st|2nd|3rd|4th)[\s-](?:fiscal\s)?quarter(?:,?\s(?:of\s)?(?:the\s)?(?:fiscal\s)?(?:year\s)?{Year})?\b"
        );

    /// <summary>FY2024, FY24, fiscal year 2024, fiscal 2024, 1H24.</summary>
    internal static Regex FiscalYear { get; } =
        Of($@"\b(?:(?<h>[12]H|H[12])\s?'?|FY\s?'?|CY\s?'?|fiscal\s(?:year\s)?){AnyYear}E?\b");

    /// <summary>2023-24, 2023/24.</summary>
    internal static Regex YearRange { get; } = Of($@"\b{Year}[-/\u2013](?<e>[0-9]{{2}})\b");

    /// <summary>1990s.</summary>
    internal static Regex Decade { get; } = Of($@"\b{Year}{Apostrophe}?s\b");

    /// <summary>2024, 2024E.</summary>
    internal static Regex YearAlone { get; } = Of($@"\b{Year}E?\b");

    /// <summary>The value of a group of digits; null when the group took no part.</summary>
    internal static int? Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found
            ? int.Parse(found.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    private static Regex Of(string pattern) =>
        new(
            pattern,
            RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            Regex.InfiniteMatchTimeout
        );
}
