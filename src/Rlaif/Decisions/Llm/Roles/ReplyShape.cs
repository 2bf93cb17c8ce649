using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// Builds schemas of what all providers take in their strict modes: objects with every property required and none additional. Ranges and
/// lengths are refused or ignored there, so they stand in the descriptions and are checked after the reply.
/// </summary>
internal static class ReplyShape
{
    /// <summary>Most characters of an analysis or a statement.</summary>
    internal const int MaxAnalysis = 1200;

    /// <summary>Most characters of a step of reasoning and of the main risk.</summary>
    internal const int MaxStep = 500;

    /// <summary>Most steps of reasoning.</summary>
    internal const int MaxSteps = 8;

    /// <summary>Most ids of evidence.</summary>
    internal const int MaxEvidence = 30;

    /// <summary>The object with these properties, which are written in this order: reasons before conclusions.</summary>
    internal static ReplySchema Create(string name, params (string Name, JsonObject Type)[] properties)
    {
        var shape = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.Type))),
            ["required"] = new JsonArray([.. properties.Select(p => (JsonNode)p.Name)]),
            ["additionalProperties"] = false,
        };
        return new ReplySchema(name, JsonSerializer.SerializeToElement(shape));
    }

    /// <summary>A text.</summary>
    internal static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    /// <summary>A number.</summary>
    internal static JsonObject Number(string description) => new() { ["type"] = "number", ["description"] = description };

    /// <summary>One of a few words.</summary>
    internal static JsonObject Word(params string[] allowed) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. allowed.Select(a => (JsonNode)a)]) };

    /// <summary>A list of texts.</summary>
    internal static JsonObject Texts(string description) =>
        new()
        {
            ["type"] = "array",
            ["description"] = description,
            ["items"] = new JsonObject { ["type"] = "string" },
        };

    /// <summary>The steps of reasoning.</summary>
    internal static JsonObject Steps() =>
        Texts($"1 to {MaxSteps} steps in order, each at most {MaxStep} characters with the ids of its evidence");

    /// <summary>The evidence.</summary>
    internal static JsonObject Evidence() => Texts("Ids of the evidence that this rests on, such as F1");
}
