using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>
/// Tokens written to the provider's cache, where <see cref="UsageDetails"/> has no field for them: both providers' are found under one
/// name in its additional counts.
/// </summary>
internal static class CacheWrites
{
    /// <summary>The name, as the client of Anthropic's API has it.</summary>
    public const string Name = "CacheCreationInputTokens";

    /// <summary>Adds what the client of OpenAI's API does not carry over.</summary>
    public static void Complete(ChatResponse response, IReadOnlyList<ChatResponseUpdate> updates)
    {
        foreach (ChatResponseUpdate update in updates)
        {
            if (response.Usage is { } usage && update.RawRepresentation is StreamingChatCompletionUpdate { Usage: { } raw })
            {
#pragma warning disable SCME0001 // The patch holds what the client does not know.
                if (raw.InputTokenDetails is { } details && details.Patch.TryGetValue("$.cache_write_tokens"u8, out long written))
                {
                    usage.AdditionalCounts ??= [];
                    usage.AdditionalCounts[Name] = written;
                }
#pragma warning restore SCME0001
            }
        }
    }
}
