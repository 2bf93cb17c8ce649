using System.Globalization;
using System.Net.Http.Headers;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// What the last reply of one host said of its rate limit: <c>X-RateLimit-Remaining</c> requests until <c>X-RateLimit-Reset</c> (Unix seconds
/// by the host's clock). When none remain, requests wait for the reset instead of being refused.
/// </summary>
internal sealed class RequestQuota(TimeProvider time)
{
    // A window is a minute; whoever says more has another clock.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private long? _remaining;
    private DateTimeOffset _resetLocal;

    /// <summary>Takes one request from the quota, waiting for its reset when it is used up.</summary>
    internal async Task TakeAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_remaining is not null && now >= _resetLocal)
            {
                _remaining = null;
            }

            wait = _remaining <= 0 ? _resetLocal - now : TimeSpan.Zero;
            _remaining -= wait > TimeSpan.Zero ? 0 : 1;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Notes what a reply says.</summary>
    /// <param name="headers">Its headers.</param>
    /// <param name="hostNow">The host's clock when it replied: the reset is by that clock, which need not be this machine's.</param>
    internal void Note(HttpResponseHeaders headers, DateTimeOffset hostNow)
    {
        if (Number(headers, "X-RateLimit-Remaining") is not { } remaining || Reset(headers) is not { } reset)
        {
            return;
        }

        lock (_lock)
        {
            _remaining = remaining;
            _resetLocal = time.GetUtcNow() + Wait(reset, hostNow);
        }
    }

    /// <summary>How long until the quota of a reply that was refused changes; null when it does not say.</summary>
    internal static TimeSpan? Asked(HttpResponseHeaders headers, DateTimeOffset hostNow)
    {
        TimeSpan? byReset = Reset(headers) is { } reset ? Wait(reset, hostNow) : null;
        TimeSpan? byHeader = RetryDelay.Asked(headers, hostNow);
        return byHeader is null || byReset > byHeader ? byReset : byHeader;
    }

    private static TimeSpan Wait(DateTimeOffset reset, DateTimeOffset hostNow)
    {
        TimeSpan wait = reset - hostNow;
        return wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > LongestWait ? LongestWait
            : wait;
    }

    private static DateTimeOffset? Reset(HttpResponseHeaders headers) =>
        Number(headers, "X-RateLimit-Reset") is { } seconds
        && seconds >= 0
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static long? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values)
        && long.TryParse(values.First(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
