using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>The epochs of one training: shuffle, step through the pairs, look at the stopping set, stop in time, restore the best.</summary>
internal sealed class TrainingRun
{
    /// <summary>Pairs after which a person wants to hear something: a second or two of work.</summary>
    private const int PairsPerPart = 65_536;

    private readonly RewardNetwork _network;
    private readonly TrainingData? _stopping;
    private readonly TrainingOptions _options;
    private readonly DeterministicRandom _random;
    private readonly TrainingStep _step;
    private readonly BatchScorer _scorer;
    private readonly int[] _order;
    private readonly int _pairsPerStep;
    private readonly int _stepsPerEpoch;
    private readonly LearningRatePlan _plan;
    private double _learningRate;

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
        _stopping = stopping;
        _options = options;
        _random = random;
        _step = new TrainingStep(network, train, options, dropout, team);
        _scorer = new BatchScorer(network, team);
        _order = [.. Enumerable.Range(0, train.Pairs.Length)];
        _pairsPerStep = options.PairsPerStep(_order.Length);
        _stepsPerEpoch = (_order.Length + _pairsPerStep - 1) / _pairsPerStep;
        _plan = new LearningRatePlan(options, _stepsPerEpoch);
    }

    /// <summary>Parts of an epoch over these many pairs, after each of which progress is told: one, or more where silence would be long.</summary>
    public static int PartsPerEpoch(int pairs) => Math.Max(1, pairs / PairsPerPart);

    /// <summary>Trains.</summary>
    /// <param name="parts">Parts of an epoch.</param>
    /// <param name="partDone">Told after every part.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public (IReadOnlyList<EpochReport> History, int BestEpoch, StopReason Reason) Execute(
        int parts,
        Action partDone,
        CancellationToken cancellationToken
    )
    {
        var history = new List<EpochReport>();
        float[] bestParameters = [.. _network.Parameters];
        int bestEpoch = 0;
        double bestLoss = double.PositiveInfinity;
        for (int epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            EpochReport report = Report(epoch, RunEpoch(epoch, parts, partDone, cancellationToken));
            history.Add(report);
            // Without a set to stop by, every epoch that trained is the best so far and the plateau is that of the training loss.
            double loss = report.ValidationLoss ?? report.TrainLoss;
            _plan.EpochEnded(loss);
            if (loss < bestLoss || (report.ValidationLoss is null && double.IsFinite(loss)))
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

    private (PairLoss Mean, double GradientNorm) RunEpoch(
        int epoch,
        int parts,
        Action partDone,
        CancellationToken cancellationToken
    )
    {
        DeterministicRandom random = _random.Fork($"epoch/{epoch}");
        if (_pairsPerStep < _order.Length)
        {
            random.Shuffle<int>(_order);
        }

        var sum = default(PairLoss);
        double norm = 0;
        int told = 0;
        for (int step = 0; step < _stepsPerEpoch; step++)
        {
            int start = step * _pairsPerStep;
            ReadOnlySpan<int> batch = _order.AsSpan(start, Math.Min(_pairsPerStep, _order.Length - start));
            _learningRate = _plan.Rate(((long)(epoch - 1) * _stepsPerEpoch) + step);
            sum += _step.Run(batch, _learningRate, random.NextBits(), cancellationToken) * batch.Length;
            norm += _step.GradientNorm * batch.Length;
            for (; told < (step + 1L) * parts / _stepsPerEpoch; told++)
            {
                partDone();
            }
        }

        return (sum * (1.0 / _order.Length), norm / _order.Length);
    }

    private EpochReport Report(int epoch, (PairLoss Mean, double GradientNorm) trained)
    {
        PairLoss? validation = _stopping is null
            ? null
            : new BradleyTerryLoss().Evaluate(_scorer.Score(_stopping), _stopping.Pairs, []);
        return new EpochReport
        {
            Epoch = epoch,
            TrainLoss = trained.Mean.Preference,
            TrainAccuracy = trained.Mean.Accuracy,
            TrainMargin = trained.Mean.Margin,
            ValidationLoss = validation?.Preference,
            ValidationAccuracy = validation?.Accuracy,
            ValidationMargin = validation?.Margin,
            LearningRate = _learningRate,
            GradientNorm = trained.GradientNorm,
        };
    }
}
