using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>
/// What a model passed to a tool, read strictly: every argument that is asked for must be there, of its type and in range, and nothing else. All
/// problems are collected. Values come as JSON or as plain .NET values.
/// </summary>
internal sealed class ToolArguments(IDictionary<string, object?>? arguments)
{
    private const int LongestQuote = 40;

    private readonly List<string> _problems = [];
    private readonly List<string> _asked = [];

    /// <summary>What is wrong with the arguments read so far, and with those that nobody asked for; null when all is well.</summary>
    internal string? Problems
    {
        get
        {
            IEnumerable<string> extra = (arguments?.Keys ?? [])
                .Except(_asked, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Take(3);
            string[] all =
            [
                .. _problems,
                .. extra.Select(name => $"There is no argument '{Quote(name)}'; allowed are {string.Join(", ", _asked)}."),
            ];
            return all.Length == 0 ? null : string.Join(' ', all);
        }
    }

    /// <summary>A text that is not blank; null, with a problem noted, when it is none or too long.</summary>
    internal string? Text(string name, int longest)
    {
        string? text = ReadText(name);
        return Checked(
            name,
            text,
            !string.IsNullOrWhiteSpace(text) && text.Length <= longest,
            $"a text of 1 to {longest} characters"
        );
    }

    /// <summary>One of the allowed texts; null, with a problem noted, when it is none of them.</summary>
    internal string? Choice(string name, IReadOnlyList<string> allowed)
    {
        string? text = ReadText(name);
        return Checked(name, text, text is not null && allowed.Contains(text), string.Join(" or ", allowed));
    }

    /// <summary>A number in a range; 0, with a problem noted, when it is none.</summary>
    internal double Number(string name, double min, double max)
    {
        double? number = ReadNumber(name);
        return Checked(
                name,
                number,
                number >= min && number <= max,
                string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}")
            ) ?? 0;
    }

    /// <summary>A whole number in a range; 0, with a problem noted, when it is none.</summary>
    internal int Whole(string name, int min, int max)
    {
        double? number = ReadNumber(name);
        bool isValid = number >= min && number <= max && double.IsInteger(number.Value);
        return (int)(Checked(name, number, isValid, $"a whole number from {min} to {max}") ?? 0);
    }

    private T? Checked<T>(string name, T? value, bool isValid, string allowed)
    {
        if (isValid)
        {
            return value;
        }

        _problems.Add($"'{name}' must be {allowed}.");
        return default;
    }

    private static string Quote(string text) => Headlines.Clean(text, LongestQuote);

    private string? ReadText(string name)
    {
        try
        {
            return Find(name) switch
            {
                string text => text,
                JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
                JsonValue value when value.TryGetValue(out string? text) => text,
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape, is no text.
            return null;
        }
    }

    private double? ReadNumber(string name) =>
        Find(name) switch
        {
            (double or float or decimal or sbyte or byte or short or ushort or int or uint or long or ulong) and var number =>
                Convert.ToDouble(number, CultureInfo.InvariantCulture),
            JsonElement { ValueKind: JsonValueKind.Number } element when element.TryGetDouble(out double number) => number,
            JsonValue value when value.TryGetValue(out double number) => number,
            JsonValue value when value.TryGetValue(out long number) => number,
            JsonValue value when value.TryGetValue(out int number) => number,
            _ => null,
        };

    private object? Find(string name)
    {
        _asked.Add(name);
        return arguments is not null && arguments.TryGetValue(name, out object? value) ? value : null;
    }
}
