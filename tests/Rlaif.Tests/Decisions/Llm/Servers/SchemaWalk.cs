using System.Text.Json;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>How to go through a JSON schema.</summary>
internal static class SchemaWalk
{
    /// <summary>The types that a schema names: one, several, or none.</summary>
    public static IReadOnlyList<string> Types(JsonElement schema) =>
        schema.Get("type") switch
        {
            { ValueKind: JsonValueKind.String } one => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(t => t.GetString()!)],
            _ => [],
        };

    /// <summary>The schemas inside a schema: of properties, items and alternatives.</summary>
    public static IEnumerable<JsonElement> Children(JsonElement schema)
    {
        foreach (string name in (string[])["properties", "$defs", "definitions"])
        {
            foreach (JsonProperty property in Properties(schema, name))
            {
                yield return property.Value;
            }
        }
        if (schema.Get("items") is { ValueKind: JsonValueKind.Object } items)
        {
            yield return items;
        }
        foreach (JsonElement branch in schema.Items("anyOf").Concat(schema.Items("oneOf")).Concat(schema.Items("allOf")))
        {
            yield return branch;
        }
    }

    /// <summary>The properties of an object schema, in order.</summary>
    public static IEnumerable<JsonProperty> Properties(JsonElement schema, string name = "properties") =>
        schema.Get(name) is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject() : [];
}
