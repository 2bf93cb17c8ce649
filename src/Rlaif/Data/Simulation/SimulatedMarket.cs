namespace Rlaif.Data;

/// <summary>
/// A market whose truth is known: fat-tailed returns with clustered volatility (GARCH), a common factor with calm and turbulent
/// regimes, headlines and quarterly filings. Prices have no drift except a planted one, which depends on an interaction of two
/// numeric features (a move reverses when volume has dried up, and only then) and on the wording of one kind of headline
/// that carries no sentiment word. It exists to show that learning finds what is there, and finds nothing when nothing is there.
/// </summary>
public sealed class SimulatedMarket : IMarketData
{
    /// <summary>The symbol of the market index.</summary>
    public const string IndexSymbol = "MARKET";

    /// <summary>Trading days before the first signal, so that every feature has its history.</summary>
    public const int WarmUpSessions = 260;

    /// <summary>Most trading days that can be simulated.</summary>
    public const int MostSessions = 20_000;

    private readonly InMemoryMarketData _data;
    private readonly Dictionary<string, double[]> _drift;
    private readonly DateOnly[] _sessions;
    private readonly int _horizon;

    private SimulatedMarket(InMemoryMarketData data, Dictionary<string, double[]> drift, DateOnly[] sessions, int horizon)
    {
        _data = data;
        _drift = drift;
        _sessions = sessions;
        _horizon = horizon;
    }

    /// <inheritdoc/>
    public string Source => _data.Source;

    /// <inheritdoc/>
    public IReadOnlyList<string> Symbols => _data.Symbols;

    /// <inheritdoc/>
    public string? Benchmark => _data.Benchmark;

    /// <summary>Simulates the market that belongs to the options; equal options give equal markets.</summary>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static SimulatedMarket Create(SimulationOptions options)
    {
        options.Validated();
        // About 251 sessions a year; the surplus is cut off.
        DateOnly last = options.FirstDate.AddDays((int)(options.Sessions * 1.5) + 30);
        DateOnly[] sessions = [.. NyseCalendar.Sessions(options.FirstDate, last).Sessions.Take(options.Sessions)];
        var random = new DeterministicRandom(options.Seed);
        FactorPath factor = FactorPath.Simulate(random.Fork("factor"), sessions.Length);
        var series = new List<BarSeries> { factor.ToSeries(IndexSymbol, sessions, random.Fork("index")) };
        var news = new List<NewsItem>();
        var fundamentals = new List<FundamentalReport>();
        var drift = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (string symbol in options.Symbols)
        {
            DeterministicRandom own = random.Fork(symbol);
            SimulatedNews headlines = SimulatedNews.Write(symbol, sessions, options, own.Fork("news"));
            SimulatedStock stock = SimulatedStock.Simulate(symbol, sessions, factor, headlines.Cues, options, own.Fork("prices"));
            series.Add(stock.Series);
            drift.Add(symbol, stock.Drift);
            news.AddRange(headlines.Items);
            fundamentals.AddRange(SimulatedFilings.Write(symbol, sessions[0], sessions[^1], stock.Series, own.Fork("filings")));
        }

        string source = options is { InteractionStrength: 0, CueStrength: 0 } ? "null" : "planted";
        var data = new InMemoryMarketData(source, series, IndexSymbol, news, fundamentals);
        return new SimulatedMarket(data, drift, sessions, options.HorizonDays);
    }

    /// <inheritdoc/>
    public SessionCalendar GetCalendar(string symbol) => _data.GetCalendar(symbol);

    /// <inheritdoc/>
    public ValueTask<MarketSnapshot> GetSnapshotAsync(
        string symbol,
        DateTimeOffset asOf,
        CancellationToken cancellationToken = default
    ) => _data.GetSnapshotAsync(symbol, asOf, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BarSeries> GetBarsAsync(
        string symbol,
        DateTimeOffset knownAt,
        CancellationToken cancellationToken = default
    ) => _data.GetBarsAsync(symbol, knownAt, cancellationToken);

    /// <summary>
    /// The truth: the expected return of one share bought at the next open and sold at the close of the <paramref name="holdDays"/>-th
    /// session, given everything known at <paramref name="asOf"/>. For judging what was learnt; no agent, feature or model sees it.
    /// </summary>
    public double ExpectedReturn(string symbol, DateTimeOffset asOf, int holdDays)
    {
        double[] drift = _drift[symbol];
        // asOf is a session's close: trading starts in the session after it.
        int entry = Array.BinarySearch(_sessions, DateOnly.FromDateTime(asOf.UtcDateTime).AddDays(1));
        entry = entry < 0 ? ~entry : entry;
        // Drift beyond the running signal is not known yet; its expectation is zero.
        int signalEnd = SignalSession(entry - 1) + _horizon;
        double growth = 1;
        for (int t = entry; t < Math.Min(Math.Min(entry + holdDays, drift.Length), signalEnd + 1); t++)
        {
            growth *= 1 + drift[t];
        }

        return growth - 1;
    }

    /// <summary>Whether signals are renewed at the close of session <paramref name="index"/> (counted from the first).</summary>
    internal static bool IsSignalSession(int index, int horizon) =>
        index >= WarmUpSessions && (index - WarmUpSessions) % horizon == 0;

    private int SignalSession(int index) => index < WarmUpSessions ? -_horizon : index - ((index - WarmUpSessions) % _horizon);
}
