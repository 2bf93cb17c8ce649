using Rlaif.Preferences;
using Rlaif.Rewards.Features;

namespace Rlaif.Rewards.Training;

/// <summary>What a checkpoint says of itself: where it comes from, how far its rewards reach, and what is usual for it.</summary>
internal static class ModelDescription
{
    private const double UsualShare = 0.99;

    /// <summary>Describes a trained ensemble.</summary>
    /// <param name="train">Training data, with the ensemble's estimates of its candidates.</param>
    /// <param name="stopping">Stopping data, with the same; may be empty.</param>
    /// <param name="features">The fitted inputs.</param>
    /// <param name="model">The shape that was asked for.</param>
    /// <param name="training">How it was trained.</param>
    /// <param name="report">What happened.</param>
    public static RewardModelMetadata Of(
        (PreferenceDataset Data, RewardEstimate[] Estimates) train,
        (PreferenceDataset Data, RewardEstimate[] Estimates) stopping,
        FeatureBuilder features,
        RewardModelOptions model,
        TrainingOptions training,
        TrainingReport report
    )
    {
        double mean = train.Estimates.Average(e => e.Reward);
        double[] margins = Margins(stopping);
        // Members disagree more on what they have not seen: where there is such a side, it says what is usual.
        RewardEstimate[] unseen = stopping.Estimates.Length > 0 ? stopping.Estimates : train.Estimates;
        PreferencePair[] pairs = [.. train.Data.Pairs, .. stopping.Data.Pairs];
        return new RewardModelMetadata
        {
            LibraryVersion = typeof(ModelDescription).Assembly.GetName().Version?.ToString() ?? "unknown",
            DataHash = DataHash.Of(train.Data, stopping.Data),
            KnownUntil = pairs.Max(p => p.KnownAt),
            Model = model,
            Training = training with { Threads = 0 },
            BestEpochs = [.. report.Members.Select(m => m.BestEpoch)],
            ValidationLoss = margins.Length == 0 ? null : margins.Average(m => BradleyTerryLoss.NegativeLogSigmoid(m)),
            ValidationAccuracy = margins.Length == 0 ? null : margins.Average(Hit),
            RewardMean = mean,
            RewardDeviation = Math.Sqrt(train.Estimates.Average(e => (e.Reward - mean) * (e.Reward - mean))),
            Temperature =
                Temperature.FitCautiously(
                    margins,
                    [.. stopping.Data.Pairs.Select(p => stopping.Data.DateOf(p))],
                    stopping.Data.DatesPerWindow()
                ) ?? 1,
            UsualDeviation = Usual(unseen.Select(e => e.Deviation)),
            UsualDistance = Usual(
                train
                    .Data.Candidates.Select(c => c.Context)
                    .DistinctBy(c => c.ContextId, StringComparer.Ordinal)
                    .Select(features.DistanceOf)
            ),
        };
    }

    private static double[] Margins((PreferenceDataset Data, RewardEstimate[] Estimates) side) =>
        [
            .. side.Data.Pairs.Select(p =>
                side.Estimates[side.Data.IndexOf(p.ChosenId)].Reward - side.Estimates[side.Data.IndexOf(p.RejectedId)].Reward
            ),
        ];

    private static double Hit(double margin) =>
        margin > 0 ? 1
        : margin < 0 ? 0
        : 0.5;

    private static double Usual(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)Math.Ceiling(UsualShare * sorted.Length) - 1];
    }
}
