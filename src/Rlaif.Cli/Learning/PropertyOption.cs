using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Rlaif.Cli;

/// <summary>
/// Options of the command line that set a property of the library's options: default and range are read from there, so that no number stands twice. Values
/// are checked when the command line is read: all at once, and by the names that the user wrote, where the library would name its properties.
/// </summary>
internal static class PropertyOption
{
    /// <summary>An option for a property of <typeparamref name="TOptions"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it means; the range of the property is added to it.</param>
    /// <param name="property">The property.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    /// <param name="otherwise">What happens without the option, for a <typeparamref name="TValue"/> that is null then.</param>
    /// <param name="least">The smallest value that the verb can use, where that is more than the property's; of a property with a range of whole numbers.</param>
    public static Option<TValue> Of<TOptions, TValue>(
        string name,
        string description,
        string property,
        string helpName,
        string? otherwise = null,
        int? least = null
    )
        where TOptions : new()
    {
        PropertyInfo info = typeof(TOptions).GetProperty(property)!;
        RangeAttribute? range = info.GetCustomAttribute<RangeAttribute>();
        range = least is null ? range : new RangeAttribute(least.Value, (int)range!.Maximum);
        var option = new Option<TValue>(name)
        {
            Description = string.Concat(
                description,
                range is null
                    ? string.Empty
                    : $" ({(Most(range) is { } most ? $"{Least(range)} to {most}" : $"{Least(range)} or more")})",
                otherwise is null ? string.Empty : $" [default: {otherwise}]"
            ),
            HelpName = helpName,
        };
        if (otherwise is null)
        {
            option.DefaultValueFactory = _ => (TValue)info.GetValue(new TOptions())!;
        }

        if (range is not null)
        {
            option.Require(range);
        }

        if (info.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            option.Require(allowed, string.Join(" or ", allowed.Values));
        }

        return option;
    }

    /// <summary>Refuses what is out of a range.</summary>
    public static void Require<TValue>(this Option<TValue> option, RangeAttribute range) =>
        option.Require(range, Most(range) is { } most ? $"in {Least(range)}..{most}" : $"at least {Least(range)}");

    private static void Require<TValue>(this Option<TValue> option, ValidationAttribute rule, string allowed) =>
        option.Validators.Add(result =>
        {
            // What is no value of the type is refused already.
            if (result is { Implicit: false, Tokens: [{ Value: var text }] } && !result.Errors.Any())
            {
                if (!rule.IsValid(result.GetValueOrDefault<TValue>()))
                {
                    result.AddError($"{option.Name} is {text}; it must be {allowed}.");
                }
            }
        });

    private static string Least(RangeAttribute range) => Number(range.Minimum);

    // Null for the largest number that there is.
    private static string? Most(RangeAttribute range) =>
        range.Maximum is int.MaxValue or double.MaxValue ? null : Number(range.Maximum);

    private static string Number(object value) =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("0.#######", CultureInfo.InvariantCulture);
}
