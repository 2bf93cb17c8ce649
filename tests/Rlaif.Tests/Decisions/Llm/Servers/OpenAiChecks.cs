using System.Text.Json;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What the chat API refuses with status 400, in its words.</summary>
internal static class OpenAiChecks
{
    private static readonly string[] NotPermitted = ["minLength", "maxLength", "uniqueItems", "default", "allOf", "oneOf", "not"];

    /// <summary>What is wrong with a body; null when nothing is.</summary>
    public static (string Message, string Parameter)? Fault(JsonElement body) =>
        Fields(body).Concat(Conversation(body)).Concat(Format(body)).Cast<(string, string)?>().FirstOrDefault();

    private static IEnumerable<(string, string)> Fields(JsonElement body)
    {
        if (string.IsNullOrEmpty(body.String("model")))
        {
            yield return ("you must provide a model parameter", "model");
        }
        if (body.Get("messages") is null)
        {
            yield return ("Missing required parameter: 'messages'.", "messages");
        }
        else if (!body.Items("messages").Any())
        {
            yield return (
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                "messages"
            );
        }
        if (body.Number("temperature") is < 0 or > 2)
        {
            yield return ("Invalid 'temperature': expected a value between 0 and 2.", "temperature");
        }
        if (body.Get("stream_options") is not null && !body.Flag("stream"))
        {
            yield return ("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        }
    }

    private static IEnumerable<(string, string)> Conversation(JsonElement body)
    {
        var open = new HashSet<string>();
        int index = 0;
        foreach (JsonElement message in body.Items("messages"))
        {
            string role = message.String("role") ?? "";
            string at = $"messages.[{index++}].role";
            if (role == "tool")
            {
                if (!open.Remove(message.String("tool_call_id") ?? ""))
                {
                    yield return (
                        "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
                        at
                    );
                }
                continue;
            }
            if (open.Count > 0)
            {
                yield return (
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
                        + $"The following tool_call_ids did not have response messages: {string.Join(", ", open)}",
                    at
                );
            }
            if (role is not ("system" or "developer" or "user" or "assistant"))
            {
                yield return (
                    $"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'tool', and 'developer'.",
                    at
                );
            }
            open.UnionWith(message.Items("tool_calls").Select(c => c.String("id") ?? ""));
        }
    }

    private static IEnumerable<(string, string)> Format(JsonElement body)
    {
        const string Parameter = "response_format";
        if (body.Get(Parameter) is not { } format)
        {
            yield break;
        }
        string type = format.String("type") ?? "";
        if (type is not ("text" or "json_object" or "json_schema"))
        {
            yield return (
                $"Invalid value: '{type}'. Supported values are: 'json_object', 'json_schema', and 'text'.",
                $"{Parameter}.type"
            );
        }
        if (type == "json_object" && !body.Get("messages").ToString()!.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            yield return (
                "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
                "messages"
            );
        }
        if (type == "json_schema" && format.Get("json_schema") is not { } named)
        {
            yield return ("Missing required parameter: 'response_format.json_schema'.", $"{Parameter}.json_schema");
        }
        else if (type == "json_schema")
        {
            named = format.Get("json_schema")!.Value;
            if (
                named.String("name") is not { Length: > 0 and <= 64 } name
                || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            )
            {
                yield return (
                    "Invalid 'response_format.json_schema.name': expected a string of a-z, A-Z, 0-9, '_' and '-'.",
                    Parameter
                );
            }
            else if (named.Flag("strict"))
            {
                foreach (string fault in Strict(named.Get("schema").GetValueOrDefault(), "()"))
                {
                    yield return ($"Invalid schema for response_format '{name}': {fault}", Parameter);
                }
            }
        }
    }

    private static IEnumerable<string> Strict(JsonElement schema, string context)
    {
        if (SchemaWalk.Types(schema).Contains("object"))
        {
            if (schema.Get("additionalProperties") is not { ValueKind: JsonValueKind.False })
            {
                yield return $"In context={context}, 'additionalProperties' is required to be supplied and to be false.";
            }
            string[] required = [.. schema.Items("required").Select(r => r.GetString()!)];
            if (SchemaWalk.Properties(schema).Select(p => p.Name).Except(required).FirstOrDefault() is { } optional)
            {
                yield return $"In context={context}, 'required' is required to be supplied and to be an array including every key in "
                    + $"properties. Missing '{optional}'.";
            }
        }
        if (NotPermitted.FirstOrDefault(k => schema.Get(k) is not null) is { } keyword)
        {
            yield return $"In context={context}, '{keyword}' is not permitted.";
        }
        foreach (JsonProperty property in SchemaWalk.Properties(schema))
        {
            foreach (string fault in Strict(property.Value, $"('properties', '{property.Name}')"))
            {
                yield return fault;
            }
        }
        foreach (JsonElement child in SchemaWalk.Children(schema).Skip(SchemaWalk.Properties(schema).Count()))
        {
            foreach (string fault in Strict(child, "('items')"))
            {
                yield return fault;
            }
        }
    }
}
