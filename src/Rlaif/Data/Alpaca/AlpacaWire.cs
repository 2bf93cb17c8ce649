using System.Text.Json.Serialization;

namespace Rlaif.Data.Alpaca;

// What Alpaca sends, by its documented names. Members that a reader could take for granted are required: without one, the reply is refused.

/// <summary>A reply that is one of several.</summary>
internal abstract record WirePage
{
    public string? NextPageToken { get; init; }
}

internal sealed record WireBar
{
    [JsonPropertyName("S")]
    public string? Symbol { get; init; }

    [JsonPropertyName("t")]
    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("o")]
    public required decimal Open { get; init; }

    [JsonPropertyName("h")]
    public required decimal High { get; init; }

    [JsonPropertyName("l")]
    public required decimal Low { get; init; }

    [JsonPropertyName("c")]
    public required decimal Close { get; init; }

    [JsonPropertyName("v")]
    public required decimal Volume { get; init; }

    [JsonPropertyName("n")]
    public long TradeCount { get; init; }

    [JsonPropertyName("vw")]
    public decimal? AveragePrice { get; init; }
}

internal sealed record WireTrade
{
    [JsonPropertyName("S")]
    public string? Symbol { get; init; }

    [JsonPropertyName("t")]
    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("x")]
    public required string Exchange { get; init; }

    [JsonPropertyName("p")]
    public required decimal Price { get; init; }

    [JsonPropertyName("s")]
    public required decimal Size { get; init; }

    [JsonPropertyName("i")]
    public required long TradeId { get; init; }

    [JsonPropertyName("c")]
    public IReadOnlyList<string>? Conditions { get; init; }

    /// <summary>Absent for a trade that stands; <c>corrected</c> for one that stands in the place of another.</summary>
    [JsonPropertyName("u")]
    public string? Update { get; init; }

    internal AlpacaTrade ToTrade(string symbol, bool isBackfill = false) =>
        new(symbol, Time.ToUniversalTime())
        {
            Price = Price,
            Size = Size,
            Exchange = Exchange,
            TradeId = TradeId,
            Conditions = Conditions ?? [],
            IsBackfill = isBackfill,
        };
}

internal sealed record WireQuote
{
    [JsonPropertyName("S")]
    public string? Symbol { get; init; }

    [JsonPropertyName("t")]
    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("bp")]
    public required decimal BidPrice { get; init; }

    [JsonPropertyName("bs")]
    public required decimal BidSize { get; init; }

    [JsonPropertyName("ap")]
    public required decimal AskPrice { get; init; }

    [JsonPropertyName("as")]
    public required decimal AskSize { get; init; }

    internal AlpacaQuote ToQuote(string symbol, bool isBackfill = false) =>
        new(symbol, Time.ToUniversalTime())
        {
            // 0 means that there is none.
            BidPrice = BidPrice == 0 ? null : BidPrice,
            BidSize = BidSize,
            AskPrice = AskPrice == 0 ? null : AskPrice,
            AskSize = AskSize,
            IsBackfill = isBackfill,
        };
}

internal sealed record WireBars : WirePage
{
    // Null, not empty, when there are none.
    public required IReadOnlyDictionary<string, IReadOnlyList<WireBar>>? Bars { get; init; }
}

internal sealed record WireTrades : WirePage
{
    public required IReadOnlyDictionary<string, IReadOnlyList<WireTrade>>? Trades { get; init; }
}

internal sealed record WireLatestTrades
{
    public required IReadOnlyDictionary<string, WireTrade> Trades { get; init; }
}

internal sealed record WireLatestQuotes
{
    public required IReadOnlyDictionary<string, WireQuote> Quotes { get; init; }
}

internal sealed record WireNews : WirePage
{
    public required IReadOnlyList<AlpacaArticle>? News { get; init; }
}

internal sealed record WireActions : WirePage
{
    public required IReadOnlyDictionary<string, IReadOnlyList<WireAction>?> CorporateActions { get; init; }
}

/// <summary>The members of all types of corporate actions together.</summary>
internal sealed record WireAction
{
    public string Id { get; init; } = "";

    public string? Symbol { get; init; }

    public string? SourceSymbol { get; init; }

    public string? OldSymbol { get; init; }

    public string? AcquireeSymbol { get; init; }

    public DateOnly? ExDate { get; init; }

    public DateOnly? EffectiveDate { get; init; }

    public DateOnly? ProcessDate { get; init; }

    public decimal? Rate { get; init; }

    public decimal? NewRate { get; init; }

    public decimal? OldRate { get; init; }
}

internal sealed record WireSession
{
    public required DateOnly Date { get; init; }

    public required string Open { get; init; }

    public required string Close { get; init; }
}

internal sealed record WireClock
{
    public required DateTimeOffset Timestamp { get; init; }

    public required bool IsOpen { get; init; }

    public required DateTimeOffset NextOpen { get; init; }

    public required DateTimeOffset NextClose { get; init; }
}

internal sealed record WirePosition
{
    public required string Symbol { get; init; }

    /// <summary>Shares; negative, or positive with the side <c>short</c>, when they are borrowed.</summary>
    public required decimal Qty { get; init; }

    public required string Side { get; init; }

    public required decimal AvgEntryPrice { get; init; }

    public decimal? CurrentPrice { get; init; }

    public decimal? LastdayPrice { get; init; }
}

internal sealed record WireAccount
{
    public required decimal Cash { get; init; }

    public required decimal Equity { get; init; }

    public required decimal BuyingPower { get; init; }

    public required decimal LongMarketValue { get; init; }

    /// <summary>Negative, or zero.</summary>
    public required decimal ShortMarketValue { get; init; }
}

/// <summary>An account activity of type <c>FILL</c>.</summary>
internal sealed record WireFill
{
    /// <summary>Also the token of the page after it.</summary>
    public required string Id { get; init; }

    public required string OrderId { get; init; }

    public required string Symbol { get; init; }

    /// <summary><c>buy</c>, <c>sell</c> or <c>sell_short</c>.</summary>
    public required string Side { get; init; }

    public required decimal Qty { get; init; }

    public required decimal Price { get; init; }

    public required DateTimeOffset TransactionTime { get; init; }
}
