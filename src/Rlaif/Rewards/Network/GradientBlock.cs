namespace Rlaif.Rewards.Network;

/// <summary>The kernel rows <paramref name="FirstInput"/> and following of one layer: the unit in which gradients are shared among threads.</summary>
internal readonly record struct GradientBlock(int Layer, int FirstInput, int Inputs)
{
    private const int InputsPerBlock = 64;

    /// <summary>All blocks of a network; the same for any number of threads.</summary>
    public static GradientBlock[] Of(NetworkArchitecture architecture)
    {
        var blocks = new List<GradientBlock>();
        for (int layer = 0; layer < architecture.Layers.Count; layer++)
        {
            int inputs = architecture.Layers[layer].Inputs;
            for (int first = 0; first < inputs; first += InputsPerBlock)
            {
                blocks.Add(new GradientBlock(layer, first, Math.Min(InputsPerBlock, inputs - first)));
            }
        }

        return [.. blocks];
    }
}
