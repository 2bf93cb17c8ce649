using Rlaif.Data;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Tests.Decisions.Llm.Masking;

/// <summary>A moment with a known date and last close, for tests of masking.</summary>
internal static class MaskedMoment
{
    internal static readonly string[] Symbols = ["AAA", "AAPL", "BRK-B", "F", "MSFT", "NVDA", "TGT", "ZZZ"];

    /// <summary>The evening of 28 June 2024, a Friday.</summary>
    internal static readonly DateTimeOffset AsOf = new(2024, 6, 28, 21, 0, 0, TimeSpan.Zero);

    internal static MarketSnapshot Snapshot(string symbol = "AAPL", decimal close = 200m, DateTimeOffset? asOf = null)
    {
        DateTimeOffset end = asOf ?? AsOf;
        Bar[] bars =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(i => new Bar(end.AddDays(i - 5), end.AddDays(i - 4), close, close, close, close, 1000)),
        ];
        return MarketSnapshot.Create(new BarSeries(symbol, bars), end);
    }

    internal static Masker Masker(
        string symbol = "AAPL",
        decimal close = 200m,
        DateTimeOffset? asOf = null,
        string? benchmark = null
    ) => Rlaif.Decisions.Llm.Masking.Masker.Hide(Snapshot(symbol, close, asOf), Symbols, benchmark);
}
