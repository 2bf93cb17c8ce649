namespace Rlaif.Data;

/// <summary>The layout of a file of bars. <see cref="Auto"/> recognizes all of them; a named one refuses files of another layout.</summary>
public enum BarFormat
{
    /// <summary>Recognized from the first row.</summary>
    Auto,

    /// <summary>A header in any column order with the usual names.</summary>
    Generic,

    /// <summary>Yahoo Finance: a header with <c>Adj Close</c>.</summary>
    Yahoo,

    /// <summary>Stooq: <c>&lt;TICKER&gt;</c>-style names or <c>Date,Open,High,Low,Close,Volume</c>; the suffix <c>.US</c> is dropped.</summary>
    Stooq,

    /// <summary>Alpaca: <c>timestamp,open,..</c> or <c>t,o,h,l,c,v</c>, stamped in UTC.</summary>
    Alpaca,

    /// <summary>LEAN daily: no header, <c>yyyyMMdd HH:mm</c>, prices in ten-thousandths of a dollar; the symbol is the file name.</summary>
    Lean,
}
