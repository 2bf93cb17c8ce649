using MathNet.Numerics.Distributions;
using Rlaif.Decisions;
using Rlaif.Rewards;
using Rlaif.Rewards.Features;

namespace Rlaif.Validation;

/// <summary>
/// Whether the market features of recent contexts still lie where they lay in training. A fixed line such as 0.2 would fire on noise: features
/// wander, symbols of one date share them, and there are dozens. So the recent stretch is compared with stretches of the same length inside the
/// training time, each against the rest of it. Drift as a whole is found when the mean ratio of the features' indices to their usual
/// size is above what those stretches allow (one-sided 99% prediction limit, Student's t); only then features are named, the most moved first, until the rest would be no drift.
/// </summary>
public sealed record DriftReport
{
    private const double Level = 0.99;
    private const double FamilyError = 0.05;

    // With fewer, little can be said about what is usual.
    private const int FewestStretches = 4;

    // Overlapping stretches carry about half as much again as separate ones (Welch's method with half overlap).
    private const double OverlapGain = 1.5;

    /// <summary>Recent contexts: the latest within a quarter of the training time, so that it holds four such stretches.</summary>
    public required int Contexts { get; init; }

    /// <summary>Contexts of the training side.</summary>
    public required int TrainingContexts { get; init; }

    /// <summary>Every feature, the one that moved most above its noise first.</summary>
    public required IReadOnlyList<FeatureDrift> Features { get; init; }

    /// <summary>Mean over the features of the index divided by its mean over the training stretches; about 1 when nothing moved.</summary>
    public required double Ratio { get; init; }

    /// <summary>What the ratio stays below when nothing moved; null when the training decisions were too few to tell.</summary>
    public required double? RatioLimit { get; init; }

    /// <summary>Whether the features moved more than they do by themselves.</summary>
    public bool IsBeyondNoise => Features.Any(f => f.IsBeyondNoise);

    /// <summary>Compares recent contexts with the training of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="contexts">Contexts after its training, at least one.</param>
    /// <returns>Null when the model was stored without the distribution of its training features, or has none.</returns>
    public static DriftReport? Measure(RewardModel model, IReadOnlyList<DecisionContext> contexts)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(contexts);
        return model.Features.Scaler.Reference is { } reference && contexts.Count > 0 ? Measure(reference, contexts) : null;
    }

    internal static DriftReport? Measure(FeatureReference reference, IReadOnlyList<DecisionContext> contexts)
    {
        if (reference.Stretches == 0)
        {
            return null;
        }

        int last = contexts.Max(c => c.Date).DayNumber;
        int days = Math.Max(1, reference.Stretches / FewestStretches) * reference.StretchDays;
        contexts = [.. contexts.Where(c => c.Date.DayNumber > last - days)];
        int length = StretchesOf(reference, contexts);
        FeatureMeasure[] measures =
        [
            .. Enumerable.Range(0, reference.Names.Count).Select(i => FeatureMeasure.Of(reference, i, contexts, length)),
        ];
        measures = [.. measures.Where(m => m.Bins > 1)];
        if (measures.Length == 0)
        {
            return null;
        }

        double ratio = measures.Average(m => m.Ratio(m.Psi));
        double? limit = Limit(measures, (double)reference.Stretches / length);
        return new DriftReport
        {
            Contexts = contexts.Count,
            TrainingContexts = measures[0].TrainingContexts,
            Features = Name(measures, limit),
            Ratio = ratio,
            RatioLimit = limit,
        };
    }

    // The features that moved most are named until the rest of them would be no drift.
    private static List<FeatureDrift> Name(FeatureMeasure[] measures, double? limit)
    {
        double error = FamilyError / measures.Length;
        var ordered = measures
            .Select(m => (Measure: m, Noise: Math.Max(m.SamplingNoise(error), m.Usual.DefaultIfEmpty().Max())))
            .OrderByDescending(m => m.Measure.Psi / m.Noise)
            .ThenBy(m => m.Measure.Name, StringComparer.Ordinal)
            .ToArray();
        double rest = measures.Sum(m => m.Ratio(m.Psi));
        var features = new List<FeatureDrift>(ordered.Length);
        foreach ((FeatureMeasure measure, double noise) in ordered)
        {
            bool isBeyond = rest / (ordered.Length - features.Count) > limit && measure.Psi > noise;
            features.Add(new FeatureDrift(measure.Name, measure.Psi, noise, isBeyond));
            rest -= measure.Ratio(measure.Psi);
        }

        return features;
    }

    private static int StretchesOf(FeatureReference reference, IReadOnlyList<DecisionContext> contexts)
    {
        int days = contexts.Max(c => c.Date).DayNumber - contexts.Min(c => c.Date).DayNumber + 1;
        return Math.Clamp((int)Math.Round((double)days / reference.StretchDays), 1, reference.Stretches);
    }

    // The limit for one more stretch beside those that were seen.
    private static double? Limit(FeatureMeasure[] measures, double separate)
    {
        if (separate < FewestStretches || measures[0].Usual.Length == 0)
        {
            return null;
        }

        double[] usual =
        [
            .. Enumerable.Range(0, measures[0].Usual.Length).Select(i => measures.Average(m => m.Ratio(m.Usual[i]))),
        ];
        double freedom = OverlapGain * (separate - 1);
        double spread = ReturnStatistics.StandardDeviation(usual) ?? 0;
        return usual.Average() + (StudentT.InvCDF(0, 1, freedom, Level) * spread * Math.Sqrt(1 + (1 / separate)));
    }
}
