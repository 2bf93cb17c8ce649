using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>How texts write amounts of money, and what stands around them. All patterns run in time linear in the text.</summary>
internal static class LevelForms
{
    private const RegexOptions Linear =
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>A number, with or without groups of thousands.</summary>
    internal static Regex Numbers { get; } =
        new(@"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[0-9]*\.?[0-9]+", Linear, Regex.InfiniteMatchTimeout);

    /// <summary>A word of magnitude, at the beginning of what stands behind a number.</summary>
    internal static Regex Magnitude { get; } =
        new(@"^([\s-]?(trillion|billion|million|thousand|trn|tn|bln|bn|mln|mn)|mm|[tbmk])\b", Linear, Regex.InfiniteMatchTimeout);

    /// <summary>Behind a number: a word that makes it money.</summary>
    internal static Regex MoneyWord { get; } =
        new(
            @"^[\s-]?((us\s)?dollars?|usd|euros?|yuan|pounds|(per|a|each)\sshare|per-share|/share|apiece)\b",
            Linear,
            Regex.InfiniteMatchTimeout
        );

    /// <summary>Behind a number: cents.</summary>
    internal static Regex Cents { get; } = new(@"^(\s?\u00a2|[\s-]cents?\b)", Linear, Regex.InfiniteMatchTimeout);

    /// <summary>Behind a number: what shows that it is a percentage, a count or a time.</summary>
    internal static Regex Counted { get; } =
        new(
            @"^(\s?%|\s(percent|pct|per\scent|bps|basis|points?|times|years?|days?|weeks?|months?|sessions?|hours?|minutes?|analysts?|shares|stocks|a\.m|p\.m|am|pm)\b|x\b|-[a-z]|:[0-9])",
            Linear,
            Regex.InfiniteMatchTimeout
        );

    /// <summary>Before a number: a currency code.</summary>
    internal static Regex Code { get; } = new(@"\b(usd|eur|gbp|cny|rmb|jpy|chf|cad|hkd)\s?$", Linear, Regex.InfiniteMatchTimeout);

    /// <summary>Words of figures that are no prices.</summary>
    internal static Regex Oscillator { get; } =
        new(
            @"\b(rsi|adx|cci|mfi|stochastic|williams|volatility|beta|score|confidence|sharpe|sortino|yield|ratio|percent|margin|vix|multiple|p/e)\b",
            Linear,
            Regex.InfiniteMatchTimeout
        );

    /// <summary>Words of prices.</summary>
    internal static HashSet<string> PriceWords { get; } =
        new(StringComparer.OrdinalIgnoreCase)
        {
            "price",
            "prices",
            "priced",
            "target",
            "targets",
            "close",
            "closed",
            "closes",
            "closing",
            "opened",
            "support",
            "resistance",
            "stop",
            "loss",
            "entry",
            "exit",
            "strike",
            "sma",
            "ema",
            "wma",
            "vwap",
            "band",
            "average",
            "trading",
            "traded",
            "trades",
            "level",
            "peak",
            "low",
            "high",
        };

    /// <summary>The last words of the names of indices.</summary>
    internal static HashSet<string> IndexWords { get; } =
        new(StringComparer.OrdinalIgnoreCase) { "dow", "nasdaq", "500", "nikkei", "ftse", "djia", "tsx" };

    /// <summary>Words that stand right before prices.</summary>
    internal static HashSet<string> NearWords { get; } =
        new(StringComparer.OrdinalIgnoreCase) { "at", "to", "from", "near", "above", "below", "around" };

    /// <summary>Words that may stand between a price word and its number.</summary>
    internal static HashSet<string> Fillers { get; } =
        new(StringComparer.OrdinalIgnoreCase)
        {
            "at",
            "to",
            "from",
            "near",
            "above",
            "below",
            "around",
            "about",
            "of",
            "is",
            "was",
            "the",
            "a",
            "its",
            "latest",
            "value",
            "current",
            "past",
            "over",
            "under",
            "by",
            "tops",
            "hits",
            "hit",
            "reached",
            "reaches",
            "up",
            "down",
            "rose",
            "fell",
            "just",
            "as",
            "on",
            "and",
            "with",
            "share",
            "shares",
        };
}
