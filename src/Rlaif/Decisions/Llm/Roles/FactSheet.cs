using System.Collections.Immutable;
using Rlaif.Data;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>The numbers of a moment in words, each for the roles that work with it. Unknown numbers are left out.</summary>
internal static class FactSheet
{
    private static readonly ImmutableArray<AnalystRole> Everyone = [.. Enum.GetValues<AnalystRole>()];
    private static readonly ImmutableArray<AnalystRole> Tape = With(AnalystRole.Technical);
    private static readonly ImmutableArray<AnalystRole> Danger = With(AnalystRole.Risk);
    private static readonly ImmutableArray<AnalystRole> TapeAndDanger = With(AnalystRole.Technical, AnalystRole.Risk);
    private static readonly ImmutableArray<AnalystRole> Filings = With(AnalystRole.Fundamental);
    private static readonly ImmutableArray<AnalystRole> News = With(AnalystRole.Sentiment);

    /// <summary>A fact and who works with it.</summary>
    internal sealed record Fact(string Text, ImmutableArray<AnalystRole> Roles);

    /// <summary>The facts of a snapshot; the first is the last price.</summary>
    internal static IReadOnlyList<Fact> Of(MarketSnapshot snapshot, ManagerOptions options, Masker masker)
    {
        var facts = new Writer(snapshot.Features);
        facts.Add(Everyone, "Last close", snapshot.Bars.Count > 0 ? masker.Price(snapshot.Bars.Last.Close) : null);
        AddAll(facts);
        if (ExpectedVolatility.Daily(snapshot, snapshot.Features) is { } daily and > 0)
        {
            double full = options.MaxPositionSize * Math.Min(options.ReferenceDailyVolatility / daily, 1);
            facts.Add(
                Danger,
                "Sizing",
                $"limit {Wording.Percent(options.MaxPositionSize)} of equity, at the present volatility {Wording.Percent(full)}"
            );
        }

        return facts.Facts;
    }

    private static void AddAll(Writer facts)
    {
        AddMoves(facts);
        AddTape(facts);
        AddRisk(facts);
        AddFilings(facts);
        facts.Add(
            News,
            "Headlines",
            facts.Say("news_count_5", v => $"{v:0} in 7 days"),
            facts.Say("news_sentiment_7", v => $"tone by word list {Wording.Signed(v)} over 7 days"),
            facts.Say("news_sentiment_30", v => $"{Wording.Signed(v)} over 30 (from -1 to 1)")
        );
    }

    private static void AddMoves(Writer facts)
    {
        facts.Add(
            Everyone,
            "Returns",
            facts.Say("return_1", v => $"{Wording.SignedPercent(v)} last session"),
            facts.Say("return_5", v => $"{Wording.SignedPercent(v)} over 5 sessions"),
            facts.Say("return_20", v => $"{Wording.SignedPercent(v)} over 20"),
            facts.Say("return_60", v => $"{Wording.SignedPercent(v)} over 60"),
            facts.Say("return_250", v => $"{Wording.SignedPercent(v)} over 250")
        );
        facts.Add(
            Everyone,
            "Index",
            facts.Say("benchmark_return_5", v => $"{Wording.SignedPercent(v)} over 5 sessions"),
            facts.Say("benchmark_return_20", v => $"{Wording.SignedPercent(v)} over 20"),
            facts.Say("relative_strength_20", v => $"instrument less index {Wording.SignedPercent(v)} over 20")
        );
        facts.Add(
            TapeAndDanger,
            "Moves in standard deviations",
            facts.Say("momentum_20", v => $"{Wording.Signed(v)} over 20 sessions"),
            facts.Say("momentum_60", v => $"{Wording.Signed(v)} over 60")
        );
    }

