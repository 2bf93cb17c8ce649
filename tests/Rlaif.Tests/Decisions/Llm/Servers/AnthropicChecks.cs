using System.Text.Json;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What the Messages API refuses with status 400, in its words.</summary>
internal static class AnthropicChecks
{
    private static readonly Dictionary<string, string[]> Unsupported = new()
    {
        ["number"] = ["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"],
        ["integer"] = ["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"],
        ["string"] = ["maxLength", "minLength"],
        ["array"] = ["maxItems", "uniqueItems"],
    };

    /// <summary>What is wrong with a body; null when nothing is.</summary>
    public static string? Fault(JsonElement body) =>
        Fields(body).Concat(Conversation(body)).Concat(Schemas(body)).FirstOrDefault();

    private static IEnumerable<string> Fields(JsonElement body)
    {
        foreach (string field in (string[])["model", "max_tokens", "messages"])
        {
            if (body.Get(field) is null)
            {
                yield return $"{field}: Field required";
            }
        }
        if (body.Number("max_tokens") < 1)
        {
            yield return "max_tokens: Input should be greater than or equal to 1";
        }
        if (body.Number("temperature") is < 0 or > 1)
        {
            yield return "temperature: range: 0..1";
        }
        if (!body.Items("messages").Any())
        {
            yield return "messages: at least one message is required";
        }
        if (body.Items("system").Any(IsBlank))
        {
            yield return "system: text content blocks must be non-empty";
        }
    }

    private static IEnumerable<string> Conversation(JsonElement body)
    {
        JsonElement[] messages = [.. body.Items("messages")];
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].String("role") is not ("user" or "assistant"))
            {
                yield return $"messages: Unexpected role \"{messages[i].String("role")}\". "
                    + "The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.";
            }
            if (messages[i].Items("content").Any(IsBlank))
            {
                yield return "messages: text content blocks must be non-empty";
            }
            string[] open = i > 0 ? Ids(messages[i - 1], "tool_use", "id") : [];
            string[] answered = Ids(messages[i], "tool_result", "tool_use_id");
            if (answered.Except(open).FirstOrDefault() is { } stray)
            {
                yield return $"messages.{i}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {stray}. "
                    + "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
            }
            if (open.Except(answered).ToArray() is { Length: > 0 } missing)
            {
                yield return $"messages.{i - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                    + $"{string.Join(", ", missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";
            }
            if (
                messages[i]
                    .Items("content")
                    .Any(b => b.String("type") == "thinking" && string.IsNullOrEmpty(b.String("signature")))
            )
            {
                yield return $"messages.{i}.content.0.thinking.signature: Field required";
            }
        }
    }

    private static IEnumerable<string> Schemas(JsonElement body)
    {
        JsonElement? format = body.Get("output_config")?.Get("format") ?? body.Get("output_format");
        if (format is null)
        {
            return [];
        }
        string? type = format.Value.String("type");
        return type == "json_schema" && format.Value.Get("schema") is { } schema
            ? Schema(schema).Select(f => $"output_config.format.schema: {f}")
            : [$"output_config.format.type: Input should be 'json_schema', not '{type}'"];
    }

    private static IEnumerable<string> Schema(JsonElement schema)
    {
        foreach (string type in SchemaWalk.Types(schema))
        {
            string[] unsupported = [.. Unsupported.GetValueOrDefault(type, []).Where(k => schema.Get(k) is not null)];
            if (unsupported.Length > 0)
            {
                yield return $"For '{type}' type, {(unsupported.Length > 1 ? "properties" : "property")} "
                    + $"{string.Join(", ", unsupported)} {(unsupported.Length > 1 ? "are" : "is")} not supported";
            }
            if (type == "array" && schema.Number("minItems") > 1)
            {
                yield return "For 'array' type, 'minItems' values other than 0 or 1 are not supported";
            }
            if (type == "object" && schema.Get("additionalProperties") is not { ValueKind: JsonValueKind.False })
            {
                yield return "For 'object' type, 'additionalProperties' must be explicitly set to false";
            }
        }
        foreach (string fault in SchemaWalk.Children(schema).SelectMany(Schema))
        {
            yield return fault;
        }
    }

    private static bool IsBlank(JsonElement block) =>
        block.String("type") == "text" && string.IsNullOrEmpty(block.String("text"));

    private static string[] Ids(JsonElement message, string type, string name) =>
        [.. message.Items("content").Where(b => b.String("type") == type).Select(b => b.String(name) ?? "")];
}
