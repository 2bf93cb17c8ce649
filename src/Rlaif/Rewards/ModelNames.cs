using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlaif.Rewards;

/// <summary>How versions and tags are spelled.</summary>
internal static partial class ModelNames
{
    private const int LongestMatchMilliseconds = 1000;

    /// <summary><c>v0001</c> for 1.</summary>
    public static string Version(int number) => $"v{number:D4}";

    /// <summary>The number of a version, from its name or folder; null when it is no version.</summary>
    public static int? NumberOf(string path)
    {
        string name = Path.GetFileName(path);
        return
            name.Length > 1
            && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            && Version(n) == name
            ? n
            : null;
    }

    /// <summary>Passes when the name can be a tag.</summary>
    /// <exception cref="RlaifInputException">The name cannot be a tag; the message says what can.</exception>
    public static void RequireTag(string tag)
    {
        if (!TagPattern().IsMatch(tag) || tag is ModelRegistry.Latest or ModelRegistry.Champion)
        {
            throw new RlaifInputException(
                $"'{tag}' cannot be a tag: a tag has 1 to 64 lower-case letters, digits, '.', '_' and '-', begins with a letter, and is neither {ModelRegistry.Latest}, {ModelRegistry.Champion} nor like a version."
            );
        }
    }

    [GeneratedRegex(@"^(?!v[0-9]+\z)[a-z][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant, LongestMatchMilliseconds)]
    private static partial Regex TagPattern();
}
