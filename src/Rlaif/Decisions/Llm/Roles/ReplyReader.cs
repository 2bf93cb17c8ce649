using System.Text.Json;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// Reads one JSON object property by property and notes everything that is wrong with it, so that a model can be told all at once.
/// Values that were noted as wrong must not be used.
/// </summary>
internal sealed class ReplyReader
{
    private const int MaxProblems = 12;
    private const int MaxQuote = 40;

    private readonly Dictionary<string, JsonElement> _properties = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Citations _citations;

    internal ReplyReader(JsonElement root, Citations citations)
    {
        _citations = citations;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!_properties.TryAdd(property.Name, property.Value))
            {
                Note($"{Name(property.Name)} appears twice");
            }
        }
    }

    /// <summary>All that is wrong, in one line; null when nothing is. Properties that nobody asked for are wrong too.</summary>
    internal string? Error
    {
        get
        {
            string[] all =
            [
                .. _problems,
                .. _properties.Keys.Where(k => !_read.Contains(k)).Select(k => $"{Name(k)} is not a property of the shape"),
            ];
            string more = all.Length > MaxProblems ? $"; and {all.Length - MaxProblems} more" : string.Empty;
            return all.Length == 0 ? null : $"{string.Join("; ", all.Take(MaxProblems))}{more}.";
        }
    }

    /// <summary>A finite number in a range.</summary>
    internal double Number(string name, double min, double max)
    {
        if (Find(name, JsonValueKind.Number, "a number") is not { } element)
        {
            return 0;
        }

        // Adding zero turns -0 into 0. Written so that NaN fails too; a number too large to hold reads as infinity.
        double value = (element.TryGetDouble(out double number) ? number : double.NaN) + 0.0;
        if (!(value >= min && value <= max))
        {
            Note($"{Name(name)} must be from {min} to {max}, not {Short(element.GetRawText())}");
        }

        return value;
    }

    /// <summary>One of a few words.</summary>
    internal string Word(string name, params ReadOnlySpan<string> allowed)
    {
        if (Find(name, JsonValueKind.String, "a string") is not { } element)
        {
            return string.Empty;
        }

        string value = element.GetString()!;
        if (!allowed.Contains(value))
        {
            Note($"{Name(name)} must be one of {string.Join(", ", allowed!)}, not \"{Short(value)}\"");
        }

        return value;
    }

    /// <summary>A text with content, on one line, without invisible characters; what it cites must have been shown.</summary>
    internal string Text(string name, int maxLength) =>
        Find(name, JsonValueKind.String, "a string") is { } element
            ? Checked(Name(name), element.GetString()!, maxLength)
            : string.Empty;

    /// <summary>A list of such texts.</summary>
    internal IReadOnlyList<string> Texts(string name, int maxCount, int maxLength) =>
        [.. Strings(name, maxCount).Select((text, i) => Checked($"{Name(name)}[{i}]", text, maxLength))];

    /// <summary>A list of ids of evidence that was shown; ids named twice count once, square brackets around an id are forgiven.</summary>
    internal IReadOnlyList<string> Evidence(string name, int maxCount)
    {
        string[] ids = [.. Strings(name, maxCount).Select(Bare).Distinct(StringComparer.Ordinal)];
        foreach (string id in ids)
        {
            NoteCitation(Name(name), id);
        }

        return ids;
    }

    /// <summary>Notes a problem that concerns several properties.</summary>
    internal void Require(bool isTrue, string otherwise)
    {
        // Follow-up problems of properties that are wrong already would only confuse.
        if (!isTrue && _problems.Count == 0)
        {
            Note(otherwise);
        }
    }

    private string Checked(string where, string text, int maxLength)
    {
        string clean = Headlines.Clean(text, int.MaxValue);
        if (clean.Length == 0)
        {
            Note($"{where} must not be empty");
        }
        else if (clean.Length > maxLength)
        {
            Note($"{where} must have at most {maxLength} characters, not {clean.Length}");
        }
        else
        {
            foreach (string id in Citations.In(clean).Distinct(StringComparer.Ordinal))
            {
                NoteCitation(where, id);
            }
        }

        return clean;
    }

    private List<string> Strings(string name, int maxCount)
    {
        if (Find(name, JsonValueKind.Array, "an array of strings") is not { } element)
        {
            return [];
        }

        int count = element.GetArrayLength();
        if (count == 0 || count > maxCount)
        {
            Note($"{Name(name)} must have 1 to {maxCount} items, not {count}");
            return [];
        }

        if (element.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            Note($"{Name(name)} must be an array of strings");
            return [];
        }

        return [.. element.EnumerateArray().Select(e => e.GetString()!)];
    }

    private JsonElement? Find(string name, JsonValueKind kind, string kindInWords)
    {
        _read.Add(name);
        if (!_properties.TryGetValue(name, out JsonElement element))
        {
            Note($"{Name(name)} is missing");
            return null;
        }

        if (element.ValueKind != kind)
        {
            Note($"{Name(name)} must be {kindInWords}, not {Short(element.GetRawText())}");
            return null;
        }

        return element;
    }

    private void NoteCitation(string where, string id)
    {
        if (_citations.Problem(id) is { } problem)
        {
            Note($"{where} cites [{Short(id)}], which {problem}");
        }
    }

    private void Note(string problem) => _problems.Add(problem);

    private static string Bare(string id) => id is ['[', .. string inner, ']'] ? inner : id;

    private static string Name(string name) => $"\"{Short(name)}\"";

    private static string Short(string text) => Headlines.Clean(text, MaxQuote);
}
