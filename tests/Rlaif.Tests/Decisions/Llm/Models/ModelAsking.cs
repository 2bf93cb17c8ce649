using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Models;

/// <summary>How a model is asked.</summary>
internal static class ModelAsking
{
    /// <summary>Asks for a whole reply and tells the text as it grows; a client that cannot tell it does so at the end.</summary>
    /// <inheritdoc cref="ResilientChatClient.AskAsync"/>
    public static async Task<ChatResponse> AskAsync(
        this IChatClient client,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? chatOptions,
        IProgress<string>? textSoFar,
        CancellationToken cancellationToken
    )
    {
        if (client.GetService<ResilientChatClient>() is { } resilient)
        {
            return await resilient.AskAsync(messages, chatOptions, textSoFar, null, cancellationToken);
        }

        ChatResponse response = await client.GetResponseAsync(messages, chatOptions, cancellationToken);
        textSoFar?.Report(response.Text);
        return response;
    }
}
