using System.Globalization;
using System.Net.Http.Headers;

namespace Rlaif.Core;

/// <summary>How long to wait before a call is tried again.</summary>
public static class RetryDelay
{
    private const string Milliseconds = "retry-after-ms";
    private const string SecondsOrDate = "retry-after";
    private const int MostDoublings = 16;

    private static readonly TimeSpan Base = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait that a provider may ask for; it asks again if it means more.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(5);

    /// <summary>Exponential back-off with full jitter: uniform from zero to 1 s, 2 s, 4 s, ... at most 60 s.</summary>
    /// <param name="failedTries">Tries that have failed, 1 or more.</param>
    /// <param name="uniform">A uniform draw from [0, 1).</param>
    public static TimeSpan BackOff(int failedTries, double uniform)
    {
        TimeSpan most = Base * Math.Pow(2, Math.Min(failedTries - 1, MostDoublings));
        return (most < Cap ? most : Cap) * uniform;
    }

    /// <summary>What the headers of a reply ask to wait, from zero to five minutes; null when they do not say.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="now">The moment of the reply: a header may name a date.</param>
    public static TimeSpan? Asked(HttpResponseHeaders headers, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(headers);
        TimeSpan? asked =
            Number(headers, Milliseconds, TimeSpan.TicksPerMillisecond)
            ?? Number(headers, SecondsOrDate, TimeSpan.TicksPerSecond);
        if (asked is null && headers.RetryAfter?.Date is { } date)
        {
            asked = date - now;
        }

        return asked is not { } wait ? null
            : wait <= TimeSpan.Zero ? TimeSpan.Zero
            : wait > LongestAsked ? LongestAsked
            : wait;
    }

    private static TimeSpan? Number(HttpResponseHeaders headers, string name, long ticksPerUnit) =>
        headers.TryGetValues(name, out IEnumerable<string>? values)
        && double.TryParse(values.First(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
            ? TimeSpan.FromTicks((long)Math.Clamp(number * ticksPerUnit, 0, LongestAsked.Ticks))
            : null;
}
