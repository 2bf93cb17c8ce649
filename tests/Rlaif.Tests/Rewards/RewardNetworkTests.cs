using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class RewardNetworkTests
{
    private const int Rows = RandomNetwork.Rows;

    [Fact]
    public void ParameterCount_OfTheGuidesNetwork_Is198465()
    {
        var architecture = new NetworkArchitecture
        {
            NumericalDim = 100,
            TextDim = 768,
            HiddenDims = [256, 128, 64],
        };
        Assert.Equal(198_465, architecture.ParameterCount);
    }

    [Fact]
    public void Create_UntrainedNetwork_ScoresCloseToZeroAndDependsOnTheSeedAlone()
    {
        var architecture = new NetworkArchitecture
        {
            NumericalDim = 100,
            TextDim = 768,
            HiddenDims = [256, 128, 64],
        };
        RewardNetwork network = RewardNetwork.Create(architecture, new DeterministicRandom(1));
        Assert.Equal(network.Parameters, RewardNetwork.Create(architecture, new DeterministicRandom(1)).Parameters);
        Assert.NotEqual(network.Parameters, RewardNetwork.Create(architecture, new DeterministicRandom(2)).Parameters);
        NetworkWorkspace workspace = RandomNetwork.Filled(architecture, 3);
        network.Forward(workspace, 0, Rows);
        Assert.All(Enumerable.Range(0, Rows), row => Assert.InRange(Math.Abs(workspace.Scores.Row(row, 1)[0]), 1e-6, 1));
    }

    [Fact]
    public void Forward_RandomNetworks_EqualsReference() =>
        RandomNetwork.Architectures.Sample(
            architecture =>
            {
                var random = RandomNetwork.Create(architecture, 5);
                random.Network.Forward(random.Workspace, 0, Rows);
                for (int row = 0; row < Rows; row++)
                {
                    double expected = random.Reference.Forward(random.Numerical(row), random.Text(row)).Score;
                    Assert.Equal(expected, random.Score(row), 1e-5 * (1 + Math.Abs(expected)));
                }
            },
            iter: 30
        );

    [Fact]
    public void Forward_OneRowOrSomeOrAll_GivesTheSameBits() =>
        Gen.Select(RandomNetwork.Architectures, Gen.Int[1, Rows - 1])
            .Sample(
                (architecture, split) =>
                {
                    var random = RandomNetwork.Create(architecture, 6);
                    (RewardNetwork network, NetworkWorkspace whole) = (random.Network, random.Workspace);
                    NetworkWorkspace parts = RandomNetwork.Filled(architecture, 6);
                    network.Forward(whole, 0, Rows);
                    network.Forward(parts, split, Rows);
                    network.Forward(parts, 0, split);
                    Assert.Equal(Scores(whole), Scores(parts));
                    network.Forward(parts, split, split + 1);
                    Assert.Equal(Scores(whole), Scores(parts));
                },
                iter: 30
            );

    [Fact]
    public void Forward_TextsProjectedBefore_EqualsThePassOverTheirVectors() =>
        RandomNetwork.Architectures.Sample(
            architecture =>
            {
                const int Members = 3;
                const int Width = NetworkArchitecture.TextProjectionDim;
                RandomNetwork[] members =
                [
                    .. Enumerable.Range(0, Members).Select(m => RandomNetwork.Create(architecture, 20 + (ulong)m)),
                ];
                float[][] projections = [.. Enumerable.Range(0, Rows).Select(_ => new float[Members * Width])];
                var room = new MatrixView(new float[Rows * Width], 0, Width);
                for (int m = 0; m < Members; m++)
                {
                    // All members read the inputs of the first; each has its place among the projections.
                    members[m].Network.ProjectText(members[0].Workspace.Text, room, Rows);
                    for (int row = 0; row < Rows; row++)
                    {
                        room.Row(row, Width).CopyTo(projections[row].AsSpan(m * Width));
                    }
                }

                ProjectedText[] texts = [.. projections.Select((p, row) => new ProjectedText(p, Side(row)))];
                for (int m = 0; m < Members; m++)
                {
                    NetworkWorkspace workspace = members[0].Workspace;
                    members[m].Network.Forward(workspace, texts, m);
                    float[] found = Scores(workspace);
                    for (int row = 0; row < Rows; row++)
                    {
                        double[] text = [.. members[0].Text(row).Select(v => v * Side(row))];
                        double expected = members[m].Reference.Forward(members[0].Numerical(row), text).Score;
                        Assert.Equal(expected, found[row], 1e-5 * (1 + Math.Abs(expected)));
                    }
                }
            },
            iter: 20
        );

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void Backward_RandomNetworks_EqualsReference(double dropout) =>
        RandomNetwork.Architectures.Sample(
            architecture =>
            {
                var random = RandomNetwork.Create(architecture, 7);
                DropoutMask? mask = dropout > 0 ? new DropoutMask(dropout, 99) : null;
                float scale = mask?.Scale ?? 1;
                Func<int, int, double> Kept(int row) =>
                    (l, j) => mask is not { } m || m.Keeps(l, (row * architecture.Layers[l].Outputs) + j) ? scale : 0;
                random.KeepClearOfKinks(Kept);
                float[] gradient = random.Gradient(ScoreGradient, mask);
                double[] expected = new double[gradient.Length];
                for (int row = 0; row < Rows; row++)
                {
                    (_, double[][] inputs, double[][] outputs) = random.Reference.Forward(
                        random.Numerical(row),
                        random.Text(row),
                        Kept(row)
                    );
                    random.Reference.Backward(inputs, outputs, ScoreGradient(row), expected, scale);
                }

                double size = expected.Max(Math.Abs);
                Assert.All(gradient.Zip(expected), g => Assert.Equal(g.Second, g.First, 1e-4 * size));
            },
            iter: 20
        );

    [Fact]
    public void Rectify_Dropout_LeavesOutTheRateAndKeepsTheMean()
    {
        var mask = new DropoutMask(0.3, 12345);
        float[] values = [.. Enumerable.Repeat(2f, 100_003)];
        mask.Rectify(values, layer: 2, first: 7);
        Assert.Equal(0.3, values.Count(v => v == 0) / (double)values.Length, 0.01);
        Assert.Equal(2, values.Average(v => (double)v), 0.03);
        Assert.All(Enumerable.Range(0, values.Length), i => Assert.Equal(mask.Keeps(2, 7 + i), values[i] > 0));
        float[] other = [.. Enumerable.Repeat(2f, values.Length)];
        mask.Rectify(other, layer: 3, first: 7);
        double both = values.Zip(other).Count(v => v.First == 0 && v.Second == 0) / (double)values.Length;
        Assert.Equal(0.09, both, 0.01);
    }

    private static float[] Scores(NetworkWorkspace workspace) =>
        [.. Enumerable.Range(0, Rows).Select(row => workspace.Scores.Row(row, 1)[0])];

    private static float Side(int row) => (row % 4) - 1.5f;

    private static double ScoreGradient(int row) => (row % 3) - 0.75;
}
