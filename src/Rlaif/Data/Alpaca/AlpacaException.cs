namespace Rlaif.Data.Alpaca;

/// <summary>Alpaca did not give what was asked for. The message says what, where and what to do, and holds no key.</summary>
public sealed class AlpacaException : Exception
{
    internal AlpacaException(AlpacaFailure kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Why.</summary>
    public AlpacaFailure Kind { get; }

    /// <summary>The HTTP status; null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>The number of the error in Alpaca's reply, such as 40310000; null when it has none, as the replies of proxies.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>What Alpaca said, on one line and without keys; empty when it said nothing.</summary>
    internal string Said { get; init; } = "";

    /// <summary>Whether the same may succeed later.</summary>
    public bool MayRetry =>
        Kind
            is AlpacaFailure.RateLimited
                or AlpacaFailure.Server
                or AlpacaFailure.Timeout
                or AlpacaFailure.Connection
                or AlpacaFailure.Malformed;

    /// <summary>How long Alpaca asks to wait before that; null when it does not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
