using System.Globalization;
using System.Text.Json;

namespace Rlaif.Cli;

/// <summary>
/// Values that stand in for options: from <c>rlaif.json</c> (snake_case, sections as objects) and, above it, from environment variables
/// (<c>RLAIF__Section__Key</c>). An option on the command line wins over both.
/// </summary>
internal sealed class Settings
{
    private const string DefaultFile = "rlaif.json";
    private const string Prefix = "RLAIF__";

    /// <summary>Every key that means something. A section is written <c>section:key</c>.</summary>
    private static readonly string[] Known =
    [
        "home",
        "seed",
        "threads",
        .. AgentSettings.Keys,
        .. ModelSettings.Keys,
        .. BudgetSettings.Keys,
        .. RiskSettings.Keys,
        .. RunBroker.Keys,
        .. HookSettings.Keys,
        EncodersPullVerb.BaseUrlKey,
        .. AlpacaAccess.Keys,
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Settings() { }

    /// <summary>The value of a key; null when nothing sets it.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Reads the file (the default one only if it exists) and the environment.</summary>
    /// <exception cref="RlaifInputException">The file is missing or no JSON, or a key is unknown.</exception>
    public static Settings Load(string? file, IReadOnlyDictionary<string, string> environment)
    {
        var settings = new Settings();
        if (file is not null || File.Exists(DefaultFile))
        {
            settings.ReadFile(file ?? DefaultFile);
        }

        foreach (
            (string name, string value) in environment.Where(e => e.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        )
        {
            string key = string.Join(':', name[Prefix.Length..].Split("__").Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
            settings.Set(key, value, $"environment variable {name}");
        }

        return settings;
    }

    /// <summary>A key as a whole number; null when nothing sets it.</summary>
    /// <exception cref="RlaifInputException">It is no whole number.</exception>
    public int? Number(string key)
    {
        string? text = this[key];
        return text is null ? null
            : int.TryParse(text, out int value) ? value
            : throw new RlaifInputException($"Setting {key} is '{text}'; it must be a whole number.");
    }

    /// <summary>A key as a number; null when nothing sets it.</summary>
    /// <exception cref="RlaifInputException">It is no number.</exception>
    public double? Real(string key)
    {
        string? text = this[key];
        return text is null ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : throw new RlaifInputException($"Setting {key} is '{text}'; it must be a number.");
    }

    /// <summary>A key as yes or no; null when nothing sets it.</summary>
    /// <exception cref="RlaifInputException">It is neither true nor false.</exception>
    public bool? Flag(string key)
    {
        string? text = this[key];
        return text is null ? null
            : bool.TryParse(text, out bool value) ? value
            : throw new RlaifInputException($"Setting {key} is '{text}'; it must be true or false.");
    }

    private void ReadFile(string path)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), options);
            Read(document.RootElement, string.Empty, path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot read the settings '{path}': {e.Message}", e);
        }
    }

    private void Read(JsonElement element, string key, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Set(key, element.ToString(), path);
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            Read(property.Value, key.Length == 0 ? property.Name : $"{key}:{property.Name}", path);
        }
    }

    private void Set(string key, string value, string source) =>
        _values[key] = Known.Contains(key)
            ? value
            : throw new RlaifInputException($"{source}: no setting is named '{key}'. Settings: {Allowed(key)}.");

    // All keys together would fill a screen: those beside the wrong one, the rest by the sections that they are in.
    private static string Allowed(string key)
    {
        int depth = key.Split(':').Length;
        while (depth > 1 && !Known.Any(k => k.StartsWith(Start(key, depth - 1), StringComparison.Ordinal)))
        {
            depth--;
        }

        return string.Join(
            ", ",
            Known
                .Where(k => k.StartsWith(Start(key, depth - 1), StringComparison.Ordinal))
                .Select(k => k.Split(':').Length > depth ? $"{Start(k, depth)}..." : k)
                .Distinct()
        );
    }

    // The first parts of a key with the colon that follows them; nothing of none.
    private static string Start(string key, int parts) => string.Concat(key.Split(':').Take(parts).Select(p => $"{p}:"));
}
