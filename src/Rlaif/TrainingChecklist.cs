using Rlaif.Rewards;

namespace Rlaif;

/// <summary>
/// Everything that a reader has to know to judge a training run, in one record: data, split, configuration, curves, figures, baselines, controls,
/// verdict. It is written beside the model, and shown as a page by <see cref="TrainingPage"/>.
/// </summary>
public sealed record TrainingChecklist
{
    /// <summary>Name of the version.</summary>
    public required string Version { get; init; }

    /// <summary>What there was to learn from.</summary>
    public required TrainingDataSummary Data { get; init; }

    /// <summary>Which decisions were used for what.</summary>
    public required SplitNumbers Split { get; init; }

    /// <summary>Everything else that determines the run.</summary>
    public required TrainingSetup Config { get; init; }

    /// <summary>The epochs of every member, the best ones and why training stopped.</summary>
    public required TrainingReport Training { get; init; }

    /// <summary>The figures on decisions that nothing was fitted to.</summary>
    public required ValidationFigures Validation { get; init; }

    /// <summary>Mean reward of the training candidates, to normalize rewards with.</summary>
    public required double RewardMean { get; init; }

    /// <summary>Standard deviation of their rewards.</summary>
    public required double RewardDeviation { get; init; }

    /// <summary>What the interval of the accuracy allows to say.</summary>
    public required string Verdict { get; init; }

    /// <summary>The criteria of the promotion gate with their numbers; null when the gate was not asked.</summary>
    public required IReadOnlyList<PromotionCriterion>? Gate { get; init; }

    /// <summary>Collects the checklist of a training run.</summary>
    /// <param name="learned">The model and the evidence for it.</param>
    /// <param name="version">Its name.</param>
    /// <param name="gate">What the promotion gate says of it; null when it was not asked.</param>
    public static TrainingChecklist Of(LearnedModel learned, string version, IReadOnlyList<PromotionCriterion>? gate = null)
    {
        ArgumentNullException.ThrowIfNull(learned);
        return new TrainingChecklist
        {
            Version = version,
            Data = learned.Data,
            Split = SplitNumbers.Of(learned),
            Config = TrainingSetup.Of(learned),
            Training = learned.Training,
            Validation = ValidationFigures.Of(learned),
            RewardMean = learned.Model.Metadata.RewardMean,
            RewardDeviation = learned.Model.Metadata.RewardDeviation,
            Verdict = learned.Verdict,
            Gate = gate,
        };
    }
}
