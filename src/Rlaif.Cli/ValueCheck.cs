using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Rlaif.Cli;

/// <summary>
/// What a value has to be, whichever verb it is for. The parser takes commas in numbers for thousands separators, so that 0,5 would silently be 5, takes
/// 01/02/2024 for the second of January, and it
/// takes an empty text, which is what a shell makes of a variable that is not set, for a value.
/// </summary>
internal static class ValueCheck
{
    /// <summary>Checks the values of every option and argument of a command and of those below it.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in command.Options)
        {
            option.Validators.Insert(0, result => Check(result, option.Name, option.ValueType, option.HelpName));
        }

        foreach (Argument argument in command.Arguments)
        {
            argument.Validators.Insert(0, result => Check(result, argument.Name, argument.ValueType, null));
        }

        foreach (Command inner in command.Subcommands)
        {
            AddTo(inner);
        }
    }

    private static void Check(SymbolResult result, string name, Type type, string? help)
    {
        Type element = type.GetElementType() ?? type;
        element = Nullable.GetUnderlyingType(element) ?? element;
        foreach (string text in result.Tokens.Select(t => t.Value))
        {
            if (Wanted(element, text) is { } wanted)
            {
                result.AddError($"'{name}' takes {wanted}, not '{text}'.");
            }
            else if (string.IsNullOrWhiteSpace(text))
            {
                result.AddError($"'{name}' is empty; it takes {help ?? "a value"}.");
            }
        }
    }

    // Null where any text will do, or this one does.
    private static string? Wanted(Type type, string text)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out _) ? null
                : text.Length > 0 && text.All(char.IsAsciiDigit) ? $"a whole number up to {int.MaxValue}"
                : "a whole number such as 5";
        }

        if (type == typeof(DateOnly))
        {
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out _)
                ? null
                : "a date such as 2024-01-31";
        }

        return type != typeof(double) ? null
            : !double.TryParse(text, NumberStyles.Float, culture, out double value) ? "a number such as 0.5"
            : double.IsFinite(value) ? null
            : "a finite number such as 0.5";
    }
}
