using System.ComponentModel.DataAnnotations;

namespace Rlaif.Core;

/// <summary>Checks options records against their annotations and reports every bad value at once.</summary>
public static class OptionsValidation
{
    /// <summary>Returns <paramref name="options"/> when every annotated property is in range.</summary>
    /// <exception cref="RlaifInputException">Lists all properties that are out of range, with the range.</exception>
    public static T Validated<T>(this T options)
        where T : class
    {
        RequireValid(options);
        return options;
    }

    /// <summary>Passes when every annotated property of all these records is in range.</summary>
    /// <exception cref="RlaifInputException">Lists all properties of all records that are out of range, with the range.</exception>
    public static void RequireValid(params IReadOnlyList<object> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] lists = [.. options.Select(Problems).OfType<string>()];
        if (lists.Length > 0)
        {
            throw new RlaifInputException(string.Join(Environment.NewLine, lists));
        }
    }

    private static string? Problems(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            return null;
        }

        string list = string.Join(Environment.NewLine, problems.Select(p => $"  {p.ErrorMessage}"));
        return $"{options.GetType().Name} is not valid:{Environment.NewLine}{list}";
    }
}
