using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Tests.Rewards;

namespace Rlaif.Benchmarks;

/// <summary>A piece of work of the reward model that is worth timing.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Pairs">Pairs seen in one run, all epochs together; 0 for scoring.</param>
/// <param name="Repeats">Times that one run does the work.</param>
/// <param name="Prepare">Makes the data and returns the run.</param>
internal sealed record RewardWorkload(string Name, long Pairs, int Repeats, Func<Action> Prepare)
{
    private const int Epochs = 10;
    private const int StoppingContexts = 50;
    private const int Scored = 10_000;

    /// <summary>All workloads.</summary>
    public static IReadOnlyList<RewardWorkload> All { get; } =
    [
        Train(pairs: 1_000, batchSize: 16),
        Train(pairs: 6_000, batchSize: 64),
        Train(pairs: 100_000, batchSize: 256),
        new("score-1", 0, Scored, () => Score(1)),
        new("score-10000", 0, 1, () => Score(Scored)),
    ];

    private static RewardWorkload Train(int pairs, int batchSize) =>
        new($"train-{pairs}x{Epochs}", (long)pairs * Epochs, 1, () => PrepareTraining(pairs, batchSize));

    private static Action PrepareTraining(int pairs, int batchSize)
    {
        (PreferenceDataset train, PreferenceDataset stopping) = Data(pairs);
        var options = new TrainingOptions
        {
            BatchSize = batchSize,
            Epochs = Epochs,
            Patience = Epochs,
            Ensemble = 1,
        };
        var trainer = new RewardModelTrainer(null, new HashedTextEncoder(), options);
        return () => trainer.Train(train, stopping);
    }

    /// <summary>Scores 10,000 candidates whose embeddings are known, in one call or one by one.</summary>
    private static Action Score(int perCall)
    {
        const int TrainingPairs = 1_000;
        (PreferenceDataset train, PreferenceDataset stopping) = Data(TrainingPairs);
        var encoder = new CachedTextEncoder(new HashedTextEncoder());
        RewardModel model = new RewardModelTrainer(null, encoder, new TrainingOptions { Epochs = 1, Ensemble = 1 })
            .Train(train, stopping)
            .Model;
        (DecisionContext, Candidate)[] candidates =
        [
            .. Enumerable
                .Range(0, Scored)
                .Select(i => train.Candidates[i % train.Candidates.Count])
                .Select(c => (c.Context, c.Candidate)),
        ];
        (DecisionContext, Candidate)[][] calls = [.. candidates.Chunk(perCall)];
        return () => Array.ForEach(calls, call => model.ScoreAll(call));
    }

    private static (PreferenceDataset Train, PreferenceDataset Stopping) Data(int pairs)
    {
        // About six pairs come from a context of five candidates; the surplus is cut off.
        const int PairsPerContext = 5;
        var market = new PlantedPreferences { Features = 40 };
        int contexts = pairs / PairsPerContext;
        PreferenceDataset all = market.Create(0, contexts);
        IReadOnlyList<SettledCandidate> candidates = all.Candidates;
        return (
            new PreferenceDataset(candidates, all.Pairs.Take(pairs)),
            market.Create(contexts + 1, contexts + 1 + StoppingContexts)
        );
    }
}
