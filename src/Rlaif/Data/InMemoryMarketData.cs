namespace Rlaif.Data;

/// <summary>Market data that is wholly in memory: imported files, the bundled sample, the simulated market.</summary>
public sealed class InMemoryMarketData : IMarketData
{
    private readonly Dictionary<string, BarSeries> _series;
    private readonly Dictionary<string, NewsItem[]> _news;
    private readonly ILookup<string, FundamentalReport> _fundamentals;
    private readonly Dictionary<string, SessionCalendar> _calendars;

    /// <summary>Creates the market.</summary>
    /// <param name="source">What the data is, for reports.</param>
    /// <param name="series">One series per symbol, the benchmark's among them.</param>
    /// <param name="benchmark">The symbol of the market index, or null.</param>
    /// <param name="news">Headlines of any symbols.</param>
    /// <param name="fundamentals">Filings of any symbols.</param>
    public InMemoryMarketData(
        string source,
        IEnumerable<BarSeries> series,
        string? benchmark = null,
        IEnumerable<NewsItem>? news = null,
        IEnumerable<FundamentalReport>? fundamentals = null
    )
    {
        Source = source;
        _series = series.ToDictionary(s => s.Symbol, StringComparer.Ordinal);
        Benchmark = benchmark;
        if (benchmark is not null && !_series.ContainsKey(benchmark))
        {
            throw new RlaifInputException(
                $"The benchmark {benchmark} has no bars. Known: {string.Join(", ", _series.Keys.Order())}."
            );
        }

        Symbols = [.. _series.Keys.Where(s => s != benchmark).Order(StringComparer.Ordinal)];
        _news = (news ?? [])
            .GroupBy(n => n.Symbol, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderBy(n => n.PublishedAt).ToArray(), StringComparer.Ordinal);
        _fundamentals = (fundamentals ?? []).ToLookup(f => f.Symbol, StringComparer.Ordinal);
        // Trading days come from the bars themselves.
        _calendars = _series
            .Values.GroupBy(s => Exchange.CodeOf(s.Symbol), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => CalendarOf([.. g]), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Symbols { get; }

    /// <inheritdoc/>
    public string? Benchmark { get; }

    /// <inheritdoc/>
    public SessionCalendar GetCalendar(string symbol) => _calendars[Exchange.CodeOf(Find(symbol).Symbol)];

    /// <inheritdoc/>
    public ValueTask<MarketSnapshot> GetSnapshotAsync(
        string symbol,
        DateTimeOffset asOf,
        CancellationToken cancellationToken = default
    )
    {
        BarSeries? benchmark = Benchmark is null ? null : _series[Benchmark];
        return ValueTask.FromResult(
            MarketSnapshot.Create(Find(symbol), asOf, benchmark, RecentNews(symbol, asOf), _fundamentals[symbol])
        );
    }

    /// <inheritdoc/>
    public ValueTask<BarSeries> GetBarsAsync(
        string symbol,
        DateTimeOffset knownAt,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(Find(symbol).KnownAt(knownAt));

    // A snapshot would find them among all as well; a symbol may have a hundred thousand.
    private ArraySegment<NewsItem> RecentNews(string symbol, DateTimeOffset asOf)
    {
        NewsItem[] news = _news.GetValueOrDefault(symbol, []);
        int start = CountWhile(news, n => asOf - n.PublishedAt >= MarketSnapshot.NewsAge);
        return new ArraySegment<NewsItem>(news, start, CountWhile(news, n => n.PublishedAt <= asOf) - start);
    }

    // How many items at the beginning satisfy what none after them does.
    private static int CountWhile(NewsItem[] news, Predicate<NewsItem> isBefore)
    {
        int low = 0;
        int high = news.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = isBefore(news[middle]) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    // At least half of the symbols that have bars before and after must have traded: a stray row, or an instrument that also trades on
    // weekends, makes no trading day of the others.
    private static SessionCalendar CalendarOf(BarSeries[] series)
    {
        var traded = new Dictionary<DateOnly, int>();
        foreach (DateOnly session in series.SelectMany(s => Sessions(s).Distinct()))
        {
            traded[session] = traded.GetValueOrDefault(session) + 1;
        }

        (DateOnly First, DateOnly Last)[] spans =
        [
            .. series.Where(s => s.Count > 0).Select(s => (s[0].Session, s[s.Count - 1].Session)),
        ];
        return new SessionCalendar(
            traded.Where(t => 2 * t.Value >= spans.Count(s => s.First <= t.Key && t.Key <= s.Last)).Select(t => t.Key)
        );
    }

    private static IEnumerable<DateOnly> Sessions(BarSeries series) =>
        Enumerable.Range(0, series.Count).Select(i => series[i].Session);

    private BarSeries Find(string symbol) =>
        _series.TryGetValue(symbol, out BarSeries? found)
            ? found
            : throw new RlaifInputException($"No bars of '{symbol}'. Known symbols: {string.Join(", ", Symbols)}.");
}
