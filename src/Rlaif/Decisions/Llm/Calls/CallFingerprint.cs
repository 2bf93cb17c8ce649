using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>
/// Names a call by everything that decides on its reply: provider, model, prompt, schema, parameters, tools and sample. Where the server is,
/// who asks, what for, time-outs and limits are left out: they change how a reply is got, not what it is a reply to.
/// </summary>
internal static class CallFingerprint
{
    // Part of what is hashed: raised when the canonical form changes, so that no old reply is taken for the answer to another question.
    private const int Version = 1;
    private const int HashBytes = 16;
    private const string Prefix = "llm_";

    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = ReplyContents.MaxDepth,
    };

    /// <summary>The fingerprint, such as <c>llm_1f0c9a5b22d4e6f708111f0c9a5b22d4</c>: 128 bits of SHA-256 over <see cref="Canonical"/>.</summary>
    internal static string Of(ReadOnlySpan<byte> canonical) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(canonical).AsSpan(0, HashBytes));

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    internal static string Of(ModelRequest request, ModelSetup setup) => Of(Canonical(request, setup));

    /// <summary>The call as UTF-8 JSON in one fixed form. It holds all text that is sent, save what reasoning carries along encrypted.</summary>
    internal static byte[] Canonical(ModelRequest request, ModelSetup setup)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            WriteText(json, "provider", setup.Options.Provider);
            WriteText(json, "model", setup.Options.Model);
            WriteParameters(json, request, setup);
            WriteText(json, "system", request.System);
            WriteTools(json, setup.Card.Tools == ToolSupport.Never ? [] : request.Tools);
            WriteMessages(json, request.Messages);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteParameters(Utf8JsonWriter json, ModelRequest request, ModelSetup setup)
    {
        json.WriteNumber("sample", request.Sample);
        json.WriteNumber("max_output_tokens", setup.Options.MaxOutputTokens);
        // What the model does not take is not sent, and decides on nothing.
        if (setup.Card.TakesEffort && setup.Options.Effort is { } effort)
        {
            WriteText(json, "effort", effort);
        }

        if (setup.Card.TakesTemperature && request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature", temperature);
        }

        if (request.Schema is { } schema)
        {
            json.WriteString("schema_mode", (setup.Options.Schema ?? setup.Card.Schema).ToString());
            WriteText(json, "schema_name", schema.Name);
            json.WritePropertyName("schema");
            // In its own order: models write properties in the order in which the schema names them.
            schema.Schema.WriteTo(json);
        }
    }

    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<AIFunctionDeclaration> tools)
    {
        json.WriteStartArray("tools");
        foreach (AIFunctionDeclaration tool in tools)
        {
            json.WriteStartObject();
            WriteText(json, "name", tool.Name);
            WriteText(json, "description", tool.Description);
            json.WritePropertyName("parameters");
            tool.JsonSchema.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages)
    {
        // Providers make up the ids of tool calls: only which result belongs to which call counts.
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        json.WriteStartArray("messages");
        foreach (ChatMessage message in messages)
        {
            json.WriteStartObject();
            WriteText(json, "role", message.Role.Value);
            json.WriteStartArray("contents");
            foreach (AIContent content in message.Contents)
            {
                WriteContent(json, content, calls);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter json, AIContent content, Dictionary<string, int> calls)
    {
        json.WriteStartObject();
        switch (content)
        {
            case TextReasoningContent reasoning:
                WriteText(json, "reasoning", reasoning.Text);
                break;
            case TextContent text:
                WriteText(json, "text", text.Text);
                break;
            case FunctionCallContent call:
                json.WriteNumber("call", Number(calls, call.CallId));
                WriteText(json, "name", call.Name);
                WriteValue(json, "arguments", call.Arguments);
                break;
            case FunctionResultContent result:
                json.WriteNumber("result_of", Number(calls, result.CallId));
                WriteValue(json, "result", result.Result);
                break;
            default:
                throw new NotSupportedException(
                    $"A message holds {content.GetType().Name}, which has no place in a fingerprint."
                );
        }

        json.WriteEndObject();
    }

    private static int Number(Dictionary<string, int> calls, string id)
    {
        if (!calls.TryGetValue(id, out int number))
        {
            calls[id] = number = calls.Count + 1;
        }

        return number;
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        WriteSorted(json, JsonSerializer.SerializeToElement(value, ReplyContents.Json));
    }

    private static void WriteSorted(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(property.Name);
                    WriteSorted(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    WriteSorted(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    // Through bytes, because half a surrogate pair (a text that was cut there) must be hashed, not refused.
    private static void WriteText(Utf8JsonWriter json, string name, string? text) =>
        json.WriteString(name, Encoding.UTF8.GetBytes(text ?? string.Empty));
}
