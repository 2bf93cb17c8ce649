namespace Rlaif.Rewards;

/// <summary>One pass over the training pairs.</summary>
public sealed record EpochReport
{
    /// <summary>Number of the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean log-loss of the training pairs during the epoch, with dropout and weights; ln 2 = 0.693 is a coin toss.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>Mean log-loss of the stopping pairs after the epoch, weighted as in training; ln 2 = 0.693 is a coin toss. Null without stopping pairs.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>Fraction of the stopping pairs that the model ranks as they turned out, unweighted; an equal score counts half. Null without stopping pairs.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Learning rate of the epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Mean norm of the steps' gradients before clipping.</summary>
    public required double GradientNorm { get; init; }
}
