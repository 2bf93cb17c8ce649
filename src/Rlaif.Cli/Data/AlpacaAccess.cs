using Rlaif.Data.Alpaca;

namespace Rlaif.Cli;

/// <summary>Alpaca for verbs: keys from the environment or user secrets, addresses from the section <c>alpaca</c> of the settings.</summary>
internal static class AlpacaAccess
{
    private const string DataUrl = "alpaca:data_url";
    private const string TradingUrl = "alpaca:trading_url";
    private const string StreamUrl = "alpaca:stream_url";
    private const string TradingStreamUrl = "alpaca:trading_stream_url";
    private const string TimeoutSeconds = "alpaca:timeout_seconds";
    private const string Retries = "alpaca:retries";

    /// <summary>The keys of the section.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [DataUrl, TradingUrl, StreamUrl, TradingStreamUrl, TimeoutSeconds, Retries];

    /// <summary>The keys of the account.</summary>
    /// <exception cref="RlaifInputException">One is missing, or no key.</exception>
    public static AlpacaKeys ReadKeys(IReadOnlyDictionary<string, string> environment)
    {
        var secrets = new Lazy<UserSecrets>(() => UserSecrets.Load(environment));
        return AlpacaKeys.Read(name =>
            environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : secrets.Value[name]
        );
    }

    /// <summary>Where Alpaca is.</summary>
    /// <exception cref="RlaifInputException">A setting is no address or out of range.</exception>
    public static AlpacaOptions ReadOptions(Settings settings)
    {
        var defaults = new AlpacaOptions();
        return new AlpacaOptions
        {
            DataUrl = Url(settings, DataUrl) ?? defaults.DataUrl,
            TradingUrl = Url(settings, TradingUrl) ?? defaults.TradingUrl,
            StreamUrl = Url(settings, StreamUrl) ?? defaults.StreamUrl,
            TradingStreamUrl = Url(settings, TradingStreamUrl),
            TimeoutSeconds = settings.Real(TimeoutSeconds) ?? defaults.TimeoutSeconds,
            Retries = settings.Number(Retries) ?? defaults.Retries,
        }.Validated();
    }

    /// <summary>A client with the keys and settings of a verb.</summary>
    public static AlpacaDataClient OpenAlpaca(this CommandContext context) =>
        new(ReadKeys(context.Environment), ReadOptions(context.Settings), context.Time);

    private static Uri? Url(Settings settings, string key) =>
        settings[key] is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? url
        : throw new RlaifInputException($"Setting {key} is '{text}'; it must be an address such as https://data.alpaca.markets.");
}
