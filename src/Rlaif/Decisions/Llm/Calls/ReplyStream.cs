using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using Rlaif.Decisions.Llm.Models;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Reads the answer of a client to its end and says what came.</summary>
internal static class ReplyStream
{
    // The name under which the Anthropic client counts what was written to the cache.
    private const string CacheWriteCount = "CacheCreationInputTokens";

    // The code that the OpenAI client gives to a refusal; the reply ends like any other.
    private const string RefusalCode = "Refusal";

    // No model takes or writes more; a server that says so must not overflow the books.
    private const long MostTokens = 1_000_000_000;

    /// <summary>Asks and reads to the end.</summary>
    /// <param name="client">Who is asked.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">Everything else that is sent.</param>
    /// <param name="received">Takes what comes, so that it is known even if the end does not come.</param>
    /// <param name="textSoFar">Told the text as it grows.</param>
    /// <param name="beforeNextPaidTry">Called before a further try when the one before may have been charged.</param>
    /// <param name="cancellationToken">Cancels until the reply has ended.</param>
    internal static async Task<ChatResponse> ReadAsync(
        IChatClient client,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions options,
        ICollection<ChatResponseUpdate> received,
        IProgress<string>? textSoFar,
        Func<Task>? beforeNextPaidTry,
        CancellationToken cancellationToken
    )
    {
        if (client.GetService<ResilientChatClient>() is { } resilient)
        {
            return await resilient.AskAsync(messages, options, textSoFar, beforeNextPaidTry, cancellationToken);
        }

        var text = new StringBuilder();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            received.Add(update);
            if (textSoFar is not null && update.Text is { Length: > 0 } piece)
            {
                textSoFar.Report(text.Append(piece).ToString());
            }
        }

        KeepRefusal(received);
        return received.ToChatResponse();
    }

    /// <summary>
    /// Adds the words of a refusal, which the OpenAI client drops when it streams: what is left would look like an empty reply.
    /// </summary>
    internal static void KeepRefusal(ICollection<ChatResponseUpdate> received)
    {
        string refusal = string.Concat(
            received.Select(u => (u.RawRepresentation as StreamingChatCompletionUpdate)?.RefusalUpdate)
        );
        if (refusal.Length > 0)
        {
            received.Add(new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent(refusal) { ErrorCode = RefusalCode }]));
        }
    }

    /// <summary>Why the model stopped.</summary>
    internal static ReplyEnd End(ChatResponse response)
    {
        ErrorContent? error = response.Messages.SelectMany(m => m.Contents).OfType<ErrorContent>().FirstOrDefault();
        if (error is not null)
        {
            return string.Equals(error.ErrorCode, RefusalCode, StringComparison.OrdinalIgnoreCase)
                ? ReplyEnd.Refusal
                : ReplyEnd.Other;
        }

        // Some servers that speak OpenAI's API end a reply with tool calls like any other.
        bool calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Any();
        ChatFinishReason? reason = response.FinishReason;
        return reason == ChatFinishReason.ContentFilter ? ReplyEnd.Refusal
            : reason == ChatFinishReason.Length ? ReplyEnd.Length
            : reason == ChatFinishReason.ToolCalls || (calls && reason == ChatFinishReason.Stop) ? ReplyEnd.ToolCalls
            : reason == ChatFinishReason.Stop ? ReplyEnd.Stop
            : ReplyEnd.Other;
    }

    /// <summary>Tokens as the provider counted them; zero where it did not.</summary>
    internal static TokenUsage Usage(UsageDetails? usage)
    {
        long input = Tokens(usage?.InputTokenCount, MostTokens);
        long cached = Tokens(usage?.CachedInputTokenCount, input);
        long written = usage?.AdditionalCounts?.TryGetValue(CacheWriteCount, out long count) == true ? count : 0;
        return new TokenUsage(input, Tokens(usage?.OutputTokenCount, MostTokens), cached, Tokens(written, input - cached));
    }

    private static long Tokens(long? count, long most) => Math.Clamp(count ?? 0, 0, most);
}
