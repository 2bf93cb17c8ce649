using Rlaif.Rewards.Network;

namespace Rlaif.Benchmarks;

/// <summary>A piece of work of the reward model that is worth timing. All train or ask one network, the guide's, with embeddings that are known already.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Pairs">Pairs seen in one run, all epochs together; 0 for scoring.</param>
/// <param name="Operations">Multiplications and additions that one repeat needs of the matrix product.</param>
/// <param name="Prepare">Makes the data and returns the run.</param>
internal sealed record RewardWorkload(string Name, long Pairs, double Operations, Func<Action> Prepare)
{
    private const int Epochs = 10;
    private const int Scored = 10_000;
    private const int Calls = 20;
    private const int FactoredPairs = 1_000_000;
    private const int FactoredDecisions = 20_000;

    /// <summary>Multiplications and additions of a candidate's way through the network: one each per weight.</summary>
    private static readonly double ForwardOperations = 2.0 * Guide.Layers.Sum(l => l.Inputs * l.Outputs);

    /// <summary>Those of a candidate whose text was met before: all but the text layer's.</summary>
    private static readonly double ScoreOperations =
        2.0 * Guide.Layers.Where(l => l.Inputs != Guide.TextDim).Sum(l => l.Inputs * l.Outputs);

    /// <summary>Those that learn from it: the scoring, as much again for the weights' gradients, and again for each layer that passes a gradient on.</summary>
    private static readonly double LearnOperations =
        (2 * ForwardOperations) + (2.0 * Guide.Layers.Where(l => !l.ReadsInput).Sum(l => l.Inputs * l.Outputs));

    /// <summary>All workloads.</summary>
    public static IReadOnlyList<RewardWorkload> All { get; } =
    [
        Train(pairs: 1_000, batchSize: 16),
        Train(pairs: 6_000, batchSize: 64),
        Train(pairs: 100_000, batchSize: 256),
        new(
            $"train-{FactoredPairs}x{Epochs}-factored",
            (long)FactoredPairs * Epochs,
            LearnOperations * FactoredDecisions * Epochs,
            () => RewardWork.TrainFactored(FactoredPairs, FactoredDecisions, Epochs)
        ),
        new("score-1", 0, ScoreOperations, () => RewardWork.Score(Scored * Calls, perCall: 1))
        {
            Repeats = Scored * Calls,
            IsSerial = true,
        },
        new($"score-{Scored}", 0, ScoreOperations * Scored, () => RewardWork.Score(Scored * Calls, perCall: Scored))
        {
            Repeats = Calls,
        },
    ];

    /// <summary>The guide's network.</summary>
    internal static NetworkArchitecture Guide =>
        new()
        {
            NumericalDim = 100,
            TextDim = 768,
            HiddenDims = [256, 128, 64],
        };

    /// <summary>Times that one run does the work.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Whether it runs on one core whatever the machine has.</summary>
    public bool IsSerial { get; init; }

    /// <summary>A step scores every candidate of its batch: two for each pair, but for the few that meet in one.</summary>
    private static RewardWorkload Train(int pairs, int batchSize) =>
        new(
            $"train-{pairs}x{Epochs}",
            (long)pairs * Epochs,
            2 * LearnOperations * pairs * Epochs,
            () => RewardWork.Train(pairs, batchSize, Epochs)
        );
}
