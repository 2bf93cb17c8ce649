using static System.FormattableString;

namespace Rlaif.Decisions;

/// <summary>How numbers and views are said, the same in every report, so that equal facts have equal words.</summary>
internal static class Wording
{
    private const double ClearView = 0.4;

    /// <summary>From here on a score is more than neutral.</summary>
    internal const double LeaningView = 0.12;

    /// <summary>A fraction as an unsigned percentage: 0.0619 is <c>6.2%</c>.</summary>
    internal static string Percent(double fraction) => Invariant($"{Math.Abs(fraction) * 100:0.0}%");

    /// <summary>A fraction as a signed percentage: 0.0619 is <c>+6.2%</c>.</summary>
    internal static string SignedPercent(double fraction) => Invariant($"{fraction * 100:+0.0;-0.0;0.0}%");

    /// <summary>A fraction as a percentage with a sign only when negative: a level, not a change.</summary>
    internal static string Level(double fraction) => Invariant($"{fraction * 100:0.0;-0.0;0.0}%");

    /// <summary>Daily volatility, a fraction, as a percentage with two decimals: 0.0183 is <c>1.83%</c>.</summary>
    internal static string Swing(double fraction) => Invariant($"{fraction * 100:0.00}%");

    /// <summary>A score or another unitless number with its sign: <c>+0.31</c>.</summary>
    internal static string Signed(double value) => Invariant($"{value:+0.00;-0.00;0.00}");

    /// <summary>A number with two decimals and a sign only when negative.</summary>
    internal static string Plain(double value) => Invariant($"{value:0.00;-0.00;0.00}");

    /// <summary>How many times something is its usual size: <c>1.3 times</c>.</summary>
    internal static string Times(double multiple) => Invariant($"{multiple:0.0} times");

    /// <summary><c>rose 6.2%</c>, <c>fell 6.2%</c>.</summary>
    internal static string Moved(double fraction) => $"{(fraction < 0 ? "fell" : "rose")} {Percent(fraction)}";

    /// <summary><c>3.1% above</c>, <c>3.1% below</c>.</summary>
    internal static string Distance(double fraction) => $"{Percent(fraction)} {(fraction < 0 ? "below" : "above")}";

    /// <summary>A score in words: <c>clearly bullish</c>, <c>mildly bearish</c>, <c>neutral</c>.</summary>
    internal static string View(double score) =>
        score switch
        {
            >= ClearView => "clearly bullish",
            >= LeaningView => "mildly bullish",
            > -LeaningView => "neutral",
            > -ClearView => "mildly bearish",
            _ => "clearly bearish",
        };

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    internal static string List(IReadOnlyList<string> items) =>
        items.Count switch
        {
            0 => string.Empty,
            1 => items[0],
            _ => $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}",
        };

    /// <summary><c>1 headline</c>, <c>2 headlines</c>.</summary>
    internal static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
