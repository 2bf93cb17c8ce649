using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class RewardNetworkTests
{
    private const int Rows = 11;

    private static readonly Gen<NetworkArchitecture> Architectures =
        from numerical in Gen.Int[1, 40]
        from text in Gen.Int[1, 40]
        from hidden in Gen.Int[1, 70].List[1, 3]
        select new NetworkArchitecture
        {
            NumericalDim = numerical,
            TextDim = text,
            HiddenDims = hidden,
        };

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
        NetworkWorkspace workspace = Filled(network, new DeterministicRandom(3), training: false);
        network.Forward(workspace, 0, Rows);
        Assert.All(Enumerable.Range(0, Rows), row => Assert.InRange(Math.Abs(workspace.Scores.Row(row, 1)[0]), 1e-6, 1));
    }

    [Fact]
    public void Forward_RandomNetworks_EqualsReference() =>
        Architectures.Sample(
            architecture =>
            {
                (RewardNetwork network, ReferenceNetwork reference, NetworkWorkspace workspace) = Create(architecture, 5);
                network.Forward(workspace, 0, Rows);
                for (int row = 0; row < Rows; row++)
                {
                    double expected = reference.Forward(Numerical(network, workspace, row), Text(network, workspace, row)).Score;
                    Assert.Equal(expected, workspace.Scores.Row(row, 1)[0], 1e-5 * (1 + Math.Abs(expected)));
                }
            },
            iter: 30
        );

    [Fact]
    public void Forward_OneRowOrSomeOrAll_GivesTheSameBits() =>
        Gen.Select(Architectures, Gen.Int[1, Rows - 1])
            .Sample(
                (architecture, split) =>
                {
                    (RewardNetwork network, _, NetworkWorkspace whole) = Create(architecture, 6);
                    NetworkWorkspace parts = Filled(network, new DeterministicRandom(6), training: true);
                    network.Forward(whole, 0, Rows);
                    network.Forward(parts, split, Rows);
                    network.Forward(parts, 0, split);
                    Assert.Equal(whole.Scores.Data, parts.Scores.Data);
                    network.Forward(parts, split, split + 1);
                    Assert.Equal(whole.Scores.Data, parts.Scores.Data);
                },
                iter: 30
            );

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void Backward_RandomNetworks_EqualsReference(double dropout) =>
        Architectures.Sample(
            architecture =>
            {
                (RewardNetwork network, ReferenceNetwork reference, NetworkWorkspace workspace) = Create(architecture, 7);
                DropoutMask? mask = dropout > 0 ? new DropoutMask(dropout, 99) : null;
                float scale = mask?.Scale ?? 1;
                float[] gradient = FastGradient(network, workspace, mask);
                double[] expected = new double[gradient.Length];
                for (int row = 0; row < Rows; row++)
                {
                    int at = row;
                    double Kept(int l, int j) =>
                        mask is not { } m || m.Keeps(l, (at * architecture.Layers[l].Outputs) + j) ? scale : 0;
                    (_, double[][] inputs, double[][] outputs) = reference.Forward(
                        Numerical(network, workspace, row),
                        Text(network, workspace, row),
                        Kept
                    );
                    reference.Backward(inputs, outputs, ScoreGradient(row), expected, scale);
                }

                double size = expected.Max(Math.Abs);
                Assert.All(gradient.Zip(expected), g => Assert.Equal(g.Second, g.First, 1e-4 * size));
            },
            iter: 20
        );

    [Fact]
    public void Reference_Backward_EqualsFiniteDifferences() =>
        Architectures.Sample(
            architecture =>
            {
                (RewardNetwork network, ReferenceNetwork reference, NetworkWorkspace workspace) = Create(architecture, 8);
                double[] parameters = [.. network.Parameters];
                double[] gradient = new double[parameters.Length];
                (double[] numerical, double[] text) = (Numerical(network, workspace, 0), Text(network, workspace, 0));
                (_, double[][] inputs, double[][] outputs) = reference.Forward(numerical, text);
                reference.Backward(inputs, outputs, 1, gradient);
                double size = gradient.Max(Math.Abs);
                var random = new DeterministicRandom(9);
                int compared = 0;
                for (int trial = 0; trial < 40; trial++)
                {
                    int p = random.NextInt(parameters.Length);
                    const double Step = 1e-6;
                    (double up, bool[] activeUp) = Moved(p, Step);
                    (double down, bool[] activeDown) = Moved(p, -Step);

                    // Between two kinks the score is linear in any one parameter, so a small step is exact up to rounding.
                    if (activeUp.SequenceEqual(activeDown))
                    {
                        Assert.Equal(gradient[p], (up - down) / (2 * Step), 1e-7 * Math.Max(1, size));
                        compared++;
                    }
                }

                Assert.InRange(compared, 30, 40);

                (double Score, bool[] Active) Moved(int parameter, double step)
                {
                    double[] moved = [.. parameters];
                    moved[parameter] += step;
                    (double score, _, double[][] activations) = new ReferenceNetwork(architecture, moved).Forward(
                        numerical,
                        text
                    );
                    return (score, [.. activations.SelectMany(o => o.Select(v => v > 0))]);
                }
            },
            iter: 20
        );

    [Fact]
    public void ParameterGradient_FiniteDifferencesOfTheFastForwardPass_AgreeInSinglePrecision()
    {
        var architecture = new NetworkArchitecture
        {
            NumericalDim = 20,
            TextDim = 30,
            HiddenDims = [32, 16],
        };
        (RewardNetwork network, ReferenceNetwork reference, NetworkWorkspace workspace) = Create(architecture, 10);
        float[] gradient = FastGradient(network, workspace, null);
        Assert.NotNull(reference);
        double size = gradient.Max(Math.Abs);
        for (int p = 0; p < gradient.Length; p += 97)
        {
            // The loss is a sum of scores with fixed weights; the double oracle evaluates it at both ends of the step.
            double Loss(double step)
            {
                double[] moved = [.. network.Parameters];
                moved[p] += step;
                var oracle = new ReferenceNetwork(architecture, moved);
                return Enumerable
                    .Range(0, Rows)
                    .Sum(r => ScoreGradient(r) * oracle.Forward(Numerical(network, workspace, r), Text(network, workspace, r)).Score);
            }

            const double Step = 1e-6;
            Assert.Equal((Loss(Step) - Loss(-Step)) / (2 * Step), gradient[p], 1e-4 * size);
        }
    }

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

    private static (RewardNetwork Network, ReferenceNetwork Reference, NetworkWorkspace Workspace) Create(
        NetworkArchitecture architecture,
        ulong seed
    )
    {
        RewardNetwork network = RewardNetwork.Create(architecture, new DeterministicRandom(seed));
        var random = new DeterministicRandom(seed + 1000);
        foreach (ref float parameter in network.Parameters.AsSpan())
        {
            parameter += (float)(0.05 * random.NextGaussian());
        }

        network.PackAll();
        double[] parameters = [.. network.Parameters];
        return (
            network,
            new ReferenceNetwork(architecture, parameters),
            Filled(network, new DeterministicRandom(seed), training: true)
        );
    }

    private static NetworkWorkspace Filled(RewardNetwork network, DeterministicRandom random, bool training)
    {
        var workspace = new NetworkWorkspace(network.Architecture, Rows, training);
        for (int row = 0; row < Rows; row++)
        {
            Fill(workspace.Numerical.Row(row, network.Architecture.NumericalDim));
            Fill(workspace.Text.Row(row, network.Architecture.TextDim));
        }

        return workspace;

        void Fill(Span<float> inputs)
        {
            foreach (ref float input in inputs)
            {
                input = (float)random.NextGaussian();
            }
        }
    }

    private static float[] FastGradient(RewardNetwork network, NetworkWorkspace workspace, DropoutMask? mask)
    {
        float[] gradient = new float[network.Parameters.Length];
        var transposed = new PackedKernels(network.Architecture, transposed: true);
        foreach (GradientBlock block in network.Blocks)
        {
            transposed.Pack(network.Parameters, block);
        }

        network.Forward(workspace, 0, Rows, mask);
        for (int row = 0; row < Rows; row++)
        {
            workspace.ScoreGradients.Row(row, 1)[0] = (float)ScoreGradient(row);
        }

        network.Backward(workspace, transposed, 0, Rows, mask?.Scale ?? 1);
        foreach (GradientBlock block in network.Blocks)
        {
            network.ParameterGradient(workspace, gradient, block, Rows, first: true);
        }

        return gradient;
    }

    private static double ScoreGradient(int row) => (row % 3) - 0.75;

    private static double[] Numerical(RewardNetwork network, NetworkWorkspace workspace, int row) =>
        [.. workspace.Numerical.Row(row, network.Architecture.NumericalDim).ToArray()];

    private static double[] Text(RewardNetwork network, NetworkWorkspace workspace, int row) =>
        [.. workspace.Text.Row(row, network.Architecture.TextDim).ToArray()];
}
