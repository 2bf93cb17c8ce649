namespace Rlaif.Rewards.Network;

/// <summary>The kernel rows <paramref name="FirstInput"/> and following of one layer: the unit in which gradients and updates are shared among threads.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="FirstInput">First kernel row.</param>
/// <param name="Inputs">Kernel rows.</param>
/// <param name="Start">Where their parameters begin.</param>
/// <param name="End">Where they end: the last block of a layer has its biases too.</param>
internal readonly record struct GradientBlock(int Layer, int FirstInput, int Inputs, int Start, int End)
{
    /// <summary>Whole tiles and whole panels on any machine.</summary>
    private const int InputsPerBlock = 96;

    /// <summary>Parameters of the block.</summary>
    public int Length => End - Start;

    /// <summary>All blocks of a network; the same for any number of threads.</summary>
    public static GradientBlock[] Of(NetworkArchitecture architecture)
    {
        var blocks = new List<GradientBlock>();
        foreach ((int index, DenseLayer layer) in architecture.Layers.Index())
        {
            for (int first = 0; first < layer.Inputs; first += InputsPerBlock)
            {
                int inputs = Math.Min(InputsPerBlock, layer.Inputs - first);
                int end = first + inputs == layer.Inputs ? layer.End : layer.Start + ((first + inputs) * layer.Outputs);
                blocks.Add(new GradientBlock(index, first, inputs, layer.Start + (first * layer.Outputs), end));
            }
        }

        return [.. blocks];
    }
}
