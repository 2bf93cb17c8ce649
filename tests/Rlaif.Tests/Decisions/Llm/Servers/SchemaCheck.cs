using System.Text.Json;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>Checks a value against a JSON schema of the kind that requests carry.</summary>
internal static class SchemaCheck
{
    /// <summary>Fails the test where the value does not follow the schema.</summary>
    public static void Require(JsonElement schema, JsonElement value)
    {
        if (schema.Items("enum").ToArray() is { Length: > 0 } choices)
        {
            Assert.Contains(value.ToString(), choices.Select(c => c.ToString()));
            return;
        }
        string type = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => SchemaWalk.Types(schema).Contains("integer") && value.TryGetInt64(out _)
                ? "integer"
                : "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => "null",
        };
        Assert.Contains(type, SchemaWalk.Types(schema));
        switch (type)
        {
            case "object":
                RequireObject(schema, value);
                break;
            case "array":
                Assert.InRange(value.GetArrayLength(), schema.Number("minItems") ?? 0, schema.Number("maxItems") ?? int.MaxValue);
                Assert.All(value.EnumerateArray(), item => Require(schema.Get("items")!.Value, item));
                break;
            case "string":
                Assert.InRange(value.GetString()!.Length, schema.Number("minLength") ?? 1, BrainLimits.MaxLength(schema));
                break;
            case "number" or "integer":
                Assert.InRange(
                    value.GetDouble(),
                    schema.Number("minimum") ?? double.MinValue,
                    schema.Number("maximum") ?? double.MaxValue
                );
                break;
        }
    }

    private static void RequireObject(JsonElement schema, JsonElement value)
    {
        JsonProperty[] properties = [.. SchemaWalk.Properties(schema)];
        Assert.Equal(properties.Select(p => p.Name), value.EnumerateObject().Select(p => p.Name));
        foreach (JsonProperty property in properties)
        {
            Require(property.Value, value.GetProperty(property.Name));
        }
    }
}
