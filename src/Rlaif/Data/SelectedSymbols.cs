namespace Rlaif.Data;

/// <summary>Some of the symbols of a market; benchmark and trading days stay those of the whole.</summary>
public sealed class SelectedSymbols : IMarketData
{
    private readonly IMarketData _market;

    /// <summary>Selects symbols.</summary>
    /// <exception cref="RlaifInputException">A symbol is unknown; the message lists those that are known.</exception>
    public SelectedSymbols(IMarketData market, IEnumerable<string> symbols)
    {
        _market = market;
        Symbols = [.. symbols.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string[] unknown = [.. Symbols.Except(market.Symbols)];
        if (unknown.Length > 0 || Symbols.Count == 0)
        {
            throw new RlaifInputException(
                $"No bars of '{string.Join(", ", unknown)}'. Known symbols: {string.Join(", ", market.Symbols)}."
            );
        }
    }

    /// <inheritdoc/>
    public string Source => _market.Source;

    /// <inheritdoc/>
    public IReadOnlyList<string> Symbols { get; }

    /// <inheritdoc/>
    public string? Benchmark => _market.Benchmark;

    /// <inheritdoc/>
    public SessionCalendar GetCalendar(string symbol) => _market.GetCalendar(symbol);

    /// <inheritdoc/>
    public ValueTask<MarketSnapshot> GetSnapshotAsync(
        string symbol,
        DateTimeOffset asOf,
        CancellationToken cancellationToken = default
    ) => _market.GetSnapshotAsync(symbol, asOf, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BarSeries> GetBarsAsync(
        string symbol,
        DateTimeOffset knownAt,
        CancellationToken cancellationToken = default
    ) => _market.GetBarsAsync(symbol, knownAt, cancellationToken);
}
