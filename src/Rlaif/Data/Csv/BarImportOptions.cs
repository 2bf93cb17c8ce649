namespace Rlaif.Data;

/// <summary>How files of bars are to be read.</summary>
public sealed record BarImportOptions
{
    /// <summary>The symbol of files that have no symbol column; null takes the file name (<c>aapl.csv.gz</c> is AAPL).</summary>
    public string? Symbol { get; init; }

    /// <summary>The layout of the files.</summary>
    public BarFormat Format { get; init; } = BarFormat.Auto;

    /// <summary>
    /// Files of splits and dividends: <c>symbol,date,split,dividend</c>, one row per action with a <c>type</c> column, or LEAN factor
    /// files. Their dividends are cash as paid.
    /// </summary>
    public IReadOnlyList<string> ActionFiles { get; init; } = [];

    /// <summary>Whether the prices already reflect splits.</summary>
    public PriceBasis Basis { get; init; } = PriceBasis.Detect;
}
