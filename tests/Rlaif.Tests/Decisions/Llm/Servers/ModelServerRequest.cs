using System.Text.Json;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What a client asked of a local model server, the same for both protocols.</summary>
internal sealed record ModelServerRequest
{
    /// <summary>Position among all requests that reached the server with a valid body, from 0.</summary>
    public required int Index { get; init; }

    public required string Model { get; init; }

    /// <summary>The system prompt; empty when there is none.</summary>
    public required string System { get; init; }

    /// <summary>The conversation without the system prompt; results of tools are one message of the role <c>tool</c> in both protocols.</summary>
    public required IReadOnlyList<ModelServerMessage> Messages { get; init; }

    /// <summary>Name of the schema; Anthropic's protocol has none.</summary>
    public string? SchemaName { get; init; }

    /// <summary>The JSON schema that the reply must follow, as it was sent.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Whether a JSON object without a schema was asked for.</summary>
    public bool JsonObject { get; init; }

    public required IReadOnlyList<ModelServerTool> Tools { get; init; }

    public double? Temperature { get; init; }

    public int? MaxTokens { get; init; }

    public required bool Stream { get; init; }

    /// <summary>The body as it was sent.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>Names of the headers, in lower case, sorted.</summary>
    public required IReadOnlyList<string> HeaderNames { get; init; }

    /// <summary>System prompt and all texts of the conversation, the model's own included.</summary>
    public string Prompt => string.Join('\n', Messages.Select(m => m.Text).Prepend(System));

    /// <summary>The last text of the user; empty when there is none.</summary>
    public string Question => Messages.LastOrDefault(m => m.Role == "user")?.Text ?? "";

    /// <summary>Whether the last message holds results of tools.</summary>
    public bool HasToolResults => Messages is [.., { Role: "tool" }];
}

/// <summary>A message of a conversation.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Text">Its text blocks, joined by line breaks.</param>
internal sealed record ModelServerMessage(string Role, string Text)
{
    public IReadOnlyList<ModelServerToolCall> ToolCalls { get; init; } = [];

    public IReadOnlyList<ModelServerToolResult> ToolResults { get; init; } = [];

    /// <summary>Reasoning that was sent back.</summary>
    public string? Thinking { get; init; }

    /// <summary>Signature of the reasoning that was sent back.</summary>
    public string? Signature { get; init; }
}

/// <summary>A tool call of the model.</summary>
internal sealed record ModelServerToolCall(string Id, string Name, string Arguments);

/// <summary>What a tool returned.</summary>
internal sealed record ModelServerToolResult(string CallId, string Text, bool IsError = false);

/// <summary>A tool that the model may call.</summary>
internal sealed record ModelServerTool(string Name, string Description, JsonElement Schema);
