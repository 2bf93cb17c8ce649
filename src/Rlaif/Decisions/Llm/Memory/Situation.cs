using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Memory;

/// <summary>
/// The situation of a moment in a few words that fit any symbol: trend, swing, worth, news, market. The same function writes what a lesson
/// keeps and what a later moment is compared with; it sees the frozen features alone, so no outcome can be in it.
/// </summary>
internal static class Situation
{
    private const string Unknown = "nothing is known";
    private const double WeekBars = 5;

    // A random walk's distance from its average of n bars is about volatility * sqrt(n / 3).
    private const double AverageBars = 200.0 / 3;

    /// <summary>The situation of a snapshot.</summary>
    internal static string Of(MarketSnapshot snapshot) => Of(snapshot.Features);

    /// <summary>The situation that features describe; features that are unknown are left out.</summary>
    internal static string Of(IReadOnlyDictionary<string, double?> features)
    {
        double? Feature(string name) => features.GetValueOrDefault(name) is { } v && double.IsFinite(v) ? v : null;

        double? week = Feature("return_5") / (Feature("volatility_20") * Math.Sqrt(WeekBars));
        double? distance = Feature("distance_sma_200") / (Feature("volatility_60") * Math.Sqrt(AverageBars));
        string?[] words =
        [
            Say("week", week, Moves, 0.5, 1.5),
            Say("month", Feature("momentum_20"), Moves, 0.5, 1.5),
            Say("quarter", Feature("momentum_60"), Moves, 0.5, 1.5),
            Say("long average", distance, ["far beneath", "beneath", "near", "above", "far above"], 0.3, 1),
            Rise("high of the year", Feature("drawdown_250"), ["far away", "away", "close"], -0.2, -0.05),
            Rise("daily swing", Feature("volatility_20"), ["tiny", "usual", "large", "huge"], 0.01, 0.02, 0.035),
            Rise("swing against before", Feature("volatility_ratio_20_60"), ["calming", "steady", "waking"], -0.2, 0.2),
            Rise("oscillator", Feature("rsi_14"), ["oversold", "balanced", "overbought"], 30, 70),
            Rise("turnover", Feature("volume_ratio_5_60"), ["thin", "ordinary", "heavy"], -0.25, 0.25),
            Rise("earnings yield", Feature("earnings_yield"), ["loss", "dear", "fair", "cheap"], 0, 0.03, 0.07),
            Rise("sales", Feature("revenue_growth_yoy"), ["shrinking", "stagnant", "growing", "booming"], -0.02, 0.05, 0.2),
            Rise("debt", Feature("debt_to_equity"), ["light", "moderate", "burdensome"], 0.5, 2),
            Rise("news", Feature("news_sentiment_7"), ["bad tone", "mixed tone", "good tone"], -0.15, 0.15),
            Rise("index", Feature("benchmark_return_20"), ["weak", "sideways", "strong"], -0.03, 0.03),
            Rise("against index", Feature("relative_strength_20"), ["lagging", "alongside", "leading"], -0.04, 0.04),
        ];
        string text = string.Join("; ", words.OfType<string>());
        return text.Length > 0 ? text : Unknown;
    }

    private static readonly string[] Moves = ["plunging", "falling", "flat", "rising", "soaring"];

    // Symmetric around zero: two bounds make five words.
    private static string? Say(string what, double? value, string[] words, double small, double large) =>
        Rise(what, value, words, -large, -small, small, large);

    private static string? Rise(string what, double? value, string[] words, params ReadOnlySpan<double> bounds)
    {
        if (value is not { } v || double.IsNaN(v))
        {
            return null;
        }

        int step = 0;
        while (step < bounds.Length && v > bounds[step])
        {
            step++;
        }

        return $"{what} {words[step]}";
    }
}
