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
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            string list = string.Join(Environment.NewLine, problems.Select(p => $"  {p.ErrorMessage}"));
            throw new RlaifInputException($"{typeof(T).Name} is not valid:{Environment.NewLine}{list}");
        }

        return options;
    }
}
