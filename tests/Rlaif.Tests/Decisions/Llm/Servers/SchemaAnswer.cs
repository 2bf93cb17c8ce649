using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlaif.Core;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>Fills a JSON schema with values that make sense on a trading desk.</summary>
internal sealed class SchemaAnswer(JsonElement root, BrainView view, DeterministicRandom random)
{
    private const int NullOdds = 4;
    private const int MostCitations = 3;
    private const double SizeStep = 0.005;

    private static readonly Regex Example = new(
        @"for example (?<e>[^\s,.(]+(?:\([^)]*\))?)",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );
    private static readonly (double Min, double Max) AnyScore = (-1, 1);

    private BrainStance? _stance;

    /// <summary>The value.</summary>
    public JsonNode? Write() => Write(root, "");

    private JsonNode? Write(JsonElement schema, string name)
    {
        schema = Resolve(schema);
        if (schema.Get("const") is { } constant)
        {
            return JsonNode.Parse(constant.GetRawText());
        }
        if (schema.Items("enum").ToArray() is { Length: > 0 } choices)
        {
            return JsonNode.Parse(Choose(name, choices).GetRawText());
        }
        string[] types = [.. SchemaWalk.Types(schema).Where(t => t != "null")];
        if (types.Length < SchemaWalk.Types(schema).Count && random.NextInt(NullOdds) == 0)
        {
            return null;
        }
        return types.FirstOrDefault() switch
        {
            "object" => Object(schema),
            "array" => Array(schema, name),
            "number" => Number(schema, name),
            "integer" => Whole(schema),
            "boolean" => random.NextInt(2) == 0,
            "string" => Text(schema, name),
            null when SchemaWalk.Properties(schema).Any() => Object(schema),
            _ => null,
        };
    }

    private JsonObject Object(JsonElement schema)
    {
        if (SchemaWalk.Properties(schema).Any(p => p.Name is "score" or "action" or "position_size"))
        {
            JsonElement? score = schema.Get("properties")?.Get("score");
            _stance = BrainStance.Form(view, Range("score", score) ?? AnyScore, random);
        }
        var value = new JsonObject();
        foreach (JsonProperty property in SchemaWalk.Properties(schema))
        {
            value[property.Name] = Write(property.Value, property.Name);
        }
        return value;
    }

    private JsonArray Array(JsonElement schema, string name)
    {
        JsonElement items = schema.Get("items").GetValueOrDefault();
        (int min, int max) = BrainLimits.Items(schema);
        int count = min + random.NextInt(Math.Max(1, Math.Min(max, min + 2) - min + 1));
        if (view.Ids.Count > 0 && IsCitations(schema, items, name))
        {
            string[] ids = [.. view.Ids];
            random.Shuffle<string>(ids);
            int cited = Math.Clamp(1 + random.NextInt(MostCitations), min, Math.Min(max, Math.Max(min, ids.Length)));
            return new JsonArray([.. ids.Take(cited).Select(id => (JsonNode)id)]);
        }
        return new JsonArray([.. Enumerable.Range(0, count).Select(_ => Write(items, name))]);
    }

    private double Number(JsonElement schema, string name)
    {
        (double min, double max) = Range(name, schema) ?? (name == "score" ? AnyScore : (0, 1));
        return name switch
        {
            "score" when _stance is { } s => Math.Clamp(s.Score, min, max),
            "confidence" when _stance is { } s => Math.Clamp(s.Confidence, min, max),
            "position_size" when _stance is { } s => s.Action == "hold" ? 0 : Size(s.Boldness * max, max),
            _ => Math.Clamp(Math.Round(min + ((max - min) * random.NextDouble()), 3), min, max),
        };
    }

    private static double Size(double wish, double max) =>
        Math.Clamp(Math.Round(Math.Floor(wish / SizeStep) * SizeStep, 3), Math.Min(SizeStep, max), max);

    private long Whole(JsonElement schema)
    {
        (double min, double max) = BrainLimits.Range(schema) ?? (0, 10);
        return (long)Math.Ceiling(min)
            + random.NextInt((int)Math.Max(1, Math.Min(1000, Math.Floor(max) - Math.Ceiling(min) + 1)));
    }

    private string Text(JsonElement schema, string name) =>
        Example.Match(schema.String("description") ?? "") is { Success: true } example
            ? example.Groups["e"].Value
            : BrainPhrases.Text(view, random, name, Math.Max(1, BrainLimits.MinLength(schema)), BrainLimits.MaxLength(schema));

    private JsonElement Choose(string name, JsonElement[] choices)
    {
        string? wish = name == "action" && _stance is { } s ? s.Action : Preferred();
        JsonElement? wished = choices
            .Where(c => c.ValueKind == JsonValueKind.String && c.GetString() == wish)
            .Select(c => (JsonElement?)c)
            .FirstOrDefault();
        return wished ?? choices[random.NextInt(choices.Length)];
    }

    // Of two proposals the one whose text has the larger hash: the same one in both orders.
    private string? Preferred() =>
        (view.Tagged("first"), view.Tagged("second")) is ({ } first, { } second)
            ? string.CompareOrdinal(ContentId.Sha256(first), ContentId.Sha256(second)) > 0
                ? "first"
                : "second"
            : null;

    // The prompt may narrow what the schema allows, for this role or under these limits.
    private (double Min, double Max)? Range(string name, JsonElement? schema) =>
        view.Range(name) ?? (schema is { } s ? BrainLimits.Range(s) : null);

    private static bool IsCitations(JsonElement schema, JsonElement items, string name) =>
        SchemaWalk.Types(items).Contains("string")
        && (
            name.Contains("evidence", StringComparison.Ordinal)
            || name.Contains("citation", StringComparison.Ordinal)
            || name.EndsWith("ids", StringComparison.Ordinal)
            || (schema.String("description") ?? "").StartsWith("Ids of", StringComparison.Ordinal)
        );

    private JsonElement Resolve(JsonElement schema)
    {
        if (schema.String("$ref") is { } reference)
        {
            JsonElement target = root;
            foreach (string part in reference.Split('/').Skip(1))
            {
                target = target.Get(part).GetValueOrDefault();
            }
            return Resolve(target);
        }
        JsonElement[] branches = [.. schema.Items("anyOf").Concat(schema.Items("oneOf")).Where(b => b.String("type") != "null")];
        return branches.Length > 0 ? Resolve(branches[0]) : schema;
    }
}