    private static void AddTape(Writer facts)
    {
        facts.Add(
            Tape,
            "Averages",
            facts.Say("distance_sma_20", v => $"close {Wording.Distance(v)} the 20-day average"),
            facts.Say("distance_sma_50", v => $"{Wording.Distance(v)} the 50-day"),
            facts.Say("distance_sma_200", v => $"{Wording.Distance(v)} the 200-day")
        );
        facts.Add(
            Tape,
            "Trend",
            facts.Say("adx_14", v => $"ADX(14) {v:0}"),
            facts.Say("plus_di_14", v => $"+DI {v:0}"),
            facts.Say("minus_di_14", v => $"-DI {v:0}"),
            facts.Say("macd_histogram", v => $"MACD histogram {Wording.Signed(v * 100)}% of the price")
        );
        facts.Add(
            Tape,
            "Oscillators",
            facts.Say("rsi_14", v => $"RSI(14) {v:0}"),
            facts.Say("stochastic_k", v => $"stochastic %K {v:0}"),
            facts.Say("bollinger_percent_b", v => $"Bollinger %b {Wording.Plain(v)}")
        );
        facts.Add(
            Tape,
            "Volume",
            facts.Say("volume_ratio_5_60", v => $"5 sessions at {Wording.Plain(Math.Exp(v))} times the 60-session average"),
            facts.Say("mfi_14", v => $"money flow index {v:0}")
        );
        facts.Add(
            TapeAndDanger,
            "Last session",
            facts.Say("gap_1", v => $"opened {Wording.SignedPercent(v)} from the close before"),
            facts.Say("range_1", v => $"range {Wording.Percent(v)} of the price")
        );
    }

    private static void AddRisk(Writer facts)
    {
        facts.Add(
            TapeAndDanger,
            "Volatility per session",
            facts.Say("volatility_20", v => $"{Wording.Swing(v)} over 20 sessions"),
            facts.Say("volatility_60", v => $"{Wording.Swing(v)} over 60"),
            facts.Say("benchmark_volatility_20", v => $"index {Wording.Swing(v)} over 20")
        );
        facts.Add(TapeAndDanger, "Drawdown", facts.Say("drawdown_250", v => $"{Wording.Percent(v)} below the 250-day high"));
        facts.Add(
            Danger,
            "Market exposure",
            facts.Say("beta_60", v => $"beta {Wording.Plain(v)} over 60 sessions"),
            facts.Say("correlation_60", v => $"correlation {Wording.Plain(v)}")
        );
        facts.Add(
            Danger,
            "Shape of returns over 60 sessions",
            facts.Say("skewness_60", v => $"skewness {Wording.Signed(v)}"),
            facts.Say("autocorrelation_60", v => $"autocorrelation {Wording.Signed(v)}")
        );
    }

    private static void AddFilings(Writer facts)
    {
        facts.Add(Filings, "Latest filing", facts.Say("days_since_filing", v => $"{Math.Floor(v):0} days old"));
        facts.Add(
            Filings,
            "Valuation",
            facts.Say("earnings_yield", v => $"earnings of four quarters are {Wording.Level(v)} of the price")
        );
        facts.Add(
            Filings,
            "Growth",
            facts.Say("revenue_growth_yoy", v => $"revenue {Wording.SignedPercent(v)} on the year before")
        );
        facts.Add(
            Filings,
            "Profitability",
            facts.Say("net_margin", v => $"net margin {Wording.Level(v)}"),
            facts.Say("return_on_equity", v => $"return on equity {Wording.Level(v)}")
        );
        facts.Add(Filings, "Debt", facts.Say("debt_to_equity", v => $"liabilities {Wording.Plain(v)} times equity"));
    }

    // Researchers argue from all the evidence.
    private static ImmutableArray<AnalystRole> With(params ReadOnlySpan<AnalystRole> roles) =>
        [.. roles, AnalystRole.Bull, AnalystRole.Bear];

    private sealed class Writer(IReadOnlyDictionary<string, double?> features)
    {
        private readonly List<Fact> _facts = [];

        internal IReadOnlyList<Fact> Facts => _facts;

        internal string? Say(string feature, Func<double, string> words) =>
            features.GetValueOrDefault(feature) is { } value ? words(value) : null;

        internal void Add(ImmutableArray<AnalystRole> roles, string title, params IEnumerable<string?> items)
        {
            string list = string.Join(", ", items.OfType<string>());
            if (list.Length > 0)
            {
                _facts.Add(new Fact($"{title}: {list}", roles));
            }
        }
    }
}
