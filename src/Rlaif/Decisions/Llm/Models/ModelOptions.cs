using System.ComponentModel.DataAnnotations;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>Which model serves a role, and how it may be used.</summary>
public sealed record ModelOptions
{
    /// <summary><c>claude</c> (Anthropic's API) or <c>openai</c> (OpenAI's chat API and every server that speaks it).</summary>
    [Required]
    public required string Provider { get; init; }

    /// <summary>The provider's name of the model.</summary>
    [Required]
    public required string Model { get; init; }

    /// <summary>Where the API is; null for the provider's own address.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>
    /// Environment variable that holds the key; null for the provider's usual one (<c>ANTHROPIC_API_KEY</c>, <c>OPENAI_API_KEY</c>). A server on
    /// the loopback address needs none.
    /// </summary>
    public string? KeyVariable { get; init; }

    /// <summary>Seconds until a try is given up; 1 to 3600, default 120. While a reply streams, the time between two of its parts counts.</summary>
    [Range(1.0, 3600.0, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double TimeoutSeconds { get; init; } = 120;

    /// <summary>Tries after the first one on 408, 409, 429, 5xx, broken connections and time-outs; 0 to 20, default 6.</summary>
    [Range(0, 20, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int Retries { get; init; } = 6;

    /// <summary>Calls in flight at once; 1 to 256, default 8.</summary>
    [Range(1, 256, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int Concurrency { get; init; } = 8;

    /// <summary>Calls begun per minute; 1 or more; null for no limit.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "{0} must be at least {1}.")]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens (input and output together) per minute; 1 or more; null for no limit.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "{0} must be at least {1}.")]
    public int? TokensPerMinute { get; init; }

    /// <summary>Most output tokens of a call, reasoning included; 64 to 128,000, default 8,000.</summary>
    [Range(64, 128_000, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int MaxOutputTokens { get; init; } = 8_000;

    /// <summary>Reasoning effort, where the model takes one: <c>low</c>, <c>medium</c>, <c>high</c>; null leaves it to the provider.</summary>
    [AllowedValues(null, "low", "medium", "high", ErrorMessage = "{0} must be low, medium or high.")]
    public string? Effort { get; init; }

    /// <summary>How the shape of replies is asked for; default by the model table, else <see cref="SchemaSupport.JsonSchema"/>.</summary>
    public SchemaSupport? Schema { get; init; }

    /// <summary>Price of a million input tokens in US dollars; null for the one in the price table.</summary>
    [Range(0.0, 10_000.0, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double? InputUsdPerMillion { get; init; }

    /// <summary>Price of a million output tokens in US dollars; null for the one in the price table.</summary>
    [Range(0.0, 10_000.0, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double? OutputUsdPerMillion { get; init; }

    /// <summary>Last day of what the model was trained on; null for the one in the model table.</summary>
    public DateOnly? KnowledgeCutoff { get; init; }
}
