namespace Rlaif.Rewards;

/// <summary>One pass over the training pairs.</summary>
public sealed record EpochReport
{
    /// <summary>Number of the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>
    /// Mean loss of the training pairs by the objective, its margins, smoothing and weights, during the epoch, with dropout and without centring; for
    /// the plain objectives ln 2 = 0.693 is a coin toss.
    /// </summary>
    public required double TrainLoss { get; init; }

    /// <summary>Fraction of the training pairs whose chosen side had the higher reward during the epoch, with dropout, unweighted; an equal one counts half.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>Mean reward of the chosen side minus that of the rejected one, over the training pairs during the epoch, with dropout, unweighted.</summary>
    public required double TrainMargin { get; init; }

    /// <summary>
    /// Mean log-loss of the stopping pairs after the epoch, weighted as in training but always the plain pairwise one, so that runs of any objective
    /// compare; ln 2 = 0.693 is a coin toss. Null without stopping pairs.
    /// </summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>Fraction of the stopping pairs that the model ranks as they turned out, unweighted; an equal score counts half. Null without stopping pairs.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Mean reward of the chosen side minus that of the rejected one, over the stopping pairs after the epoch, unweighted. Null without stopping pairs.</summary>
    public required double? ValidationMargin { get; init; }

    /// <summary>Learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Mean norm of the steps' gradients before clipping.</summary>
    public required double GradientNorm { get; init; }
}
