using System.Globalization;
using System.Text.Json;

namespace Rlaif.Outcomes;

/// <summary>
/// Reads the fields of a JSON object and tells of each that is missing or out of range. A field that is null counts as absent. Every
/// method returns null for what is absent or bad, and tells of the latter.
/// </summary>
/// <param name="json">The object.</param>
/// <param name="prefix">Put before names in reports: <c>outcome.</c> for a nested object.</param>
/// <param name="tell">Told of field, value and rule.</param>
internal sealed class JsonFields(JsonElement json, string prefix, Action<string, string?, string> tell)
{
    private const int LongestShown = 40;
    private const int OffsetLength = 6;
    private const int ColonFromEnd = 3;

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Fields that were never asked for, in the order of the object.</summary>
    internal IEnumerable<string> Unread =>
        json.EnumerateObject().Select(p => p.Name).Where(n => !_read.Contains(n)).Select(n => prefix + n);

    internal void Tell(string name, string? value, string rule) => tell(prefix + name, value, rule);

    internal JsonElement? Find(string name, bool isRequired = false)
    {
        _read.Add(name);
        if (json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (isRequired)
        {
            Tell(name, null, "is required");
        }

        return null;
    }

    internal string? Text(string name, bool isRequired = false, bool mayBeEmpty = false)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && (mayBeEmpty || !string.IsNullOrWhiteSpace(value.GetString())))
        {
            return value.GetString();
        }

        Tell(name, Shown(value), mayBeEmpty ? "must be a text" : "must be a text that is not empty");
        return null;
    }

    internal double? Number(string name, double least, double most, string rule)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double number)
            && double.IsFinite(number)
            && number >= least
            && number <= most
        )
        {
            return number;
        }

        Tell(name, Shown(value), rule);
        return null;
    }

    /// <summary>A price or a number of shares.</summary>
    internal decimal? Positive(string name, bool isRequired = false)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        if (TryPositive(value) is { } number)
        {
            return number;
        }

        Tell(name, Shown(value), "must be a number in 1e-9..1e12");
        return null;
    }

    internal DateTimeOffset? Moment(string name, bool isRequired = false)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        if (
            value.ValueKind == JsonValueKind.String
            && value.GetString() is { } text
            && HasOffset(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset moment)
        )
        {
            return moment.ToUniversalTime();
        }

        Tell(name, Shown(value), "must be a date and time with its offset from UTC, such as 2025-10-02T20:00:00Z");
        return null;
    }

    internal IReadOnlyList<T>? List<T>(string name, Func<JsonElement, T?> item, string rule)
        where T : class
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        T?[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item)] : [null];
        if (items.Any(i => i is null))
        {
            Tell(name, Shown(value), rule);
            return null;
        }

        return items!;
    }

    internal static decimal? TryPositive(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal number) && ReportedResult.IsInRange(number)
            ? number
            : null;

    internal static string Shown(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length <= LongestShown ? text : $"{text[..LongestShown]}...";
    }

    // A time without an offset is the wall clock of an unknown place.
    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || (text.Length > OffsetLength && text[^OffsetLength] is '+' or '-' && text[^ColonFromEnd] == ':');
}
