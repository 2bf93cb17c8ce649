using System.Globalization;

namespace Rlaif.Data;

/// <summary>The time stamp of a row as it was written: a date, a local time of the exchange, or an instant.</summary>
internal readonly record struct RowTime(DateTime Value, RowTime.Form Kind)
{
    internal const string Allowed = "must be yyyy-MM-dd, yyyyMMdd or an ISO 8601 time";

    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy/MM/dd"];
    private static readonly string[] CompactTimes = ["HHmmss", "HHmm"];
    private const int DashedLength = 10;
    private const int CompactLength = 8;

    internal enum Form
    {
        /// <summary>A date only.</summary>
        Date,

        /// <summary>Wall-clock time of the exchange.</summary>
        Local,

        /// <summary>UTC.</summary>
        Instant,
    }

    /// <summary>Reads a stamp, whose time of day may also stand in a column of its own.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, ReadOnlySpan<char> timeOfDay, out RowTime time)
    {
        time = default;
        text = text.Trim();
        int length = text.Length > 4 && char.IsAsciiDigit(text[4]) ? CompactLength : DashedLength;
        if (text.Length < length || !TryParseDate(text[..length], out DateTime date))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[length..];
        if (rest.IsEmpty)
        {
            timeOfDay = timeOfDay.Trim();
            return timeOfDay.IsEmpty ? Found(date, Form.Date, out time) : TryAddTime(date, timeOfDay, out time);
        }

        return rest[0] is 'T' or 't' or ' ' && TryAddTime(date, rest[1..].Trim(), out time);
    }

    private static bool Found(DateTime value, Form kind, out RowTime time)
    {
        time = new RowTime(value, kind);
        return true;
    }

    private static bool TryParseDate(ReadOnlySpan<char> text, out DateTime date) =>
        text.Length == CompactLength
            ? DateTime.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            : DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static bool TryAddTime(DateTime date, ReadOnlySpan<char> text, out RowTime time)
    {
        time = default;
        int end = text.IndexOfAny("Zz+-");
        ReadOnlySpan<char> clock = (end < 0 ? text : text[..end]).Trim();
        if (
            !TimeOnly.TryParse(clock, CultureInfo.InvariantCulture, out TimeOnly parsed)
            && !TimeOnly.TryParseExact(clock, CompactTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out parsed)
        )
        {
            return false;
        }

        DateTime local = date + parsed.ToTimeSpan();
        if (end < 0)
        {
            return Found(local, Form.Local, out time);
        }

        if (!TryParseOffset(text[end..], out TimeSpan offset))
        {
            return false;
        }

        // Within a day of the first or last date there is, the offset may lead out of them.
        long utc = local.Ticks - offset.Ticks;
        return utc >= 0 && utc <= DateTime.MaxValue.Ticks && Found(new DateTime(utc), Form.Instant, out time);
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
        {
            return true;
        }

        const int MaxHours = 14;
        ReadOnlySpan<char> digits = text[1..];
        ReadOnlySpan<char> minutes = digits.Length switch
        {
            2 => "00",
            4 => digits[2..],
            5 when digits[2] == ':' => digits[3..],
            _ => [],
        };
        if (
            !int.TryParse(minutes, NumberStyles.None, null, out int m)
            || !int.TryParse(digits[..2], NumberStyles.None, null, out int h)
        )
        {
            return false;
        }

        offset = new TimeSpan(h, m, 0) * (text[0] == '-' ? -1 : 1);
        return h <= MaxHours && m < 60;
    }
}
