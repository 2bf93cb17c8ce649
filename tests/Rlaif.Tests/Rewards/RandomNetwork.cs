using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

/// <summary>A network with random weights over random inputs, beside its oracle.</summary>
internal sealed class RandomNetwork
{
    /// <summary>Candidates in the workspace.</summary>
    public const int Rows = 11;

    /// <summary>Beyond what the input of a rectifier, of size 1 or so, loses by single precision: about a millionth.</summary>
    public const double Rounding = 1e-5;

    private RandomNetwork(RewardNetwork network, ulong seed)
    {
        Network = network;
        Reference = new ReferenceNetwork(network.Architecture, [.. network.Parameters]);
        Workspace = Filled(network.Architecture, seed);
    }

    /// <summary>Odd shapes, some wider than a panel, a tile or a block of kernel rows.</summary>
    public static Gen<NetworkArchitecture> Architectures { get; } =
        from numerical in Gen.Int[1, 110]
        from text in Gen.Int[1, 220]
        from hidden in Gen.Int[1, 110].List[1, 3]
        select new NetworkArchitecture
        {
            NumericalDim = numerical,
            TextDim = text,
            HiddenDims = hidden,
        };

    public RewardNetwork Network { get; }

    public ReferenceNetwork Reference { get; }

    public NetworkWorkspace Workspace { get; }

    public static RandomNetwork Create(NetworkArchitecture architecture, ulong seed)
    {
        var network = RewardNetwork.Create(architecture, new DeterministicRandom(seed));
        var random = new DeterministicRandom(seed + 1000);
        foreach (ref float parameter in network.Parameters.AsSpan())
        {
            parameter += (float)(0.05 * random.NextGaussian());
        }

        network.PackAll();
        return new RandomNetwork(network, seed);
    }

    public static NetworkWorkspace Filled(NetworkArchitecture architecture, ulong seed)
    {
        var random = new DeterministicRandom(seed);
        var workspace = new NetworkWorkspace(architecture, Rows, training: true);
        for (int row = 0; row < Rows; row++)
        {
            Fill(workspace.Numerical.Row(row, architecture.NumericalDim), random);
            Fill(workspace.Text.Row(row, architecture.TextDim), random);
        }

        return workspace;
    }

    private static void Fill(Span<float> inputs, DeterministicRandom random)
    {
        foreach (ref float input in inputs)
        {
            input = (float)random.NextGaussian();
        }
    }

    /// <summary>
    /// Draws the inputs of a candidate again until no rectifier is so near its kink that rounding decides on its derivative: one of some
    /// thousand networks has such a candidate.
    /// </summary>
    /// <param name="masks">What dropout leaves, by row.</param>
    public void KeepClearOfKinks(Func<int, Func<int, int, double>?>? masks = null)
    {
        var random = new DeterministicRandom(31);
        for (int row = 0; row < Rows; row++)
        {
            while (Clearance(row, masks?.Invoke(row)) < Rounding)
            {
                Fill(Workspace.Numerical.Row(row, Network.Architecture.NumericalDim), random);
                Fill(Workspace.Text.Row(row, Network.Architecture.TextDim), random);
            }
        }
    }

    private double Clearance(int row, Func<int, int, double>? mask)
    {
        Reference.Clearance = double.MaxValue;
        Reference.Forward(Numerical(row), Text(row), mask);
        return Reference.Clearance;
    }

    public double[] Numerical(int row) => [.. Workspace.Numerical.Row(row, Network.Architecture.NumericalDim).ToArray()];

    public double[] Text(int row) => [.. Workspace.Text.Row(row, Network.Architecture.TextDim).ToArray()];

    public double Score(int row) => Workspace.Scores.Row(row, 1)[0];

    /// <summary>Scores all rows and carries back what <paramref name="scoreGradient"/> then says of each.</summary>
    public float[] Gradient(Func<int, double> scoreGradient, DropoutMask? mask = null)
    {
        float[] gradient = new float[Network.Parameters.Length];
        var transposed = new PackedKernels(Network.Architecture, transposed: true);
        foreach (GradientBlock block in Network.Blocks)
        {
            transposed.Pack(Network.Parameters, block);
        }

        Network.Forward(Workspace, 0, Rows, mask);
        for (int row = 0; row < Rows; row++)
        {
            Workspace.ScoreGradients.Row(row, 1)[0] = (float)scoreGradient(row);
        }

        Network.Backward(Workspace, transposed, 0, Rows, mask?.Scale ?? 1);
        foreach (GradientBlock block in Network.Blocks)
        {
            Network.ParameterGradient(Workspace, gradient, block, Rows, first: true);
        }

        return gradient;
    }
}
