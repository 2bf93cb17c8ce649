namespace Rlaif.Decisions.Llm.Models;

/// <summary>Why a call of a language model brought no reply.</summary>
public enum ModelFailure
{
    /// <summary>The key is missing or wrong.</summary>
    Authentication,

    /// <summary>The key may not use the model.</summary>
    Permission,

    /// <summary>The account has no credit left.</summary>
    Quota,

    /// <summary>There is no such model, or no API at the address.</summary>
    NotFound,

    /// <summary>The provider does not accept the request.</summary>
    BadRequest,

    /// <summary>The prompt is too large for the model.</summary>
    TooLarge,

    /// <summary>Too many calls or tokens per minute.</summary>
    RateLimited,

    /// <summary>The provider has too much to do.</summary>
    Overloaded,

    /// <summary>The provider failed.</summary>
    Server,

    /// <summary>Nothing came in time.</summary>
    Timeout,

    /// <summary>The connection could not be made, or broke.</summary>
    Connection,

    /// <summary>What came is not a complete reply.</summary>
    Malformed,
}
