using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class TrainingStepTests
{
    private const double LearningRate = 1e-3;
    private const double Dropout = 0.2;
    private const int ExposureColumn = 0;

    private static readonly NetworkArchitecture Small = new()
    {
        NumericalDim = 7,
        TextDim = 20,
        HiddenDims = [24, 9],
    };

    private static readonly TrainingOptions Full = new()
    {
        BatchSize = 0,
        WeightDecay = 1,
        LabelSmoothing = 0.05,
    };

    [Fact]
    public void Run_RandomNetworksBatchesAndChunks_EqualsTheReference() =>
        Gen.Select(RandomNetwork.Architectures, Gen.Int[2, 40], Gen.Int[1, 60], Gen.Int[1, 50], Gen.Int[1, 3])
            .Sample(
                (architecture, candidates, pairs, chunk, threads) =>
                {
                    var random = new DeterministicRandom((ulong)(candidates + (100 * pairs)));
                    TrainingData data = Data(architecture, candidates, pairs, random);
                    var network = RewardNetwork.Create(architecture, random.Fork("weights"));
                    var options = Full with { GradientClip = 0.01 };
                    var reference = new ReferenceTraining(
                        architecture,
                        [.. network.Parameters],
                        BradleyTerryLoss.Of(options),
                        options.WeightDecay,
                        options.GradientClip
                    );
                    using var team = new WorkTeam(threads);
                    var step = new TrainingStep(network, data, options, Dropout, team, chunk);
                    for (ulong key = 1; key <= 3; key++)
                    {
                        double[] before = [.. reference.Parameters];
                        float[] fastBefore = [.. network.Parameters];
                        double loss = step.Run(All(data), LearningRate, key, CancellationToken.None).Total;
                        double expected = reference.Step(
                            Inputs(data, architecture),
                            data.Pairs,
                            LearningRate,
                            new DropoutMask(Dropout, key)
                        );
                        Assert.Equal(expected, loss, 1e-5);
                        if (reference.Clearance < RandomNetwork.Rounding)
                        {
                            // Rounding decides on which side of its kink a rectifier is, and so on this gradient and all that follows.
                            break;
                        }

                        double norm = Math.Sqrt(reference.Gradient.Sum(g => g * g));
                        Assert.Equal(norm, step.GradientNorm, 1e-4 * norm);

                        // Where a gradient is nearly zero, its rounding decides on a whole step of AdamW; those that are not all agree.
                        double size = reference.Gradient.Max(Math.Abs);
                        for (int i = 0; i < before.Length; i++)
                        {
                            if (Math.Abs(reference.Gradient[i]) > 1e-2 * size && key == 1)
                            {
                                double moved = reference.Parameters[i] - before[i];
                                Assert.Equal(moved, network.Parameters[i] - (double)fastBefore[i], 1e-3 * LearningRate);
                            }
                        }
                    }
                },
                iter: 20
            );

    [Theory]
    [InlineData(5, 1)]
    [InlineData(64, 1)]
    [InlineData(64, 2)]
    [InlineData(64, 3)]
    [InlineData(1024, 2)]
    public void Run_AnyChunkAndNumberOfThreads_GivesTheSameBits(int chunk, int threads)
    {
        TrainingData data = Data(Small, 150, 1000, new DeterministicRandom(1));
        Assert.Equal(Train(data, Full, TrainingStep.DefaultChunkRows, 1), Train(data, Full, chunk, threads));
    }

    [Fact]
    public void Run_FullBatch_IsTheBatchOfAllPairs()
    {
        TrainingData data = Data(Small, 40, 200, new DeterministicRandom(2));
        Assert.Equal(Train(data, Full with { BatchSize = 200 }, 1024, 1), Train(data, Full, 64, 1));
        Assert.Equal(Train(data, Full with { BatchSize = 65_536 }, 1024, 1), Train(data, Full, 64, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_Again_AllocatesNothing(int threads)
    {
        TrainingData data = Data(Small, 150, 1000, new DeterministicRandom(3));
        using var team = new WorkTeam(threads);
        var step = new TrainingStep(RewardNetwork.Create(Small, new DeterministicRandom(4)), data, Full, Dropout, team, 64);
        int[] all = All(data);
        step.Run(all, LearningRate, 1, CancellationToken.None);
        // The runtime may allocate on a thread's account, once, such as when it first has to sleep; a step that allocates does so in each round.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (ulong key = 2; key < 12; key++)
            {
                step.Run(all, LearningRate, key, CancellationToken.None);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public async Task Run_CancelledAtAnyTime_MovesNoParameter()
    {
        TrainingData data = Data(Small, 2000, 4000, new DeterministicRandom(5));
        var network = RewardNetwork.Create(Small, new DeterministicRandom(6));
        using var team = new WorkTeam(2);
        var step = new TrainingStep(network, data, Full, Dropout, team, chunkRows: 6);
        using var source = new CancellationTokenSource();
        using var started = new SemaphoreSlim(0);
        float[] finished = [];
        Task<OperationCanceledException> steps = Task.Run(() => Assert.Throws<OperationCanceledException>((Action)StepOnAndOn));
        await started.WaitAsync(TestContext.Current.CancellationToken);
        await source.CancelAsync();
        await steps;
        Assert.Equal(finished, network.Parameters);

        void StepOnAndOn()
        {
            for (ulong key = 1; ; key++)
            {
                finished = [.. network.Parameters];
                started.Release();
                step.Run(All(data), LearningRate, key, source.Token);
            }
        }
    }

    private static float[] Train(TrainingData data, TrainingOptions options, int chunk, int threads)
    {
        var network = RewardNetwork.Create(Small, new DeterministicRandom(7));
        float[] initial = [.. network.Parameters];
        using var team = new WorkTeam(threads);
        var step = new TrainingStep(network, data, options, Dropout, team, chunk);
        for (ulong key = 1; key <= 3; key++)
        {
            step.Run(All(data), LearningRate, key, CancellationToken.None);
        }

        Assert.NotEqual(initial, network.Parameters);
        return network.Parameters;
    }

    private static int[] All(TrainingData data) => [.. Enumerable.Range(0, data.Pairs.Length)];

    /// <summary>Random inputs, fewer columns than the network has inputs, three candidates to a text.</summary>
    private static TrainingData Data(NetworkArchitecture architecture, int candidates, int pairs, DeterministicRandom random)
    {
        int columns = (architecture.NumericalDim + 1) / 2;
        int texts = (candidates + 2) / 3;
        return new TrainingData(
            Gaussians(random, candidates * columns),
            columns,
            ExposureColumn,
            new TextVectors(
                Gaussians(random, texts * architecture.TextDim),
                architecture.TextDim,
                [.. Enumerable.Range(0, candidates).Select(c => c / 3)]
            ),
            [
                .. Enumerable
                    .Range(0, pairs)
                    .Select(_ => random.NextInt(candidates))
                    .Select(a => new ScoredPair(
                        a,
                        (a + 1 + random.NextInt(candidates - 1)) % candidates,
                        0.5 + random.NextDouble(),
                        random.NextDouble()
                    )),
            ]
        );
    }

    private static float[] Gaussians(DeterministicRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];

    /// <summary>The inputs as the network sees them.</summary>
    private static (double[] Numerical, double[] Text)[] Inputs(TrainingData data, NetworkArchitecture architecture)
    {
        var workspace = new NetworkWorkspace(architecture, 1, training: false);
        return [.. Enumerable.Range(0, data.Count).Select(Of)];

        (double[] Numerical, double[] Text) Of(int candidate)
        {
            data.CopyTo(workspace, candidate, 0);
            return (
                [.. workspace.Numerical.Row(0, architecture.NumericalDim).ToArray()],
                [.. workspace.Text.Row(0, architecture.TextDim).ToArray()]
            );
        }
    }
}
