using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Rlaif.Cli;

/// <summary>Options of the command line that set a property of the library's options: default and range are read from there, so that no number stands twice.</summary>
internal static class PropertyOption
{
    /// <summary>An option for a property of <typeparamref name="TOptions"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it means; the range of the property is added to it.</param>
    /// <param name="property">The property.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    public static Option<TValue> Of<TOptions, TValue>(string name, string description, string property, string helpName)
        where TOptions : new()
    {
        PropertyInfo info = typeof(TOptions).GetProperty(property)!;
        return new Option<TValue>(name)
        {
            Description = description + RangeOf<TOptions>(property),
            DefaultValueFactory = _ => (TValue)info.GetValue(new TOptions())!,
            HelpName = helpName,
        };
    }

    /// <summary>The range of a property, to be added to a description; empty where it has none.</summary>
    public static string RangeOf<TOptions>(string property) =>
        typeof(TOptions).GetProperty(property)!.GetCustomAttribute<RangeAttribute>() is { } range
            ? $" ({Number(range.Minimum)} to {Number(range.Maximum)})"
            : string.Empty;

    private static string Number(object value) =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("0.#######", CultureInfo.InvariantCulture);
}
