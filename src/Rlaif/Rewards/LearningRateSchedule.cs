namespace Rlaif.Rewards;

/// <summary>How the learning rate changes between epochs.</summary>
public enum LearningRateSchedule
{
    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>It is halved when two epochs in a row brought no better validation log-loss.</summary>
    Plateau,
}
