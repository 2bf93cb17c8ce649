using System.Runtime.ExceptionServices;
using Rlaif.Preferences;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>Trains the members of an ensemble side by side. Each has its own seed, dates and network, so their order and number of threads change nothing.</summary>
internal sealed class EnsembleTraining
{
    private const int MostDraws = 100;

    private readonly PreferenceDataset _data;
    private readonly TrainingData _train;
    private readonly TrainingData? _stopping;
    private readonly NetworkArchitecture _architecture;
    private readonly RewardModelOptions _model;
    private readonly TrainingOptions _options;
    private readonly Lock _gate = new();
    private int _epochsDone;

    public EnsembleTraining(
        PreferenceDataset data,
        TrainingData train,
        TrainingData? stopping,
        NetworkArchitecture architecture,
        RewardModelOptions model,
        TrainingOptions options
    )
    {
        _data = data;
        _train = train;
        _stopping = stopping;
        _architecture = architecture;
        _model = model;
        _options = options;
    }

    /// <summary>Trains all members.</summary>
    /// <param name="epochDone">Told how many epochs of all members together are done.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public IReadOnlyList<(RewardMember Member, MemberReport Report)> Execute(
        Action<int> epochDone,
        CancellationToken cancellationToken
    )
    {
        int threads = new WorkTeam(_options.Threads).Threads;
        int atOnce = Math.Min(threads, _options.Ensemble);
        var results = new (RewardMember, MemberReport)[_options.Ensemble];
        try
        {
            new WorkTeam(atOnce).Run(
                results.Length,
                member => results[member] = TrainMember(member, new WorkTeam(threads / atOnce), EpochDone, cancellationToken)
            );
        }
        catch (AggregateException e)
        {
            // What stopped one member stopped the training: tell that, not that it happened on some thread.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return results;

        void EpochDone()
        {
            lock (_gate)
            {
                epochDone(++_epochsDone);
            }
        }
    }

    private (RewardMember Member, MemberReport Report) TrainMember(
        int member,
        WorkTeam team,
        Action epochDone,
        CancellationToken cancellationToken
    )
    {
        var seed = new DeterministicRandom(_options.Seed);
        DeterministicRandom random = _options.Ensemble == 1 ? seed : seed.Fork($"member/{member}");
        (ScoredPair[] pairs, int dates) = PairsOf(random);
        var network = RewardNetwork.Create(_architecture, random.Fork("weights"));
        var run = new TrainingRun(network, _train.With(pairs), _stopping, _options, _model.Dropout, team, random);
        (IReadOnlyList<EpochReport> history, int best, StopReason reason) = run.Execute(_ => epochDone(), cancellationToken);
        double[] scores = new BatchScorer(network, team).Score(_train);
        double mean = scores.Average();
        double deviation = Math.Sqrt(scores.Average(s => (s - mean) * (s - mean)));
        var report = new MemberReport
        {
            TrainingPairs = pairs.Length,
            TrainingDates = dates,
            History = history,
            BestEpoch = best,
            StopReason = reason,
        };
        return (new RewardMember(network, mean, deviation), report);
    }

    // With a handful of dates a draw may miss every pair: draw again, as a bootstrap of so few dates has to.
    private (ScoredPair[] Pairs, int Dates) PairsOf(DeterministicRandom random)
    {
        if (_options.Ensemble == 1)
        {
            return (_train.Pairs, _data.Candidates.DistinctBy(c => c.Context.Date).Count());
        }

        for (int draw = 0; draw < MostDraws; draw++)
        {
            (ScoredPair[] pairs, int dates) = DateBootstrap.Draw(_data, _train.Pairs, random.Fork($"dates/{draw}"));
            if (pairs.Length > 0)
            {
                return (pairs, dates);
            }
        }

        throw new NotEnoughDataException(
            $"{_train.Pairs.Length} pairs across too few dates to draw an ensemble from; train a single model (Ensemble = 1)."
        );
    }
}
