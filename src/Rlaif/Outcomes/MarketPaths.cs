using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>The paths of several symbols up to one clock, each fetched once.</summary>
internal sealed class MarketPaths
{
    private readonly Dictionary<string, MarketPath> _paths = [];

    private MarketPaths() { }

    /// <summary>The path of a symbol; null when the market does not know it.</summary>
    internal MarketPath? this[string symbol] => _paths.GetValueOrDefault(symbol);

    internal static async Task<MarketPaths> LoadAsync(
        IMarketData market,
        IEnumerable<string> symbols,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var loaded = new MarketPaths();
        HashSet<string> known = [.. market.Symbols];
        BarSeries? benchmark = market.Benchmark is { } name ? await market.GetBarsAsync(name, now, cancellationToken) : null;
        foreach (string symbol in symbols.Where(s => known.Contains(s) || s == market.Benchmark).Distinct())
        {
            BarSeries bars = await market.GetBarsAsync(symbol, now, cancellationToken);
            loaded._paths[symbol] = new MarketPath(bars, market.GetCalendar(symbol), benchmark);
        }

        return loaded;
    }
}
