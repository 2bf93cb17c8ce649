using System.Text.Json.Nodes;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>A content block of a Messages API reply: whole, and as the parts in which it is streamed.</summary>
internal sealed record AnthropicBlock(
    JsonObject Whole,
    JsonObject Start,
    IReadOnlyList<JsonObject> Deltas,
    bool IsContent = false
)
{
    public static AnthropicBlock Text(string text) =>
        new(
            new JsonObject { ["type"] = "text", ["text"] = text },
            new JsonObject { ["type"] = "text", ["text"] = "" },
            [.. WireText.Pieces(text).Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p })],
            IsContent: true
        );

    public static AnthropicBlock Thinking(string thinking, string signature) =>
        new(
            Thought(thinking, signature),
            Thought("", ""),
            [
                .. WireText.Pieces(thinking).Select(p => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = p }),
                new JsonObject { ["type"] = "signature_delta", ["signature"] = signature },
            ]
        );

    public static AnthropicBlock ToolUse(string id, string name, string arguments) =>
        new(
            Call(id, name, JsonNode.Parse(arguments)!.AsObject()),
            Call(id, name, []),
            [
                .. WireText
                    .Pieces(arguments)
                    .Prepend("")
                    .Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p }),
            ]
        );

    private static JsonObject Thought(string thinking, string signature) =>
        new()
        {
            ["type"] = "thinking",
            ["thinking"] = thinking,
            ["signature"] = signature,
        };

    private static JsonObject Call(string id, string name, JsonObject input) =>
        new()
        {
            ["type"] = "tool_use",
            ["id"] = id,
            ["name"] = name,
            ["input"] = input,
        };
}
