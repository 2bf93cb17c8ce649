using System.ComponentModel.DataAnnotations;

namespace Rlaif.Data.Alpaca;

/// <summary>Where Alpaca is, and how patient its clients are. The defaults are the paper account's.</summary>
public sealed record AlpacaOptions : IValidatableObject
{
    private const double MostSeconds = 3600;
    private const int MostRetries = 100;

    /// <summary>Historical and latest market data; default <c>https://data.alpaca.markets</c>.</summary>
    public Uri DataUrl { get; init; } = new("https://data.alpaca.markets");

    /// <summary>Calendar, clock, assets and orders; default <c>https://paper-api.alpaca.markets</c>, live is <c>https://api.alpaca.markets</c>.</summary>
    public Uri TradingUrl { get; init; } = new("https://paper-api.alpaca.markets");

    /// <summary>Streams of market data; default <c>wss://stream.data.alpaca.markets</c>.</summary>
    public Uri StreamUrl { get; init; } = new("wss://stream.data.alpaca.markets");

    /// <summary>The stream of trade updates; null is <see cref="TradingUrl"/> over WebSocket with the path <c>/stream</c>.</summary>
    public Uri? TradingStreamUrl { get; init; }

    /// <summary>Longest time for one request with its reply, or for opening a stream; seconds, default 30.</summary>
    [Range(0.001, MostSeconds, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>How often a request that failed in a way that may pass is repeated; default 5.</summary>
    [Range(0, MostRetries, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int Retries { get; init; } = 5;

    /// <summary>A stream is asked for a sign of life after so many seconds without a message, and is cut after as many more; default 15.</summary>
    [Range(0.001, MostSeconds, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double SilenceSeconds { get; init; } = 15;

    /// <summary>How often in a row a stream may fail to open before it is given up; null (default) never gives up.</summary>
    public int? MostReconnects { get; init; }

    /// <summary>The address of the stream of trade updates.</summary>
    internal Uri TradeUpdatesUrl =>
        TradingStreamUrl
        ?? new UriBuilder(TradingUrl)
        {
            Scheme = TradingUrl.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Path = "/stream",
        }.Uri;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MostReconnects < 0)
        {
            yield return new ValidationResult($"{nameof(MostReconnects)} must be 0 or more, or null.");
        }

        (string Name, Uri Url, bool IsStream)[] all =
        [
            (nameof(DataUrl), DataUrl, false),
            (nameof(TradingUrl), TradingUrl, false),
            (nameof(StreamUrl), StreamUrl, true),
            (nameof(TradingStreamUrl), TradeUpdatesUrl, true),
        ];
        foreach ((string name, Uri url, bool isStream) in all)
        {
            // Keys travel with every request: they never cross a network in the clear.
            string secure = isStream ? Uri.UriSchemeWss : Uri.UriSchemeHttps;
            string plain = isStream ? Uri.UriSchemeWs : Uri.UriSchemeHttp;
            if (!url.IsAbsoluteUri || !(url.Scheme == secure || (url.Scheme == plain && url.IsLoopback)))
            {
                yield return new ValidationResult(
                    $"{name} is '{url}'; it must begin with {secure}:// ({plain}:// on this machine only)."
                );
            }
        }
    }
}
