using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Decisions.RuleBased;

/// <summary>
/// Reads volatility, drawdown and the market's regime against what is usual for this symbol. Its score leans against risk above the
/// usual, mildly; its confidence, hence its say in the position's size, rises with volatility.
/// </summary>
public sealed class RiskAnalyst : IAnalyst
{
    private const double VolatilityWeight = 0.4;
    private const double DrawdownWeight = 0.3;
    private const double RegimeWeight = 0.3;
    private const double Mildness = 0.6;
    private const double VolatilityRatioScale = 0.35;

    // E[ln s] of n normal values is about -1 / (2 (n - 1)), so the shorter estimate is low by this much on average.
    private const double SmallSampleBias = (1.0 / (2 * 19)) - (1.0 / (2 * 59));
    private const double Steady = 0.05;
    private const double DrawdownSessions = 250;
    private const double MedianOfHalfNormal = 0.6745;
    private const double RegimeScale = 0.04;
    private const double YearSessions = 252;
    private const double HighAnnualVolatility = 0.6;
    private const double BaseConfidence = 0.2;
    private const double VolatilityConfidence = 0.55;

    /// <inheritdoc/>
    public AnalystRole Role => AnalystRole.Risk;

    /// <inheritdoc/>
    public ValueTask<AnalystReport?> AnalyzeAsync(MarketSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyDictionary<string, double?> features = snapshot.Features;
        var evidence = new Evidence();
        AddVolatility(evidence, features);
        AddDrawdown(evidence, features);
        AddRegime(evidence, features);
        double score = Mildness * evidence.Score;
        return ValueTask.FromResult<AnalystReport?>(
            new AnalystReport
            {
                Role = Role,
                Score = score,
                Confidence = Confidence(features),
                Analysis = Analysis(score, features.GetValueOrDefault("volatility_20")),
                Reasoning = evidence.IsEmpty ? ["There are too few bars to estimate risk."] : evidence.Sentences(),
            }
        );
    }

    /// <inheritdoc/>
    public ValueTask<DebateTurn?> AnswerAsync(
        MarketSnapshot snapshot,
        AnalystReport own,
        IReadOnlyList<AnalystReport> others,
        int round,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult<DebateTurn?>(Rebuttal.Answer(own, others, round));

    private static void AddVolatility(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (
            features.GetValueOrDefault("volatility_20") is not ({ } now and > 0)
            || features.GetValueOrDefault("volatility_60") is not ({ } usual and > 0)
        )
        {
            evidence.Miss(VolatilityWeight);
            return;
        }

        double ratio = Math.Log(now / usual);
        evidence.Add(
            VolatilityWeight,
            -Math.Tanh((ratio + SmallSampleBias) / VolatilityRatioScale),
            $"Daily volatility is {Wording.Swing(now)} over 20 sessions against {Wording.Swing(usual)} over 60: risk is {Course(ratio)}."
        );
    }

    private static string Course(double logRatio) =>
        logRatio switch
        {
            > Steady => "rising",
            < -Steady => "easing",
            _ => "steady",
        };

    private static void AddDrawdown(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (
            features.GetValueOrDefault("drawdown_250") is not { } drawdown
            || features.GetValueOrDefault("volatility_60") is not ({ } daily and > 0)
        )
        {
            evidence.Miss(DrawdownWeight);
            return;
        }

        // The distance of a random walk below its running maximum is distributed as |N(0, T)| (Levy): half of the time more than
        // 0.6745 standard deviations. Measured from that median it speaks for and against equally often.
        double usual = MedianOfHalfNormal * daily * Math.Sqrt(DrawdownSessions);
        double multiple = Math.Abs(drawdown) / usual;
        evidence.Add(
            DrawdownWeight,
            Math.Tanh(1 - multiple),
            $"The price is {Wording.Percent(drawdown)} below its 250-day high, {Wording.Times(multiple)} the distance that its volatility explains."
        );
    }

    private static void AddRegime(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (features.GetValueOrDefault("benchmark_return_20") is not { } market)
        {
            evidence.Miss(RegimeWeight);
            return;
        }

        double? beta = features.GetValueOrDefault("beta_60");
        string exposure = beta is { } b ? $", to which the symbol has a beta of {Wording.Plain(b)}" : string.Empty;
        evidence.Add(
            RegimeWeight,
            Math.Tanh(market * (beta ?? 1) / RegimeScale),
            $"The market {Wording.Moved(market)} over 20 sessions{exposure}."
        );
    }

    private static double Confidence(IReadOnlyDictionary<string, double?> features)
    {
        if (features.GetValueOrDefault("volatility_20") is not { } daily)
        {
            return BaseConfidence / 2;
        }

        double annual = daily * Math.Sqrt(YearSessions);
        return BaseConfidence + (VolatilityConfidence * Math.Min(annual / HighAnnualVolatility, 1));
    }

    private static string Analysis(double score, double? daily)
    {
        string level = daily is { } d ? $"A day's typical swing is {Wording.Swing(d)}" : "The volatility is unknown";
        string advice =
            score <= -Wording.LeaningView ? "risk is above the usual and argues for less exposure"
            : score >= Wording.LeaningView ? "risk is below the usual and leaves room for a position"
            : "risk is about as usual";
        return $"{level}; {advice}.";
    }
}
