using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rlaif.Core;

/// <summary>How the library writes JSON everywhere: snake_case names and enum values, no NaN or infinity, stable order.</summary>
public static class RlaifJson
{
    /// <summary>One line per document: ledger records and JSONL.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    /// <summary>Indented, for documents that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>Reads a document that somebody may have changed: lists have no empty places, which types do not say.</summary>
    /// <param name="json">The document.</param>
    /// <param name="within">The member whose lists are meant; null for all.</param>
    /// <exception cref="JsonException">It is no document of this type.</exception>
    internal static T Read<T>(string json, string? within = null)
        where T : class
    {
        using var document = JsonDocument.Parse(json);
        JsonElement looked = document.RootElement;
        bool isThere = within is null || (looked.ValueKind == JsonValueKind.Object && looked.TryGetProperty(within, out looked));
        return isThere && HasEmptyPlace(looked)
            ? throw new JsonException("a list in it has a null")
            : document.Deserialize<T>(Compact) ?? throw new JsonException("it is null");
    }

    private static bool HasEmptyPlace(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().Any(i => i.ValueKind == JsonValueKind.Null || HasEmptyPlace(i)),
            JsonValueKind.Object => json.EnumerateObject().Any(p => HasEmptyPlace(p.Value)),
            _ => false,
        };

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            // Dictionary keys are data (feature names, symbols, reasons): never renamed.
            DictionaryKeyPolicy = null,
            WriteIndented = indented,
            // Output is JSONL and terminals, never HTML: keep quotes and non-ASCII text readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            // A damaged document is refused where it is read, not where what is missing is used.
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
