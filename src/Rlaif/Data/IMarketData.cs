namespace Rlaif.Data;

/// <summary>
/// Where prices, news and filings come from. Agents and features are given <see cref="MarketSnapshot"/>s only; whole series are for
/// settlement, which asks with the moment up to which it may look.
/// </summary>
public interface IMarketData
{
    /// <summary>What the data is, for reports: <c>planted</c>, <c>sample</c>, a file name.</summary>
    string Source { get; }

    /// <summary>The symbols that can be traded, in ordinal order; the benchmark is not among them.</summary>
    IReadOnlyList<string> Symbols { get; }

    /// <summary>The symbol of the market index that returns are compared with; null when there is none.</summary>
    string? Benchmark { get; }

    /// <summary>The trading days of the exchange on which <paramref name="symbol"/> trades.</summary>
    SessionCalendar GetCalendar(string symbol);

    /// <summary>What may be seen of <paramref name="symbol"/> at <paramref name="asOf"/>.</summary>
    /// <exception cref="RlaifInputException">The symbol is unknown; the message lists those that are known.</exception>
    ValueTask<MarketSnapshot> GetSnapshotAsync(string symbol, DateTimeOffset asOf, CancellationToken cancellationToken = default);

    /// <summary>The bars of a symbol (or of the benchmark) with <c>CloseTime &lt;= knownAt</c>. For settlement, never for agents or features.</summary>
    /// <exception cref="RlaifInputException">The symbol is unknown; the message lists those that are known.</exception>
    ValueTask<BarSeries> GetBarsAsync(string symbol, DateTimeOffset knownAt, CancellationToken cancellationToken = default);
}
