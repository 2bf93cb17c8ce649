using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Data.Alpaca;

/// <summary>What is said on streams: actions to Alpaca, and the control messages from it.</summary>
internal static class StreamText
{
    internal static string Auth(AlpacaKeys keys) =>
        new JsonObject
        {
            ["action"] = "auth",
            ["key"] = keys.Id,
            ["secret"] = keys.Secret,
        }.ToJsonString();

    internal static string Subscribe(AlpacaSubscription subscription)
    {
        var action = new JsonObject { ["action"] = "subscribe" };
        (string Channel, IReadOnlyList<string> Symbols)[] channels =
        [
            ("trades", subscription.Trades),
            ("quotes", subscription.Quotes),
            ("bars", subscription.Bars),
            ("updatedBars", subscription.Bars),
        ];
        foreach ((string channel, IReadOnlyList<string> symbols) in channels.Where(c => c.Symbols.Count > 0))
        {
            action[channel] = new JsonArray([.. symbols.Select(s => (JsonNode)s)]);
        }

        return action.ToJsonString();
    }

    internal const string Listen = """{"action":"listen","data":{"streams":["trade_updates"]}}""";

    internal static JsonElement Parse(byte[] message)
    {
        using JsonDocument document = JsonDocument.Parse(message);
        return document.RootElement.Clone();
    }

    /// <summary>The items of a message: of an array, or the message itself.</summary>
    internal static IEnumerable<JsonElement> Items(JsonElement message) =>
        message.ValueKind == JsonValueKind.Array ? message.EnumerateArray() : [message];

    internal static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object
        && of.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    internal static JsonElement? Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) ? value : null;

    /// <summary>What an item of <c>"T":"error"</c> says; null for other items.</summary>
    internal static (int Code, string Message)? Error(JsonElement item)
    {
        if (Text(item, "T") != "error")
        {
            return null;
        }

        int code =
            Member(item, "code") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int value) ? value : 0;
        return (code, Text(item, "msg") ?? "");
    }

    internal static string Beginning(byte[] message)
    {
        const int Shown = 60;
        return Encoding.UTF8.GetString(message, 0, Math.Min(message.Length, Shown));
    }
}
