namespace Rlaif.Decisions.Llm.Masking;

/// <summary>A company, an index or a fund.</summary>
/// <param name="Tickers">Its tickers; empty for companies that are not listed.</param>
/// <param name="Name">Its first name.</param>
/// <param name="IsIndex">Whether it is an index or a fund.</param>
internal sealed record Issuer(IReadOnlyList<string> Tickers, string Name, bool IsIndex)
{
    /// <summary>An instrument of which only the ticker is known.</summary>
    internal static Issuer Unlisted(string symbol) => new([symbol], symbol, IsIndex: false);

    /// <summary>What stands for it in plain text: its ticker; the name of an index, and of companies that have none.</summary>
    internal string Label => IsIndex || Tickers.Count == 0 ? Name : Tickers[0];
}
