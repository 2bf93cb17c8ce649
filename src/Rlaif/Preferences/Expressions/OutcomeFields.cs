using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Preferences.Expressions;

/// <summary>
/// The fields of an <see cref="Outcome"/> that a metric expression may name. Prices and quantities are left out: they say how the
/// instrument is quoted, not what the candidate was worth.
/// </summary>
internal static class OutcomeFields
{
    private static readonly OrderedDictionary<string, Func<Outcome, double?>> Fields = new(StringComparer.Ordinal)
    {
        ["side"] = o => Side(o.Action),
        ["position_size"] = o => o.PositionSize,
        ["gross_return"] = o => o.GrossReturn,
        ["net_return"] = o => o.NetReturn,
        ["costs"] = o => o.Costs,
        ["pnl"] = o => (double)o.Pnl,
        ["benchmark_return"] = o => o.BenchmarkReturn,
        ["max_drawdown"] = o => o.MaxDrawdown,
        ["favorable_excursion"] = o => o.FavorableExcursion,
        ["adverse_excursion"] = o => o.AdverseExcursion,
        ["sharpe"] = o => o.Sharpe,
        ["sortino"] = o => o.Sortino,
        ["daily_volatility"] = o => o.DailyVolatility,
        ["beta"] = o => o.Beta,
        ["hold_days"] = o => o.HoldDays,
    };

    /// <summary>Their names.</summary>
    internal static IEnumerable<string> Names => Fields.Keys;

    /// <summary>Reads a field; null when no field has the name.</summary>
    internal static Func<Outcome, double?>? Find(string name) => Fields.GetValueOrDefault(name);

    /// <summary>1 for a buy, -1 for a sell, 0 for a hold.</summary>
    internal static double Side(TradeAction action) =>
        action switch
        {
            TradeAction.Buy => 1,
            TradeAction.Sell => -1,
            _ => 0,
        };
}
