using System.Runtime.CompilerServices;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// Alpaca's market data (bars, trades, quotes, news, corporate actions) and the parts of its trading API that concern the market (calendar,
/// clock, assets) over HTTP. It keeps to the rate limits that replies state, and repeats what failed in a way that may pass. Safe to use from
/// any thread.
/// </summary>
public sealed class AlpacaDataClient : IDisposable
{
    private const int BarsPerPage = 10_000;
    private const int ActionsPerPage = 1000;
    private const int ArticlesPerPage = 50;
    private const int OrdersPerPage = 500;

    private readonly AlpacaHttp _http;
    private readonly AlpacaOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Creates a client.</summary>
    /// <param name="keys">The keys of an account.</param>
    /// <param name="options">Where Alpaca is, and how patient to be; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public AlpacaDataClient(AlpacaKeys keys, AlpacaOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Keys = keys;
        _options = options ?? new AlpacaOptions();
        _time = time ?? TimeProvider.System;
        _http = new AlpacaHttp(keys, _options, _time);
    }

    /// <summary>The time by Alpaca's clock as far as its replies told; this machine's clock before the first one.</summary>
    internal DateTimeOffset ServerNow => _time.GetUtcNow() + _http.Skew;

    internal AlpacaHttp Http => _http;

    internal AlpacaErrors Errors => _http.Errors;

    internal AlpacaKeys Keys { get; }

    internal AlpacaOptions Options => _options;

    internal TimeProvider Time => _time;

    internal TimeSpan BackOff(int failures) => _http.BackOff(failures);

    /// <summary>Historical bars, symbol by symbol in time order within a reply, all replies.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async IAsyncEnumerable<AlpacaBar> GetBarsAsync(
        AlpacaBarRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (IReadOnlyList<AlpacaBar> page in GetBarPagesAsync(request, cancellationToken))
        {
            foreach (AlpacaBar bar in page)
            {
                yield return bar;
            }
        }
    }

    /// <summary>Trades of a time, all replies; those that were canceled or corrected since are left out.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async IAsyncEnumerable<AlpacaTrade> GetTradesAsync(
        IReadOnlyList<string> symbols,
        DateTimeOffset from,
        DateTimeOffset to,
        string? feed = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var address = new AlpacaQuery(_options.DataUrl, "/v2/stocks/trades")
            .Add("symbols", symbols)
            .Add("start", AlpacaTimes.Text(from))
            .Add("end", AlpacaTimes.Text(to))
            .Add("limit", BarsPerPage)
            .Add("feed", feed);
        await foreach (WireTrades page in GetPagesAsync<WireTrades>(address, cancellationToken))
        {
            foreach (
                (string symbol, IReadOnlyList<WireTrade> trades) in page.Trades
                    ?? new Dictionary<string, IReadOnlyList<WireTrade>>()
            )
            {
                foreach (WireTrade trade in trades.Where(t => t.Update is null or "corrected"))
                {
                    yield return trade.ToTrade(symbol);
                }
            }
        }
    }

    /// <summary>The latest trade of each symbol; symbols without one are not among them.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async Task<IReadOnlyDictionary<string, AlpacaTrade>> GetLatestTradesAsync(
        IReadOnlyList<string> symbols,
        string? feed = null,
        CancellationToken cancellationToken = default
    )
    {
        var address = new AlpacaQuery(_options.DataUrl, "/v2/stocks/trades/latest").Add("symbols", symbols).Add("feed", feed);
        WireLatestTrades reply = await _http.GetAsync<WireLatestTrades>(address.ToUri(), cancellationToken);
        return reply.Trades.ToDictionary(t => t.Key, t => t.Value.ToTrade(t.Key), StringComparer.Ordinal);
    }

    /// <summary>The latest quote of each symbol; symbols without one are not among them.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async Task<IReadOnlyDictionary<string, AlpacaQuote>> GetLatestQuotesAsync(
        IReadOnlyList<string> symbols,
        string? feed = null,
        CancellationToken cancellationToken = default
    )
    {
        var address = new AlpacaQuery(_options.DataUrl, "/v2/stocks/quotes/latest").Add("symbols", symbols).Add("feed", feed);
        WireLatestQuotes reply = await _http.GetAsync<WireLatestQuotes>(address.ToUri(), cancellationToken);
        return reply.Quotes.ToDictionary(q => q.Key, q => q.Value.ToQuote(q.Key), StringComparer.Ordinal);
    }

    /// <summary>News about any of the symbols whose last change lies in a time, oldest first.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async IAsyncEnumerable<AlpacaArticle> GetNewsAsync(
        IReadOnlyList<string> symbols,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (IReadOnlyList<AlpacaArticle> page in GetNewsPagesAsync(symbols, from, to, cancellationToken))
        {
            foreach (AlpacaArticle article in page)
            {
                yield return article;
            }
        }
    }

    /// <summary>Corporate actions with an ex-date (or, without one, a process date) from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async Task<IReadOnlyList<AlpacaAction>> GetCorporateActionsAsync(
        IReadOnlyList<string> symbols,
        DateOnly from,
        DateOnly to,
        CancellationToken cancellationToken = default
    )
    {
        var address = new AlpacaQuery(_options.DataUrl, "/v1/corporate-actions")
            .Add("symbols", symbols)
            .Add("start", AlpacaTimes.Text(from))
            .Add("end", AlpacaTimes.Text(to))
            .Add("limit", ActionsPerPage)
            .Add("sort", "asc");
        var found = new Dictionary<string, AlpacaAction>(StringComparer.Ordinal);
        await foreach (WireActions page in GetPagesAsync<WireActions>(address, cancellationToken))
        {
            foreach (AlpacaAction action in AlpacaActions.Of(page))
            {
                // Pages may overlap when an action is added meanwhile.
                found[$"{action.Type}/{action.Id}/{action.Symbol}/{action.ExDate:O}"] = action;
            }
        }

        return [.. found.Values.OrderBy(a => a.ExDate).ThenBy(a => a.Symbol, StringComparer.Ordinal)];
    }

    /// <summary>The trading days from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async Task<IReadOnlyList<AlpacaSession>> GetCalendarAsync(
        DateOnly from,
        DateOnly to,
        CancellationToken cancellationToken = default
    )
    {
        Uri address = new AlpacaQuery(_options.TradingUrl, "/v2/calendar")
            .Add("start", AlpacaTimes.Text(from))
            .Add("end", AlpacaTimes.Text(to))
            .ToUri();
        WireSession[] reply = await _http.GetAsync<WireSession[]>(address, cancellationToken);
        try
        {
            return
            [
                .. reply.Select(s => new AlpacaSession(s.Date, AlpacaTimes.At(s.Date, s.Open), AlpacaTimes.At(s.Date, s.Close))),
            ];
        }
        catch (FormatException e)
        {
            throw Errors.Unreadable(address, e.Message, e);
        }
    }

    /// <summary>Alpaca's clock, and whether the market is open.</summary>
    /// <exception cref="AlpacaException">It cannot be had.</exception>
    public async Task<AlpacaClock> GetClockAsync(CancellationToken cancellationToken = default)
    {
        Uri address = new AlpacaQuery(_options.TradingUrl, "/v2/clock").ToUri();
        WireClock reply = await _http.GetAsync<WireClock>(address, cancellationToken);
        DateTimeOffset time = reply.Timestamp.ToUniversalTime();
        return new AlpacaClock(
            time,
            reply.IsOpen,
            reply.NextOpen.ToUniversalTime(),
            reply.NextClose.ToUniversalTime(),
            time - _time.GetUtcNow()
        );
    }

    /// <summary>All active US shares and funds.</summary>
    /// <exception cref="AlpacaException">They cannot be had.</exception>
    public async Task<IReadOnlyList<AlpacaAsset>> GetAssetsAsync(CancellationToken cancellationToken = default) =>
        await _http.GetAsync<AlpacaAsset[]>(
            new AlpacaQuery(_options.TradingUrl, "/v2/assets").Add("status", "active").Add("asset_class", "us_equity").ToUri(),
            cancellationToken
        );

    /// <summary>One instrument; null when Alpaca does not know it.</summary>
    /// <exception cref="AlpacaException">It cannot be had.</exception>
    public async Task<AlpacaAsset?> GetAssetAsync(string symbol, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        try
        {
            return await _http.GetAsync<AlpacaAsset>(
                new AlpacaQuery(_options.TradingUrl, $"/v2/assets/{Uri.EscapeDataString(symbol)}").ToUri(),
                cancellationToken
            );
        }
        catch (AlpacaException e) when (e.Kind == AlpacaFailure.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Historical bars, reply by reply.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<AlpacaBar>> GetBarPagesAsync(
        AlpacaBarRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var address = new AlpacaQuery(_options.DataUrl, "/v2/stocks/bars")
            .Add("symbols", request.Symbols)
            .Add(
                "timeframe",
                request.Timeframe switch
                {
                    AlpacaTimeframe.Minute => "1Min",
                    AlpacaTimeframe.Hour => "1Hour",
                    _ => "1Day",
                }
            )
            .Add("start", AlpacaTimes.Text(request.From))
            .Add("end", AlpacaTimes.Text(request.To))
            .Add("limit", BarsPerPage)
            .Add("adjustment", request.Adjustment.ToString().ToLowerInvariant())
            .Add("feed", request.Feed)
            .Add("sort", "asc");
        await foreach (WireBars page in GetPagesAsync<WireBars>(address, cancellationToken))
        {
            yield return
            [
                .. (page.Bars ?? new Dictionary<string, IReadOnlyList<WireBar>>()).SelectMany(s =>
                    s.Value.Select(b => AlpacaTimes.ToBar(s.Key, b, request.Timeframe))
                ),
            ];
        }
    }

    /// <summary>News, reply by reply.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<AlpacaArticle>> GetNewsPagesAsync(
        IReadOnlyList<string> symbols,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var address = new AlpacaQuery(_options.DataUrl, "/v1beta1/news")
            .Add("symbols", symbols)
            .Add("start", AlpacaTimes.Text(from))
            .Add("end", AlpacaTimes.Text(to))
            .Add("limit", ArticlesPerPage)
            .Add("sort", "asc")
            .Add("include_content", "true");
        await foreach (WireNews page in GetPagesAsync<WireNews>(address, cancellationToken))
        {
            yield return page.News ?? [];
        }
    }

    /// <summary>The orders that were submitted last, whatever became of them, newest first.</summary>
    internal async Task<IReadOnlyList<AlpacaOrder>> GetRecentOrdersAsync(CancellationToken cancellationToken) =>
        await _http.GetAsync<AlpacaOrder[]>(
            new AlpacaQuery(_options.TradingUrl, "/v2/orders")
                .Add("status", "all")
                .Add("limit", OrdersPerPage)
                .Add("direction", "desc")
                .ToUri(),
            cancellationToken
        );

    private async IAsyncEnumerable<T> GetPagesAsync<T>(
        AlpacaQuery address,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : WirePage
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? token = null;
        do
        {
            Uri at = address.With("page_token", token);
            T page = await _http.GetAsync<T>(at, cancellationToken);
            yield return page;
            token = string.IsNullOrEmpty(page.NextPageToken) ? null : page.NextPageToken;
            if (token is not null && !seen.Add(token))
            {
                throw Errors.Unreadable(at, "its pages lead to one another without end");
            }
        } while (token is not null);
    }
}
