namespace Rlaif.Data.Alpaca;

/// <summary>The best bid and ask. Prices are in US dollars, sizes in shares (round lots before 3 November 2025).</summary>
public sealed record AlpacaQuote : AlpacaUpdate
{
    /// <summary>Creates a quote that is known when it was made.</summary>
    public AlpacaQuote(string symbol, DateTimeOffset time)
        : base(symbol, time) { }

    /// <summary>Best bid; null when nobody bids.</summary>
    public required decimal? BidPrice { get; init; }

    /// <summary>Size of the bid.</summary>
    public required decimal BidSize { get; init; }

    /// <summary>Best ask; null when nobody asks.</summary>
    public required decimal? AskPrice { get; init; }

    /// <summary>Size of the ask.</summary>
    public required decimal AskSize { get; init; }

    /// <summary>Whether it was asked for afterwards, because the stream was cut when it was sent.</summary>
    public bool IsBackfill { get; init; }
}
