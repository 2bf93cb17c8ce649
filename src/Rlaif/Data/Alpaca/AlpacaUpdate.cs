namespace Rlaif.Data.Alpaca;

/// <summary>A fact about the market of one symbol: a bar, a trade or a quote.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="KnownAt">The first moment at which it can have been known, UTC.</param>
public abstract record AlpacaUpdate(string Symbol, DateTimeOffset KnownAt);
