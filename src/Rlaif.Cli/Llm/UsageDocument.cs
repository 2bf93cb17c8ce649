using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Cli;

/// <summary>What language models took and spared, as a verb reports it.</summary>
internal sealed record UsageDocument(
    long Calls,
    long Replayed,
    long InputTokens,
    long OutputTokens,
    long CachedInputTokens,
    decimal SpentUsd,
    decimal ReservedUsd,
    decimal CachedUsd,
    decimal SavedUsd,
    long UnpricedCalls
)
{
    /// <summary>The fields for a verb's help.</summary>
    public const string Fields =
        "calls,replayed,input_tokens,output_tokens,cached_input_tokens,spent_usd,reserved_usd,cached_usd,saved_usd,unpriced_calls";

    public static UsageDocument Of(UsageFigures u) =>
        new(
            u.Calls,
            u.Replayed,
            u.Tokens.Input,
            u.Tokens.Output,
            u.Tokens.CachedInput,
            u.SpentUsd,
            u.ReservedUsd,
            u.CachedUsd,
            u.SavedUsd,
            u.UnpricedCalls
        );

    /// <summary>By role, with the names that settings use.</summary>
    public static IReadOnlyDictionary<string, UsageDocument> ByRole(LlmUsage usage) =>
        usage.ByRole.ToDictionary(r => ModelSettings.NameOf(r.Key), r => Of(r.Value), StringComparer.Ordinal);

    /// <summary>By provider and model.</summary>
    public static IReadOnlyDictionary<string, UsageDocument> ByModel(LlmUsage usage) =>
        usage.ByModel.ToDictionary(m => m.Key, m => Of(m.Value), StringComparer.Ordinal);

    /// <summary>One line for people.</summary>
    public string Words()
    {
        string unknown = ReservedUsd > 0 ? $", up to {ReservedUsd:0.0000} more for calls without a known end" : "";
        string unpriced = UnpricedCalls > 0 ? $", {UnpricedCalls} calls without a price" : "";
        return $"language models: {Calls:N0} calls ({InputTokens:N0} tokens in, {OutputTokens:N0} out), spent {SpentUsd:0.0000} USD{unknown}{unpriced}; provider caches saved {CachedUsd:0.0000} USD; {Replayed:N0} replies replayed, which saved {SavedUsd:0.0000} USD";
    }
}
