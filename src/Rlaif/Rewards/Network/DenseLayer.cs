namespace Rlaif.Rewards.Network;

/// <summary>
/// One layer's place in the flat parameter array: the kernel, one row of <paramref name="Outputs"/> weights per input, then the biases.
/// </summary>
/// <param name="Name">Name in checkpoints.</param>
/// <param name="Inputs">Values in.</param>
/// <param name="Outputs">Values out.</param>
/// <param name="Start">Where its parameters begin.</param>
/// <param name="ReadsInput">Whether it reads features rather than another layer, and so needs no gradient of its input.</param>
internal sealed record DenseLayer(string Name, int Inputs, int Outputs, int Start, bool ReadsInput)
{
    /// <summary>Where its biases begin.</summary>
    public int BiasStart => Start + (Inputs * Outputs);

    /// <summary>Where the next layer's parameters begin.</summary>
    public int End => BiasStart + Outputs;

    /// <summary>The kernel as a matrix, inputs by outputs, inside <paramref name="parameters"/> (or a gradient of the same layout).</summary>
    public MatrixView Kernel(float[] parameters) => new(parameters, Start, Outputs);
}
