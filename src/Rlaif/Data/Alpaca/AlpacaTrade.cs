namespace Rlaif.Data.Alpaca;

/// <summary>A trade. Price is in US dollars, size in shares.</summary>
public sealed record AlpacaTrade : AlpacaUpdate
{
    /// <summary>Creates a trade that is known when it happened.</summary>
    public AlpacaTrade(string symbol, DateTimeOffset time)
        : base(symbol, time) { }

    /// <summary>Price of a share.</summary>
    public required decimal Price { get; init; }

    /// <summary>Shares.</summary>
    public required decimal Size { get; init; }

    /// <summary>Code of the exchange.</summary>
    public required string Exchange { get; init; }

    /// <summary>The exchange's number of the trade.</summary>
    public required long TradeId { get; init; }

    /// <summary>Condition flags, possibly none.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Whether it was asked for afterwards, because the stream was cut when it was sent.</summary>
    public bool IsBackfill { get; init; }
}
