using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>The limits of a schema: its keywords, or what its description says where the SDKs have moved them.</summary>
internal static class BrainLimits
{
    private const string Decimal = "-?[0-9]+(?:\\.[0-9]+)?";
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private static readonly Regex FromTo = new($@"(?<min>{Decimal})(?: \([^)]*\))? to (?<max>{Decimal})", Options);
    private static readonly Regex Moved = new($@"(?<keyword>[a-zA-Z]+): (?<n>{Decimal})", Options);
    private static readonly Regex AtMost = new(@"at most (?<max>[0-9]+) characters|to (?<max>[0-9]+) characters", Options);

    /// <summary>The range that a text gives, as in <c>from -1 (sell) to 1</c>; null for none.</summary>
    public static (double Min, double Max)? Range(string text) =>
        FromTo.Match(text) is { Success: true } match
            ? (Parse(match.Groups["min"].Value), Parse(match.Groups["max"].Value))
            : null;

    /// <summary>The range of a number; null for none.</summary>
    public static (double Min, double Max)? Range(JsonElement schema)
    {
        double? min = Keyword(schema, "minimum") ?? Keyword(schema, "exclusiveMinimum");
        double? max = Keyword(schema, "maximum") ?? Keyword(schema, "exclusiveMaximum");
        return min is null && max is null
            ? Range(schema.String("description") ?? "")
            : (min ?? Math.Min(0, max!.Value - 1), max ?? min!.Value + 1);
    }

    /// <summary>Most characters of a text.</summary>
    public static int MaxLength(JsonElement schema) =>
        (int?)Keyword(schema, "maxLength")
        ?? (
            AtMost.Match(schema.String("description") ?? "") is { Success: true } match
                ? (int)Parse(match.Groups["max"].Value)
                : int.MaxValue
        );

    /// <summary>Fewest characters of a text.</summary>
    public static int MinLength(JsonElement schema) => (int)(Keyword(schema, "minLength") ?? 0);

    /// <summary>Fewest and most items of an array.</summary>
    public static (int Min, int Max) Items(JsonElement schema)
    {
        int min = (int)(Keyword(schema, "minItems") ?? 1);
        return (min, (int)(Keyword(schema, "maxItems") ?? Math.Max(min, 3)));
    }

    private static double? Keyword(JsonElement schema, string keyword)
    {
        if (schema.Number(keyword) is { } number)
        {
            return number;
        }
        Match? moved = Moved
            .Matches(schema.String("description") ?? "")
            .FirstOrDefault(m => m.Groups["keyword"].Value == keyword);
        return moved is null ? null : Parse(moved.Groups["n"].Value);
    }

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
