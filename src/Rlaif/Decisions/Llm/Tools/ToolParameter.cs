using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>An argument of a tool, as a model is told about it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Description">What it means and which values are allowed.</param>
/// <param name="Choices">The texts that are allowed; null for any.</param>
internal sealed record ToolParameter(string Name, string Type, string Description, IReadOnlyList<string>? Choices = null)
{
    /// <summary>The schema of a tool with these arguments: all are required, and there are no others.</summary>
    internal static JsonElement Schema(params IReadOnlyList<ToolParameter> parameters) =>
        JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(parameters.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.ToJson()))),
                ["required"] = new JsonArray([.. parameters.Select(p => (JsonNode)p.Name)]),
                ["additionalProperties"] = false,
            }
        );

    private JsonObject ToJson()
    {
        var json = new JsonObject { ["type"] = Type, ["description"] = Description };
        if (Choices is not null)
        {
            json["enum"] = new JsonArray([.. Choices.Select(c => (JsonNode)c)]);
        }

        return json;
    }
}
