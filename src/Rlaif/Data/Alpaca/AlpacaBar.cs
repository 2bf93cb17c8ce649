namespace Rlaif.Data.Alpaca;

/// <summary>A bar. It is known from its close on; a revision from the moment it came.</summary>
public sealed record AlpacaBar : AlpacaUpdate
{
    /// <summary>Creates a bar that is known at its close.</summary>
    public AlpacaBar(string symbol, Bar bar)
        : base(symbol, bar.CloseTime) => Bar = bar;

    /// <summary>Open, high, low, close and volume with their times.</summary>
    public Bar Bar { get; init; }

    /// <summary>Whether it lies in the regular hours of New York; extended hours and days without a session do not.</summary>
    public required bool IsRegular { get; init; }

    /// <summary>Number of trades in it.</summary>
    public long TradeCount { get; init; }

    /// <summary>Volume-weighted average price; null when it is not given.</summary>
    public decimal? AveragePrice { get; init; }

    /// <summary>Whether it replaces a bar of the same time that came before (trades that were reported late).</summary>
    public bool IsRevision { get; init; }

    /// <summary>Whether a later bar of the symbol came before it.</summary>
    public bool IsLate { get; init; }

    /// <summary>Whether it was asked for afterwards, because the stream was cut when it was sent.</summary>
    public bool IsBackfill { get; init; }
}
