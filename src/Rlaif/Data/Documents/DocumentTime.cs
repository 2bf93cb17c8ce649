using System.Globalization;

namespace Rlaif.Data.Documents;

/// <summary>
/// When a document became known. A date without a time of day counts as the end of that day, and so does a time of exactly midnight,
/// because files write dates that way. A time of day without its offset from UTC is refused: taken for UTC it could be hours early.
/// </summary>
internal static class DocumentTime
{
    /// <summary>What may be written.</summary>
    internal const string Allowed =
        "must be a date (2025-01-31, known at its end), a time with its offset from UTC (2025-01-31T14:30:00Z) or Unix seconds";

    private const int DateLength = 8;
    private const int MostSecondsDigits = 10;
    private const int MillisecondsDigits = 13;
    private static readonly TimeSpan WholeDay = TimeSpan.FromDays(1) - TimeSpan.FromTicks(1);
    private static readonly string[] UtcNames = [" UTC", " GMT"];

    /// <summary>Reads a moment.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="isUtc">Whether a time without offset is UTC, because its field says so.</param>
    /// <param name="time">The moment, UTC.</param>
    internal static bool TryParse(string text, bool isUtc, out DateTimeOffset time)
    {
        text = text.Trim();
        foreach (string name in UtcNames)
        {
            text = text.EndsWith(name, StringComparison.OrdinalIgnoreCase) ? $"{text[..^name.Length]}Z" : text;
        }

        if (TryParseUnix(text, out time))
        {
            return true;
        }

        if (!RowTime.TryParse(text, default, out RowTime stamp))
        {
            return false;
        }

        bool isDay = IsMidnight(text);
        if (stamp.Kind == RowTime.Form.Local && !isDay && !isUtc)
        {
            return false;
        }

        return TryAdd(stamp.Value, isDay, out time);
    }

    private static bool TryParseUnix(string text, out DateTimeOffset time)
    {
        time = default;
        bool isNumber = text.Length > DateLength && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        if (!isNumber || (text.Length > MostSecondsDigits && text.Length != MillisecondsDigits))
        {
            return false;
        }

        long number = long.Parse(text, CultureInfo.InvariantCulture);
        DateTimeOffset moment =
            text.Length == MillisecondsDigits
                ? DateTimeOffset.FromUnixTimeMilliseconds(number)
                : DateTimeOffset.FromUnixTimeSeconds(number);
        return TryAdd(moment.UtcDateTime, moment.TimeOfDay == TimeSpan.Zero, out time);
    }

    // By the clock that is written, whatever its offset.
    private static bool IsMidnight(string text)
    {
        int offset = text.AsSpan(DateLength).LastIndexOfAny("Zz+-");
        string clock = offset < 0 ? text : text[..(DateLength + offset)];
        return RowTime.TryParse(clock, default, out RowTime stamp) && stamp.Value.TimeOfDay == TimeSpan.Zero;
    }

    private static bool TryAdd(DateTime utc, bool isDay, out DateTimeOffset time)
    {
        TimeSpan wait = isDay ? WholeDay : TimeSpan.Zero;
        time = default;
        if (utc.Ticks > DateTime.MaxValue.Ticks - wait.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset(utc.Ticks + wait.Ticks, TimeSpan.Zero);
        return true;
    }
}
