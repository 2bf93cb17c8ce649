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
    private int _partsDone;

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
    /// <param name="parts">Parts of an epoch, for the sake of progress.</param>
    /// <param name="partDone">Told how many parts of epochs of all members together are done.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public IReadOnlyList<(RewardMember Member, MemberReport Report)> Execute(
        int parts,
        Action<int> partDone,
        CancellationToken cancellationToken
    )
    {
        int threads = WorkTeam.ThreadsOf(_options.Threads);
        int atOnce = Math.Min(threads, _options.Ensemble);
        var results = new (RewardMember, MemberReport)[_options.Ensemble];
        using var members = new WorkTeam(atOnce);
        members.Run(
            results.Length,
            member =>
            {
                // What does not divide evenly goes to the first members.
                int spare = member < threads % atOnce ? 1 : 0;
                using var team = new WorkTeam((threads / atOnce) + spare);
                results[member] = TrainMember(member, team, parts, PartDone, cancellationToken);
            }
        );
        return results;

        void PartDone()
        {
            lock (_gate)
            {
                partDone(++_partsDone);
            }
        }
    }

    private (RewardMember Member, MemberReport Report) TrainMember(
        int member,
        WorkTeam team,
        int parts,
        Action partDone,
        CancellationToken cancellationToken
    )
    {
        var seed = new DeterministicRandom(_options.Seed);
        DeterministicRandom random = _options.Ensemble == 1 ? seed : seed.Fork($"member/{member}");
        (ScoredPair[] pairs, int dates) = PairsOf(random);
        var network = RewardNetwork.Create(_architecture, random.Fork("weights"));
        var run = new TrainingRun(network, _train.With(pairs), _stopping, _options, _model.Dropout, team, random);
        (IReadOnlyList<EpochReport> history, int best, StopReason reason) = run.Execute(parts, partDone, cancellationToken);
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
