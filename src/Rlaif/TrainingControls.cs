using Rlaif.Validation;

namespace Rlaif;

/// <summary>
/// Two runs of the same training, one network and few epochs each, whose results are known beforehand: a check of the machinery, not of the model.
/// </summary>
public sealed record TrainingControls
{
    /// <summary>Level of the intervals: one honest run in a hundred raises the alarm.</summary>
    public const double Level = 0.99;

    /// <summary>
    /// Labels turned by a fair coin per decision date, on all sides: nothing can be learnt, so the accuracy on validation pairs that are turned alike is
    /// half. More means that training has seen the validation labels, or that the measure favours the chosen side.
    /// </summary>
    public required GroupAccuracy ShuffledLabels { get; init; }

    /// <summary>
    /// True labels, but each context has the market features of its symbol's first decision after the exit: what features that know the future
    /// are worth. Half where features do not describe recent prices. Null when no pair has such later decisions.
    /// </summary>
    public required GroupAccuracy? FutureFeatures { get; init; }

    /// <summary>Whether the run on shuffled labels is at chance, as it has to be; null when there are too few dates to say.</summary>
    public bool? IsAtChance => ShuffledLabels.Interval?.Contains(RewardLearning.Chance);
}
