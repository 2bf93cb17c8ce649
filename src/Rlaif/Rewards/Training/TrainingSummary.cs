using Rlaif.Preferences;

namespace Rlaif.Rewards.Training;

/// <summary>Puts the accounts of the members together.</summary>
internal static class TrainingSummary
{
    public static TrainingReport Of(
        IReadOnlyList<MemberReport> members,
        PreferenceDataset train,
        PreferenceDataset stopping,
        int features,
        int parameters,
        TrainingOptions options
    )
    {
        EpochReport[] history = [.. Enumerable.Range(0, members.Min(m => m.History.Count)).Select(e => Mean(members, e))];
        return new TrainingReport
        {
            Members = members,
            History = history,
            BestEpoch = history[^1].ValidationLoss is null ? history.Length : history.MinBy(e => e.ValidationLoss)!.Epoch,
            StopReason = members.All(m => m.StopReason == StopReason.NoImprovement)
                ? StopReason.NoImprovement
                : StopReason.EpochsDone,
            TrainingPairs = train.Pairs.Count,
            ProcessPairs = train.Pairs.Count(ProcessPreferences.IsProcess),
            TrainingCandidates = train.Candidates.Count,
            TrainingContexts = train.Candidates.DistinctBy(c => c.Context.ContextId, StringComparer.Ordinal).Count(),
            StoppingPairs = stopping.Pairs.Count,
            StoppingCandidates = stopping.Candidates.Count,
            Features = features,
            Parameters = parameters,
            // The model does not depend on the number of threads, and neither may its description.
            Options = options with
            {
                Threads = 0,
            },
        };
    }

    private static EpochReport Mean(IReadOnlyList<MemberReport> members, int epoch)
    {
        return new EpochReport
        {
            Epoch = epoch + 1,
            TrainLoss = members.Average(m => m.History[epoch].TrainLoss),
            TrainAccuracy = members.Average(m => m.History[epoch].TrainAccuracy),
            TrainMargin = members.Average(m => m.History[epoch].TrainMargin),
            // Average is null only where every member has none.
            ValidationLoss = members.Average(m => m.History[epoch].ValidationLoss),
            ValidationAccuracy = members.Average(m => m.History[epoch].ValidationAccuracy),
            ValidationMargin = members.Average(m => m.History[epoch].ValidationMargin),
            LearningRate = members.Average(m => m.History[epoch].LearningRate),
            GradientNorm = members.Average(m => m.History[epoch].GradientNorm),
        };
    }
}
