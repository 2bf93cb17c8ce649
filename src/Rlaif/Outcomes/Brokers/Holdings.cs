using Rlaif.Data;

namespace Rlaif.Outcomes.Brokers;

/// <summary>What is held by the fills and the splits since, and nothing else.</summary>
internal static class Holdings
{
    /// <summary>Shares by symbol; those that add up to none are left out.</summary>
    public static Dictionary<string, decimal> Of(
        IEnumerable<Fill> fills,
        IReadOnlyDictionary<string, BarSeries> bars,
        DateOnly asOf
    ) =>
        fills
            .GroupBy(f => f.Symbol)
            .Select(g => (g.Key, Shares: SharesOf(g, bars, asOf)))
            .Where(h => h.Shares != 0)
            .ToDictionary(h => h.Key, h => h.Shares, StringComparer.Ordinal);

    /// <summary>What fills of one symbol add up to by a day: positive is long.</summary>
    public static decimal SharesOf(IEnumerable<Fill> fills, IReadOnlyDictionary<string, BarSeries> bars, DateOnly asOf) =>
        fills.Sum(f => (f.Side == OrderSide.Buy ? f.Quantity : -f.Quantity) * SplitsSince(f, bars, asOf));

    /// <summary>Shares that one share of a fill has become by a day.</summary>
    public static decimal SplitsSince(Fill fill, IReadOnlyDictionary<string, BarSeries> bars, DateOnly asOf)
    {
        var filled = DateOnly.FromDateTime(fill.At.UtcDateTime);
        return bars.TryGetValue(fill.Symbol, out BarSeries? series)
            ? series
                .Actions.Where(a => a.Kind == CorporateActionKind.Split && a.ExDate > filled && a.ExDate <= asOf)
                .Aggregate(1m, (product, a) => product * a.Value)
            : 1;
    }
}
