using System.Globalization;
using System.Text.Json;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Cli;

/// <summary>
/// The section <c>models</c> of the settings: which model serves each role. <c>models:manager:model</c> is the manager's; what a role does not
/// say is taken from <c>models:analyst</c> (for analysts and researchers), then <c>models:default</c>, then the defaults of its provider.
/// </summary>
internal static class ModelSettings
{
    private const string Section = "models";
    private const string Default = "default";
    private const string Analyst = "analyst";

    private static readonly string[] Fields =
    [
        "provider",
        "model",
        "base_url",
        "key_variable",
        "timeout_seconds",
        "retries",
        "concurrency",
        "requests_per_minute",
        "tokens_per_minute",
        "max_output_tokens",
        "effort",
        "schema",
        "input_usd_per_million",
        "output_usd_per_million",
        "knowledge_cutoff",
    ];

    /// <summary>The keys of the section.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [.. Scopes().SelectMany(scope => Fields.Select(field => $"{Section}:{scope}:{field}"))];

    /// <summary>The name of a role in settings.</summary>
    public static string NameOf(ModelRole role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    /// <summary>The model of every role.</summary>
    /// <param name="settings">What is set.</param>
    /// <param name="provider">The provider of roles for which none is set: the one named on the command line.</param>
    /// <exception cref="RlaifInputException">A value cannot be read.</exception>
    public static IReadOnlyDictionary<ModelRole, ModelOptions> Read(Settings settings, string provider) =>
        Enum.GetValues<ModelRole>().ToDictionary(role => role, role => Read(settings, role, provider));

    private static IEnumerable<string> Scopes() => [Default, Analyst, .. Enum.GetValues<ModelRole>().Select(NameOf)];

    private static ModelOptions Read(Settings settings, ModelRole role, string provider)
    {
        string[] scopes = IsAnalyst(role) ? [NameOf(role), Analyst, Default] : [NameOf(role), Default];
        string[] providers = [.. scopes.Select(s => settings[$"{Section}:{s}:provider"] ?? string.Empty)];
        string own = ProviderAt(0);

        // A model or an address belongs to a provider: a role with another one does not inherit it.
        string? KeyOf(string field) =>
            scopes
                .Select((scope, i) => (Key: $"{Section}:{scope}:{field}", Provider: ProviderAt(i)))
                .Where(s => s.Provider == own && settings[s.Key] is not null)
                .Select(s => s.Key)
                .FirstOrDefault();
        string ProviderAt(int scope) => providers.Skip(scope).FirstOrDefault(p => p.Length > 0) ?? provider;
        string? Text(string field) => KeyOf(field) is { } key ? settings[key] : null;
        int? Number(string field) => KeyOf(field) is { } key ? settings.Number(key) : null;
        double? Real(string field) => KeyOf(field) is { } key ? settings.Real(key) : null;

        var defaults = new ModelOptions { Provider = own, Model = Text("model") ?? DefaultModels.Of(own, role) };
        return defaults with
        {
            BaseUrl = Url(Text("base_url"), role),
            KeyVariable = Text("key_variable"),
            TimeoutSeconds = Real("timeout_seconds") ?? defaults.TimeoutSeconds,
            Retries = Number("retries") ?? defaults.Retries,
            Concurrency = Number("concurrency") ?? defaults.Concurrency,
            RequestsPerMinute = Number("requests_per_minute"),
            TokensPerMinute = Number("tokens_per_minute"),
            MaxOutputTokens = Number("max_output_tokens") ?? defaults.MaxOutputTokens,
            Effort = Text("effort"),
            Schema = Schema(Text("schema"), role),
            InputUsdPerMillion = Real("input_usd_per_million"),
            OutputUsdPerMillion = Real("output_usd_per_million"),
            KnowledgeCutoff = Date(Text("knowledge_cutoff"), role),
        };
    }

    private static bool IsAnalyst(ModelRole role) => role < ModelRole.Manager;

    private static Uri? Url(string? text, ModelRole role) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? url
        : throw Bad(role, "base_url", text, "an address such as http://localhost:11434/v1");

    private static SchemaSupport? Schema(string? text, ModelRole role) =>
        text switch
        {
            null => null,
            "json_schema" => SchemaSupport.JsonSchema,
            "json_object" => SchemaSupport.JsonObject,
            "prompt" => SchemaSupport.Prompt,
            _ => throw Bad(role, "schema", text, "json_schema, json_object or prompt"),
        };

    private static DateOnly? Date(string? text, ModelRole role) =>
        text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date
        : throw Bad(role, "knowledge_cutoff", text, "a date such as 2025-01-31");

    private static RlaifInputException Bad(ModelRole role, string field, string text, string allowed) =>
        new($"The setting {field} of the {NameOf(role)}'s model is '{text}'; it must be {allowed}.");
}
