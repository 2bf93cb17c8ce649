using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>A trained reward model and the evidence for it, measured on decisions later than all it was fitted to.</summary>
public sealed record LearnedModel
{
    /// <summary>An accuracy above this is more than real five-day returns carry (about 0.52): on real prices it points to a leak.</summary>
    public const double LeakageAlarm = 0.65;

    /// <summary>The model.</summary>
    public required RewardModel Model { get; init; }

    /// <summary>How training went, epoch by epoch.</summary>
    public required TrainingReport Training { get; init; }

    /// <summary>Which decisions were used for what.</summary>
    public required PurgedSplit Split { get; init; }

    /// <summary>Pairs left out of training because their candidates are on different sides, or were purged or embargoed.</summary>
    public required int PairsLeftOut { get; init; }

    /// <summary>How well rewards order the validation pairs; formed without a margin, so that none is filtered away.</summary>
    public required PairwiseAccuracy Validation { get; init; }

    /// <summary>Accuracy on the same pairs of simple scores that need no training, by name; 0.5 is a coin.</summary>
    public required IReadOnlyDictionary<string, double> Baselines { get; init; }

    /// <summary>What choosing by reward loses against the best candidate of each validation context; null when no context has two candidates.</summary>
    public required BestOfKRegret? Regret { get; init; }

    /// <summary>
    /// Accuracy on the same pairs of someone who knew the true expectations; null where only the market knows them, that is, on all but
    /// simulated markets.
    /// </summary>
    public required double? AttainableAccuracy { get; init; }

    /// <summary><c>better than chance</c>, <c>not enough evidence</c> or <c>worse than chance</c>, by the interval of the accuracy.</summary>
    public string Verdict =>
        Validation.Interval switch
        {
            { Lower: > RewardLearning.Chance } => "better than chance",
            { Upper: < RewardLearning.Chance } => "worse than chance",
            _ => "not enough evidence",
        };
}
