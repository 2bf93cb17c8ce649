namespace Rlaif.Decisions.Llm;

/// <summary>Tokens of one call or of many, as the provider counts them.</summary>
/// <param name="Input">All input tokens, those read from and written to the provider's cache included.</param>
/// <param name="Output">Output tokens, reasoning included.</param>
/// <param name="CachedInput">Of the input: read from the provider's cache.</param>
/// <param name="CacheWrite">Of the input: written to the provider's cache.</param>
public readonly record struct TokenUsage(long Input, long Output, long CachedInput = 0, long CacheWrite = 0)
{
    /// <summary>Sums.</summary>
    public static TokenUsage operator +(TokenUsage a, TokenUsage b) =>
        new(a.Input + b.Input, a.Output + b.Output, a.CachedInput + b.CachedInput, a.CacheWrite + b.CacheWrite);
}
