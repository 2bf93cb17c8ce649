using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Decisions.RuleBased;

/// <summary>
/// Reads prices: follows trend and momentum, scaled by what volatility explains, and turns against moves that oscillators call
/// overdone. Volume does not point anywhere; it only makes the analyst more or less sure.
/// </summary>
public sealed class TechnicalAnalyst : IAnalyst
{
    private const double MomentumWeight = 0.35;
    private const double MonthShare = 0.6;
    private const double AverageWeight = 0.2;
    private const double MacdWeight = 0.15;
    private const double MacdScale = 0.4;
    private const double RsiWeight = 0.2;
    private const double BandWeight = 0.1;
    private const double NormalAdx = 25;
    private const double WeakAdx = 20;
    private const double MinTrendFactor = 0.5;
    private const double MaxTrendFactor = 1.5;
    private const double RsiNormal = 15;
    private const double RsiExtreme = 20;
    private const double BandExtreme = 0.25;
    private const double BusyVolume = 1.2;
    private const double ThinVolume = 0.8;
    private const double BusyConfidence = 1.1;
    private const double ThinConfidence = 0.85;

    /// <inheritdoc/>
    public AnalystRole Role => AnalystRole.Technical;

    /// <inheritdoc/>
    public ValueTask<AnalystReport?> AnalyzeAsync(MarketSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyDictionary<string, double?> features = snapshot.Features;
        var evidence = new Evidence();
        AddTrend(evidence, snapshot.Symbol, features);
        double trend = evidence.Score;
        AddMacd(evidence, features);
        AddRsi(evidence, features);
        AddBands(evidence, features);
        double confidence = evidence.Confidence * VolumeFactor(evidence, features);
        return ValueTask.FromResult<AnalystReport?>(
            new AnalystReport
            {
                Role = Role,
                Score = evidence.Score,
                Confidence = Math.Clamp(confidence, 0, 1),
                Analysis = Analysis(evidence, trend),
                Reasoning = evidence.IsEmpty ? ["There are too few bars for any indicator."] : evidence.Sentences(),
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

    private static void AddTrend(Evidence evidence, string symbol, IReadOnlyDictionary<string, double?> features)
    {
        double factor = TrendFactor(evidence, features);
        if (features.GetValueOrDefault("momentum_20") is { } swing && features.GetValueOrDefault("return_20") is { } month)
        {
            double slow = features.GetValueOrDefault("momentum_60") ?? swing;
            string longer = features.GetValueOrDefault("return_60") is { } quarter
                ? $" and {Wording.Moved(quarter)} over 60"
                : string.Empty;
            evidence.Add(
                MomentumWeight * factor,
                Math.Tanh((MonthShare * swing) + ((1 - MonthShare) * slow)),
                $"{symbol} {Wording.Moved(month)} over 20 sessions{longer}; the 20-session move is {Wording.Times(Math.Abs(swing))} its usual size."
            );
        }
        else
        {
            evidence.Miss(MomentumWeight);
        }

        AddAverages(evidence, features, factor);
    }

    private static void AddAverages(Evidence evidence, IReadOnlyDictionary<string, double?> features, double factor)
    {
        double? volatility = features.GetValueOrDefault("volatility_60") ?? features.GetValueOrDefault("volatility_20");
        if (volatility is not > 0 || features.GetValueOrDefault("distance_sma_50") is not { } fast)
        {
            evidence.Miss(AverageWeight);
            return;
        }

        // The distance of a random walk from its n-session average has a standard deviation of about volatility * sqrt(n / 3).
        double direction = fast / (volatility.Value * Math.Sqrt(50.0 / 3));
        string longer = string.Empty;
        if (features.GetValueOrDefault("distance_sma_200") is { } slow)
        {
            direction = (direction + (slow / (volatility.Value * Math.Sqrt(200.0 / 3)))) / 2;
            longer = $" and {Wording.Distance(slow)} its 200-day average";
        }

        evidence.Add(
            AverageWeight * factor,
            Math.Tanh(direction),
            $"The close is {Wording.Distance(fast)} its 50-day average{longer}."
        );
    }

    private static double TrendFactor(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (features.GetValueOrDefault("adx_14") is not { } adx)
        {
            return 1;
        }

        string reading =
            adx >= NormalAdx ? "the trend is strong enough to follow"
            : adx >= WeakAdx ? "the trend is moderate"
            : "there is hardly a trend to follow";
        evidence.Remark($"ADX(14) is {adx:0}: {reading}.");
        return Math.Clamp(adx / NormalAdx, MinTrendFactor, MaxTrendFactor);
    }

    private static void AddMacd(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (
            features.GetValueOrDefault("macd_histogram") is not { } histogram
            || features.GetValueOrDefault("volatility_20") is not ({ } daily and > 0)
        )
        {
            evidence.Miss(MacdWeight);
            return;
        }

        evidence.Add(
            MacdWeight,
            Math.Tanh(histogram / (MacdScale * daily)),
            $"The MACD histogram is {Wording.Signed(histogram * 100)}% of the price: momentum is building {(histogram < 0 ? "downward" : "upward")}."
        );
    }

    // Oscillators speak only at their extremes; in between they say nothing that the trend does not.
    private static void AddRsi(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (features.GetValueOrDefault("rsi_14") is not { } rsi)
        {
            evidence.Miss(RsiWeight);
            return;
        }

        double excess = rsi - 50;
        double beyond = Math.Max(Math.Abs(excess) - RsiNormal, 0) / RsiExtreme;
        string reading =
            beyond <= 0 ? "neither overbought nor oversold"
            : excess > 0 ? "overbought, a pause would be normal"
            : "oversold, a rebound would be normal";
        evidence.Add(RsiWeight, -Math.Sign(excess) * beyond, $"RSI(14) is {rsi:0}, {reading}.");
    }

    private static void AddBands(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (features.GetValueOrDefault("bollinger_percent_b") is not { } percentB)
        {
            evidence.Miss(BandWeight);
            return;
        }

        double beyond = percentB > 1 ? percentB - 1 : Math.Min(percentB, 0);
        string place =
            beyond > 0 ? "above its upper Bollinger band"
            : beyond < 0 ? "below its lower Bollinger band"
            : "inside its Bollinger bands";
        evidence.Add(BandWeight, -beyond / BandExtreme, $"The close is {place} (%b {Wording.Plain(percentB)}).");
    }

    private static double VolumeFactor(Evidence evidence, IReadOnlyDictionary<string, double?> features)
    {
        if (features.GetValueOrDefault("volume_ratio_5_60") is not { } logRatio)
        {
            return 1;
        }

        double ratio = Math.Exp(logRatio);
        (double factor, string reading) = ratio switch
        {
            >= BusyVolume => (BusyConfidence, "which lends the move weight"),
            <= ThinVolume => (ThinConfidence, "too thin to trust the move fully"),
            _ => (1, "about normal"),
        };
        evidence.Remark($"Volume over 5 sessions is {Wording.Plain(ratio)} times its 60-session average, {reading}.");
        return factor;
    }

    private static string Analysis(Evidence evidence, double trend)
    {
        if (evidence.IsEmpty)
        {
            return "The history is too short for a technical view.";
        }

        string tension =
            Math.Abs(trend - evidence.Score) < 0.15 ? "trend and oscillators do not contradict each other"
            : Math.Sign(trend) * (trend - evidence.Score) > 0 ? "oscillators and short-term momentum temper the trend"
            : "short-term momentum adds to the trend";
        return $"The tape is {Wording.View(evidence.Score)}: {tension}.";
    }
}
