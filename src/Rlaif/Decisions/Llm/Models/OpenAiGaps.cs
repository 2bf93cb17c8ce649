using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>
/// What is in a stream of OpenAI's API but not in what its client makes of it: that the model declined, with what words, and how many
/// tokens were written to the provider's cache. Afterwards a reply looks the same whichever provider it is from.
/// </summary>
internal static class OpenAiGaps
{
    /// <summary>Name of the cache's tokens among the additional counts, as the client of Anthropic's API has it.</summary>
    public const string CacheWrites = "CacheCreationInputTokens";

    /// <summary>Adds what is missing in a reply.</summary>
    public static void Fill(ChatResponse response, IReadOnlyList<ChatResponseUpdate> updates)
    {
        var refusal = new StringBuilder();
        foreach (
            StreamingChatCompletionUpdate raw in updates.Select(u => u.RawRepresentation).OfType<StreamingChatCompletionUpdate>()
        )
        {
            refusal.Append(raw.RefusalUpdate);
#pragma warning disable SCME0001 // The patch holds what the client does not know.
            if (
                response.Usage is { } usage
                && raw.Usage?.InputTokenDetails is { } details
                && details.Patch.TryGetValue("$.cache_write_tokens"u8, out long written)
            )
            {
                usage.AdditionalCounts ??= [];
                usage.AdditionalCounts[CacheWrites] = written;
            }
#pragma warning restore SCME0001
        }

        if (refusal.Length > 0)
        {
            response.FinishReason = Microsoft.Extensions.AI.ChatFinishReason.ContentFilter;
            response.Messages[^1].Contents.Add(new TextContent(refusal.ToString()));
        }
    }
}
