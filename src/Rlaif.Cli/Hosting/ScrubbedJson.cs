using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Cli;

/// <summary>Takes secrets out of JSON, text by text, so that what is left is JSON whatever was taken out.</summary>
internal static class ScrubbedJson
{
    /// <summary>A copy without secrets.</summary>
    public static JsonNode? Scrub(this SecretScrubber scrubber, JsonNode? node) =>
        node switch
        {
            JsonObject fields => new JsonObject(
                fields.Select(f => KeyValuePair.Create(scrubber.Scrub(f.Key), scrubber.Scrub(f.Value))).DistinctBy(f => f.Key)
            ),
            JsonArray items => new JsonArray([.. items.Select(scrubber.Scrub)]),
            JsonValue value when value.GetValueKind() == JsonValueKind.String => scrubber.Scrub(value.GetValue<string>()),
            _ => node?.DeepClone(),
        };
}
