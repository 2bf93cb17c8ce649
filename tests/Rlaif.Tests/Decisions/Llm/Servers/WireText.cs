using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What both protocols need to read requests and to write replies.</summary>
internal static class WireText
{
    private const string BearerScheme = "Bearer ";
    private const int PieceLength = 32;
    private const int CharactersPerToken = 4;

    private static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(JsonNode node) => node.ToJsonString(Raw);

    /// <summary>The token of the authorization header; null for none.</summary>
    public static string? Bearer(IHeaderDictionary headers) =>
        headers.Authorization.ToString() is { } value && value.StartsWith(BearerScheme, StringComparison.Ordinal)
            ? value[BearerScheme.Length..]
            : null;

    /// <summary>A text in the pieces in which it is streamed; characters outside the basic plane stay whole.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        for (int start = 0; start < text.Length; )
        {
            int length = Math.Min(PieceLength, text.Length - start);
            if (char.IsHighSurrogate(text[start + length - 1]) && start + length < text.Length)
            {
                length++;
            }
            yield return text.Substring(start, length);
            start += length;
        }
    }

    /// <summary>The content that is sent: all of it, or what precedes a fault.</summary>
    public static string Sent(ModelServerReply reply) =>
        reply.Fault == ModelServerFault.None ? reply.Content : reply.Content[..reply.FaultAfter];

    public static TokenUsage Usage(ModelServerRequest request, ModelServerReply reply) =>
        reply.Usage
        ?? new TokenUsage(
            Tokens(request.Body.GetRawText()),
            Tokens(reply.Content) + Tokens(reply.Reasoning ?? "") + reply.Calls.Sum(c => Tokens(c.Name) + Tokens(c.Arguments))
        );

    public static string? String(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static double? Number(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    public static bool Flag(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.True };

    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    private static int Tokens(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
