namespace Rlaif.Rewards.Training;

/// <summary>The learning rate of the next epoch, given the validation losses so far.</summary>
internal sealed class PlateauSchedule(double learningRate, LearningRateSchedule schedule)
{
    private const double Factor = 0.5;
    private const int PatienceEpochs = 2;

    private double _best = double.PositiveInfinity;
    private int _epochsWithoutBest;

    /// <summary>The rate to use now.</summary>
    public double LearningRate { get; private set; } = learningRate;

    /// <summary>Takes in the loss of the epoch that ended.</summary>
    public void EpochEnded(double validationLoss)
    {
        if (validationLoss < _best)
        {
            _best = validationLoss;
            _epochsWithoutBest = 0;
        }
        else if (++_epochsWithoutBest >= PatienceEpochs && schedule == LearningRateSchedule.Plateau)
        {
            LearningRate *= Factor;
            _epochsWithoutBest = 0;
        }
    }
}
