using Rlaif.Data.Alpaca;

namespace Rlaif.Cli;

/// <summary>Every secret that a verb could know, gathered so that none of them gets into what it writes and sends.</summary>
internal static class KnownSecrets
{
    private const string OtlpHeaders = "OTEL_EXPORTER_OTLP_HEADERS";

    // Shorter parts of an address are words, not secrets.
    private const int ShortestPart = 8;

    /// <summary>Takes the secrets of the environment, the user secrets and the settings out of texts.</summary>
    /// <exception cref="RlaifInputException">The user secrets are no JSON.</exception>
    public static SecretScrubber Read(Settings settings, IReadOnlyDictionary<string, string> environment)
    {
        IEnumerable<string> variables =
        [
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            AlpacaKeys.IdVariable,
            AlpacaKeys.SecretVariable,
            HookSettings.TelegramToken,
            .. ModelSettings
                .Keys.Where(k => k.EndsWith(":key_variable", StringComparison.Ordinal))
                .Select(k => settings[k] ?? ""),
        ];
        string[] found =
        [
            .. variables.Select(v => environment.GetValueOrDefault(v, string.Empty).Trim()),
            // name=value,name=value
            .. environment
                .GetValueOrDefault(OtlpHeaders, string.Empty)
                .Split(',')
                .Select(h => Uri.UnescapeDataString(h[(h.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim())),
            .. UserSecrets.Load(environment).Values,
            .. HookSettings.Keys.Select(k => settings[k] ?? string.Empty),
        ];
        return new SecretScrubber(found.SelectMany(PartsOf));
    }

    // Of an address the parts that nobody could guess: the whole of it begins like every other address.
    private static IEnumerable<string> PartsOf(string secret) =>
        Uri.TryCreate(secret, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? $"{address.UserInfo}/{address.PathAndQuery}"
                .Split('/', '?', '&', '=', ':')
                .Where(p => p.Length >= ShortestPart && !p.All(c => char.IsAsciiLetterLower(c) || c is '-' or '_'))
            : [secret];
}
