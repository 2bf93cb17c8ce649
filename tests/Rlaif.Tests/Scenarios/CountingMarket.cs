using Rlaif.Data;

namespace Rlaif.Tests.Scenarios;

/// <summary>Counts the questions that are asked of a market, so that a test can break off at any of them.</summary>
internal sealed class CountingMarket(IMarketData market, Action asked) : IMarketData
{
    public string Source => market.Source;

    public IReadOnlyList<string> Symbols => market.Symbols;

    public string? Benchmark => market.Benchmark;

    public SessionCalendar GetCalendar(string symbol)
    {
        asked();
        return market.GetCalendar(symbol);
    }

    public ValueTask<MarketSnapshot> GetSnapshotAsync(
        string symbol,
        DateTimeOffset asOf,
        CancellationToken cancellationToken = default
    )
    {
        asked();
        return market.GetSnapshotAsync(symbol, asOf, cancellationToken);
    }

    public ValueTask<BarSeries> GetBarsAsync(string symbol, DateTimeOffset knownAt, CancellationToken cancellationToken = default)
    {
        asked();
        return market.GetBarsAsync(symbol, knownAt, cancellationToken);
    }
}
