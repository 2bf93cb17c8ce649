using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>
/// What is kept of a reply: text (a refusal's too), tool calls, and reasoning with what has to be sent back in tool rounds. A reply passes through
/// this form whether it is recorded or not, so that a run and its replay go on from the same message.
/// </summary>
internal static class ReplyContents
{
    /// <summary>Depth of JSON that is read and written; above the 64 that clients take, so that what they let in can be kept.</summary>
    internal const int MaxDepth = 256;

    /// <summary>How contents are written.</summary>
    internal static JsonSerializerOptions Json { get; } = Create();

    /// <summary>The contents of a response, in order, as a JSON array.</summary>
    internal static JsonElement Keep(ChatResponse response) =>
        Write(response.Messages.Where(m => m.Role == ChatRole.Assistant).SelectMany(m => m.Contents));

    /// <summary>The message that these contents make; a new one each time, for messages can be changed.</summary>
    /// <exception cref="JsonException">They are no contents.</exception>
    internal static ChatMessage Restore(JsonElement contents)
    {
        try
        {
            List<AIContent> read = contents.Deserialize<List<AIContent>>(Json) ?? throw new JsonException("contents are null");
            return new ChatMessage(ChatRole.Assistant, [.. Cleaned(read)]);
        }
        // What the serializer throws at kinds and values that it does not know.
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    private static JsonElement Write(IEnumerable<AIContent> contents) =>
        JsonSerializer.SerializeToElement<List<AIContent>>([.. Cleaned(contents)], Json);

    // Rebuilt, not filtered: raw representations and additional properties may hold anything, headers included.
    private static IEnumerable<AIContent> Cleaned(IEnumerable<AIContent> contents) =>
        contents
            .Select<AIContent, AIContent?>(content =>
                content switch
                {
                    TextReasoningContent r => new TextReasoningContent(r.Text) { ProtectedData = r.ProtectedData },
                    TextContent { Text.Length: > 0 } t => new TextContent(t.Text),
                    FunctionCallContent c => new FunctionCallContent(c.CallId, c.Name, c.Arguments),
                    // A refusal comes as an error; its words are what was said.
                    ErrorContent { Message.Length: > 0 } e => new TextContent(e.Message),
                    _ => null,
                }
            )
            .OfType<AIContent>();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions) { MaxDepth = MaxDepth, WriteIndented = false };
        options.MakeReadOnly();
        return options;
    }
}
