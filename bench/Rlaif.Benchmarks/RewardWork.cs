using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;
using Rlaif.Tests.Rewards;

namespace Rlaif.Benchmarks;

/// <summary>What the workloads do.</summary>
internal static class RewardWork
{
    private const int StoppingContexts = 50;
    private const int MostTexts = 200_000;

    /// <summary>A whole training as a user starts it, from preference pairs to a model.</summary>
    public static Action Train(int pairs, int batchSize, int epochs)
    {
        (PreferenceDataset train, PreferenceDataset stopping) = Data(pairs);
        var options = new TrainingOptions
        {
            BatchSize = batchSize,
            Epochs = epochs,
            Patience = epochs,
            Ensemble = 1,
        };
        var trainer = new RewardModelTrainer(null, new CachedTextEncoder(new HashedTextEncoder(), MostTexts), options);
        return () => trainer.Train(train, stopping);
    }

    /// <summary>
    /// The epochs alone, full batch, on numbers that are there already: a million pairs as records with names would need more memory than the
    /// training. Every decision has a text of its own; the pairs follow a hidden linear rule.
    /// </summary>
    public static Action TrainFactored(int pairs, int decisions, int epochs)
    {
        NetworkArchitecture architecture = RewardWorkload.Guide;
        var random = new DeterministicRandom(1);
        float[] numerical = Gaussians(random, decisions * architecture.NumericalDim);
        float[] vectors = Gaussians(random, decisions * architecture.TextDim);
        var texts = new TextVectors(vectors, architecture.TextDim, [.. Enumerable.Range(0, decisions)]);
        var data = new TrainingData(numerical, architecture.NumericalDim, 0, texts, new ScoredPair[pairs]);
        for (int i = 0; i < pairs; i++)
        {
            int a = random.NextInt(decisions);
            int b = (a + 1 + random.NextInt(decisions - 1)) % decisions;
            bool first = numerical[a * architecture.NumericalDim] > numerical[b * architecture.NumericalDim];
            data.Pairs[i] = first ? new ScoredPair(a, b) : new ScoredPair(b, a);
        }

        var options = new TrainingOptions { BatchSize = 0, Epochs = epochs };
        return () =>
        {
            using var team = new WorkTeam(options.Threads);
            var network = RewardNetwork.Create(architecture, new DeterministicRandom(2));
            double dropout = new RewardModelOptions().Dropout;
            new TrainingRun(network, data, null, options, dropout, team, new DeterministicRandom(3)).Execute(
                1,
                () => { },
                default
            );
        };
    }

    /// <summary>Scores candidates whose embeddings are known, so many in a call.</summary>
    public static Action Score(int candidates, int perCall)
    {
        const int TrainingPairs = 1_000;
        (PreferenceDataset train, PreferenceDataset stopping) = Data(TrainingPairs);
        var encoder = new CachedTextEncoder(new HashedTextEncoder());
        var options = new TrainingOptions { Epochs = 1, Ensemble = 1 };
        RewardModel model = new RewardModelTrainer(null, encoder, options).Train(train, stopping).Model;
        (DecisionContext, Candidate)[] all =
        [
            .. Enumerable
                .Range(0, candidates)
                .Select(i => train.Candidates[i % train.Candidates.Count])
                .Select(c => (c.Context, c.Candidate)),
        ];
        (DecisionContext, Candidate)[][] calls = [.. all.Chunk(perCall)];
        return () => Array.ForEach(calls, call => model.ScoreAll(call));
    }

    private static float[] Gaussians(DeterministicRandom random, int count)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)random.NextGaussian();
        }

        return values;
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
