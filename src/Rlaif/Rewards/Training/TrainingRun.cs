using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>The epochs of one training: shuffle, step through the pairs, look at the stopping set, stop in time, restore the best.</summary>
internal sealed class TrainingRun
{
    private readonly RewardNetwork _network;
    private readonly TrainingData _train;
    private readonly TrainingData? _stopping;
    private readonly TrainingOptions _options;
    private readonly DeterministicRandom _random;
    private readonly TrainingStep _step;
    private readonly BatchScorer _scorer;
    private readonly int[] _order;

    public TrainingRun(
        RewardNetwork network,
        TrainingData train,
        TrainingData? stopping,
        TrainingOptions options,
        double dropout,
        WorkTeam team,
        DeterministicRandom random
    )
    {
        _network = network;
        _train = train;
        _stopping = stopping;
        _options = options;
        _random = random;
        _step = new TrainingStep(network, train, options, dropout, team);
        _scorer = new BatchScorer(network, team);
        _order = [.. Enumerable.Range(0, train.Pairs.Length)];
    }

    public (IReadOnlyList<EpochReport> History, int BestEpoch, StopReason Reason) Execute(
        Action<int> epochDone,
        CancellationToken cancellationToken
    )
    {
        var history = new List<EpochReport>();
        var schedule = new PlateauSchedule(_options.LearningRate, _options.Schedule);
        float[] bestParameters = [.. _network.Parameters];
        int bestEpoch = 0;
        double bestLoss = double.PositiveInfinity;
        for (int epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            (double trainLoss, double gradientNorm) = RunEpoch(epoch, schedule.LearningRate, cancellationToken);
            (double Loss, double Accuracy)? validation = _stopping is null ? null : Validate(_stopping);
            // Without a set to stop by, every epoch that trained is the best so far and the plateau is that of the training loss.
            double loss = validation?.Loss ?? trainLoss;
            history.Add(
                new EpochReport
                {
                    Epoch = epoch,
                    TrainLoss = trainLoss,
                    ValidationLoss = validation?.Loss,
                    ValidationAccuracy = validation?.Accuracy,
                    LearningRate = schedule.LearningRate,
                    GradientNorm = gradientNorm,
                }
            );
            schedule.EpochEnded(loss);
            epochDone(epoch);
            if (loss < bestLoss || (validation is null && double.IsFinite(loss)))
            {
                (bestLoss, bestEpoch) = (loss, epoch);
                _network.Parameters.CopyTo(bestParameters, 0);
            }
            else if (epoch - bestEpoch >= _options.Patience)
            {
                break;
            }
        }

        if (bestEpoch == 0)
        {
            throw new RlaifInputException(
                $"Training diverged: the loss is not a number after {history.Count} epochs. Lower LearningRate ({_options.LearningRate})."
            );
        }

        bestParameters.CopyTo(_network.Parameters, 0);
        _network.PackAll();
        bool stopped = history.Count - bestEpoch >= _options.Patience;
        return (history, bestEpoch, stopped ? StopReason.NoImprovement : StopReason.EpochsDone);
    }

    private (double Loss, double GradientNorm) RunEpoch(int epoch, double learningRate, CancellationToken cancellationToken)
    {
        DeterministicRandom random = _random.Fork($"epoch/{epoch}");
        int pairsPerStep = _options.PairsPerStep(_order.Length);
        if (pairsPerStep < _order.Length)
        {
            random.Shuffle<int>(_order);
        }

        double loss = 0;
        double norm = 0;
        for (int start = 0; start < _order.Length; start += pairsPerStep)
        {
            ReadOnlySpan<int> batch = _order.AsSpan(start, Math.Min(pairsPerStep, _order.Length - start));
            loss += _step.Run(batch, learningRate, random.NextBits(), cancellationToken).Preference * batch.Length;
            norm += _step.GradientNorm * batch.Length;
        }

        return (loss / _order.Length, norm / _order.Length);
    }

    private (double Loss, double Accuracy) Validate(TrainingData stopping)
    {
        double[] scores = _scorer.Score(stopping);
        double loss = new BradleyTerryLoss().Evaluate(scores, stopping.Pairs, []).Preference;
        return (loss, stopping.Pairs.Average(p => Hit(scores[p.Chosen], scores[p.Rejected])));
    }

    private static double Hit(double chosen, double rejected) =>
        chosen > rejected ? 1
        : chosen < rejected ? 0
        : 0.5;
}
