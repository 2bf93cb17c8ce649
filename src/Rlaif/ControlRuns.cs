using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Baselines;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>Trains and measures the <see cref="TrainingControls"/>.</summary>
internal static class ControlRuns
{
    // Long enough to learn what is plain, short enough to be run every time.
    private const int MostEpochs = 3;

    /// <summary>Runs both controls on the three sides of the training that they check.</summary>
    public static TrainingControls Run(
        LearningSides sides,
        IReadOnlyList<SettledCandidate> settled,
        LearningOptions options,
        CancellationToken cancellationToken
    )
    {
        DeterministicRandom random = new DeterministicRandom(options.Seed).Fork("controls");
        BootstrapOptions bootstrap = BootstrapOptions.ForPairs(sides.Validation) with { Level = TrainingControls.Level };
        return new TrainingControls
        {
            ShuffledLabels = Measure("shuffled_labels", Shuffled(sides, random), options, random, bootstrap, cancellationToken),
            FutureFeatures = Shifted(sides, settled) is { } shifted
                ? Measure("future_features", shifted, options, random, bootstrap, cancellationToken)
                : null,
        };
    }

    /// <summary>Every date's pairs turned by its coin.</summary>
    internal static LearningSides Shuffled(LearningSides sides, DeterministicRandom random)
    {
        DeterministicRandom coins = random.Fork("coins");
        return new LearningSides(
            DateCoins.Turn(sides.Train, coins),
            DateCoins.Turn(sides.Stopping, coins),
            DateCoins.Turn(sides.Validation, coins)
        );
    }

    /// <summary>Trains a short run on two sides and measures it on the third.</summary>
    internal static GroupAccuracy Measure(
        string name,
        LearningSides sides,
        LearningOptions options,
        DeterministicRandom random,
        BootstrapOptions bootstrap,
        CancellationToken cancellationToken
    )
    {
        TrainingOptions training = options.Training with
        {
            Seed = options.Seed,
            Threads = options.Threads,
            Ensemble = 1,
            Epochs = Math.Min(options.Training.Epochs, MostEpochs),
            ProcessWeight = 0,
        };
        RewardModel model = new RewardModelTrainer(options.Model, options.Encoder, training)
            .Train(sides.Train, sides.Stopping, cancellationToken: cancellationToken)
            .Model;
        double[] rewards = model.ScoreAll([.. sides.Validation.Candidates.Select(c => (c.Context, c.Candidate))]);
        var pairs = PairHits.Of(sides.Validation, rewards);
        return pairs.Of(name, Enumerable.Range(0, pairs.Hits.Length), random, bootstrap);
    }

    private static LearningSides? Shifted(LearningSides sides, IReadOnlyList<SettledCandidate> settled)
    {
        Dictionary<string, SettledCandidate> shifted = FutureFeatures
            .Shift(settled)
            .ToDictionary(s => s.Candidate.CandidateId, StringComparer.Ordinal);
        var all = new LearningSides(Of(sides.Train), Of(sides.Stopping), Of(sides.Validation));
        return all.Train.Pairs.Count > 0 && all.Validation.Pairs.Count > 0 ? all : null;

        PreferenceDataset Of(PreferenceDataset data) =>
            new(shifted.Values, data.Pairs.Where(p => shifted.ContainsKey(p.ChosenId) && shifted.ContainsKey(p.RejectedId)));
    }
}
