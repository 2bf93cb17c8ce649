using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>How many tokens a prompt may have, before the provider has counted them.</summary>
internal static class TokenEstimate
{
    // English prose has about four characters per token, JSON and numbers about three, and newer tokenizers a third more tokens.
    private const int CharactersPerToken = 2;

    // Roles, separators and what the provider adds.
    private const int TokensPerMessage = 16;

    /// <summary>A generous estimate of the input tokens of a call.</summary>
    public static long Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        long characters = options?.Instructions?.Length ?? 0;
        characters += (options?.ResponseFormat as ChatResponseFormatJson)?.Schema?.GetRawText().Length ?? 0;
        foreach (AIFunctionDeclaration tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            characters += tool.Name.Length + tool.Description.Length + tool.JsonSchema.GetRawText().Length;
        }

        foreach (AIContent content in messages.SelectMany(m => m.Contents))
        {
            characters += content switch
            {
                TextContent text => text.Text.Length,
                TextReasoningContent thought => thought.Text.Length + (thought.ProtectedData?.Length ?? 0),
                FunctionCallContent call => call.Name.Length + (call.Arguments?.Sum(a => a.Key.Length + Length(a.Value)) ?? 0),
                FunctionResultContent result => Length(result.Result),
                _ => 0,
            };
        }

        return (characters / CharactersPerToken) + ((messages.Count + 1) * TokensPerMessage);
    }

    private static int Length(object? value) => value?.ToString()?.Length ?? 0;
}
