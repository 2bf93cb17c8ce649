namespace Rlaif.Rewards.Training;

/// <summary>The learning rate of every step: a linear warm-up, then the schedule, which may look at the validation losses so far.</summary>
internal sealed class LearningRatePlan
{
    private const double PlateauFactor = 0.5;
    private const int PlateauEpochs = 2;

    private readonly TrainingOptions _options;
    private readonly long _steps;
    private readonly long _warmup;
    private double _plateau = 1;
    private double _best = double.PositiveInfinity;
    private int _epochsWithoutBest;

    public LearningRatePlan(TrainingOptions options, int stepsPerEpoch)
    {
        _options = options;
        _steps = (long)options.Epochs * stepsPerEpoch;
        _warmup = (long)Math.Round(options.WarmupFraction * _steps);
    }

    /// <summary>
    /// The rate of a step, counted from 0 over all epochs. Of w warm-up steps the first has 1/(w + 1) of the full rate, the one after the
    /// last has all of it.
    /// </summary>
    public double Rate(long step)
    {
        if (step < _warmup)
        {
            return _options.LearningRate * _plateau * (step + 1) / (_warmup + 1);
        }

        double cosine =
            _options.Schedule == LearningRateSchedule.Cosine
                ? (1 + Math.Cos(Math.PI * (step - _warmup) / (_steps - _warmup))) / 2
                : 1;
        return _options.LearningRate * _plateau * cosine;
    }

    /// <summary>Takes in the loss of the epoch that ended.</summary>
    public void EpochEnded(double validationLoss)
    {
        if (validationLoss < _best)
        {
            _best = validationLoss;
            _epochsWithoutBest = 0;
        }
        else if (++_epochsWithoutBest >= PlateauEpochs && _options.Schedule == LearningRateSchedule.Plateau)
        {
            _plateau *= PlateauFactor;
            _epochsWithoutBest = 0;
        }
    }
}
