namespace Rlaif.Rewards;

/// <summary>How the learning rate changes after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>It is halved when two epochs in a row brought no better validation log-loss.</summary>
    Plateau,

    /// <summary>
    /// It falls along half a cosine from step to step, and would reach 0 after the last epoch (Loshchilov and Hutter, 2017, eq. 5, without
    /// restarts). Training that stops early has not seen its low end.
    /// </summary>
    Cosine,
}
