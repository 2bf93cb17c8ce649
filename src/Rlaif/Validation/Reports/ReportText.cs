using System.Globalization;

namespace Rlaif.Validation.Reports;

/// <summary>Numbers as people read them; null is a dash.</summary>
public static class ReportText
{
    /// <summary>What stands for a number that does not exist.</summary>
    public const string Missing = "\u2013";

    // An interval is one thing: it is not torn at the end of a line.
    private const string NoBreak = "\u00A0";

    /// <summary>A fraction as percent: 0.0123 is <c>1.2%</c>, signed <c>+1.2%</c>.</summary>
    public static string Percent(double? fraction, int decimals = 1, bool signed = false) =>
        fraction is { } value ? $"{Format(100 * value, decimals, signed)}%" : Missing;

    /// <summary>A number with fixed decimals and thousands separators.</summary>
    public static string Number(double? value, int decimals = 2, bool signed = false) =>
        value is { } number ? Format(number, decimals, signed) : Missing;

    /// <summary>An interval of fractions as percent: <c>[48.1%, 55.0%]</c>.</summary>
    public static string PercentInterval(BootstrapInterval? interval, int decimals = 1, bool signed = false) =>
        interval is null
            ? Missing
            : $"[{Percent(interval.Lower, decimals, signed)},{NoBreak}{Percent(interval.Upper, decimals, signed)}]";

    private static string Format(double value, int decimals, bool signed)
    {
        string digits = "#,0" + (decimals > 0 ? "." + new string('0', decimals) : string.Empty);
        return value.ToString($"{(signed ? "+" : string.Empty)}{digits};-{digits};{digits}", CultureInfo.InvariantCulture);
    }
}
