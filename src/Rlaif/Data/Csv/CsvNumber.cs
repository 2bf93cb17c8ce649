using System.Globalization;

namespace Rlaif.Data;

/// <summary>Reads numbers of CSV cells, exactly.</summary>
internal static class CsvNumber
{
    // Dividing by a one of full precision drops trailing zeros.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>A plain or scientific decimal; trailing zeros are dropped, so that equal numbers are written equally.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        if (text.Contains('.') && !text.ContainsAny('e', 'E'))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Multiplies by a unit, again without trailing zeros.</summary>
    internal static decimal Times(decimal value, decimal unit) => unit == 1 ? value : value * unit / One;

    /// <summary>A split as new shares per old share (<c>4</c>) or as a ratio (<c>4:1</c>, <c>4/1</c>).</summary>
    internal static bool TryParseRatio(ReadOnlySpan<char> text, out decimal value)
    {
        int colon = text.IndexOfAny(':', '/');
        if (colon < 0)
        {
            return TryParse(text, out value);
        }

        value = 0;
        if (
            !TryParse(text[..colon].Trim(), out decimal shares)
            || !TryParse(text[(colon + 1)..].Trim(), out decimal per)
            || per <= 0
        )
        {
            return false;
        }

        value = shares / per;
        return true;
    }
}
