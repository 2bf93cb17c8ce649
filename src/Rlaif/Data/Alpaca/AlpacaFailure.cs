namespace Rlaif.Data.Alpaca;

/// <summary>Why Alpaca did not give what was asked for.</summary>
public enum AlpacaFailure
{
    /// <summary>The keys are refused (401, stream code 402).</summary>
    Authentication,

    /// <summary>The account may not have it (403, stream code 409).</summary>
    Forbidden,

    /// <summary>There is none (404).</summary>
    NotFound,

    /// <summary>A parameter is wrong (400, 422).</summary>
    BadRequest,

    /// <summary>Too many requests (429), or too many streams or symbols at once.</summary>
    RateLimited,

    /// <summary>Alpaca failed or is in maintenance (5xx).</summary>
    Server,

    /// <summary>Nothing came in time.</summary>
    Timeout,

    /// <summary>No connection, or it broke.</summary>
    Connection,

    /// <summary>What came cannot be read.</summary>
    Malformed,
}
