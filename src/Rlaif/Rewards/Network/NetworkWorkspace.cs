namespace Rlaif.Rewards.Network;

/// <summary>
/// The inputs, activations and (for training) gradients of up to <see cref="Capacity"/> candidates. Made once and used for every step,
/// so that a step allocates nothing.
/// </summary>
internal sealed class NetworkWorkspace
{
    private readonly MatrixView[] _inputs;
    private readonly MatrixView[] _outputs;
    private readonly MatrixView[] _inputGradients;
    private readonly MatrixView[] _outputGradients;

    public NetworkWorkspace(NetworkArchitecture architecture, int capacity, bool training)
    {
        Capacity = capacity;
        Numerical = NewMatrix(capacity, architecture.NumericalDim);
        Text = NewMatrix(capacity, architecture.TextDim);
        (_inputs, _outputs) = Connect(architecture, capacity, Numerical, Text);
        (_inputGradients, _outputGradients) = training ? Connect(architecture, capacity, default, default) : ([], []);
    }

    /// <summary>Candidates that fit.</summary>
    public int Capacity { get; }

    /// <summary>Numerical inputs, one row per candidate.</summary>
    public MatrixView Numerical { get; }

    /// <summary>Text inputs, one row per candidate.</summary>
    public MatrixView Text { get; }

    /// <summary>The scores, after a forward pass.</summary>
    public MatrixView Scores => _outputs[^1];

    /// <summary>Derivatives of the loss by the scores, to be filled before a backward pass.</summary>
    public MatrixView ScoreGradients => _outputGradients[^1];

    public MatrixView Input(int layer) => _inputs[layer];

    public MatrixView Output(int layer) => _outputs[layer];

    public MatrixView InputGradient(int layer) => _inputGradients[layer];

    public MatrixView OutputGradient(int layer) => _outputGradients[layer];

    /// <summary>
    /// A matrix that can be the right operand of a product. Its row stride is an odd number of cache lines: at a power of two the values of one
    /// column would all fall into the same few places of the cache.
    /// </summary>
    private static MatrixView NewMatrix(int rows, int columns)
    {
        int lines = ((columns + AlignedMemory.Line - 1) / AlignedMemory.Line) | 1;
        int stride = lines * AlignedMemory.Line;
        (float[] data, int offset) = AlignedMemory.Allocate((rows * stride) + PanelView.MaxWidth);
        return new MatrixView(data, offset, stride);
    }

    /// <summary>Every layer writes where the next one reads; the ends of both towers write side by side into the fusion's input.</summary>
    private static (MatrixView[] Inputs, MatrixView[] Outputs) Connect(
        NetworkArchitecture architecture,
        int capacity,
        MatrixView numerical,
        MatrixView text
    )
    {
        IReadOnlyList<DenseLayer> layers = architecture.Layers;
        int towers = architecture.HiddenDims.Count;
        int tower = architecture.HiddenDims[^1];
        MatrixView joined = NewMatrix(capacity, tower + NetworkArchitecture.TextProjectionDim);
        var inputs = new MatrixView[layers.Count];
        var outputs = new MatrixView[layers.Count];
        for (int i = 0; i < layers.Count; i++)
        {
            inputs[i] =
                i == 0 ? numerical
                : i == towers ? text
                : i == towers + 1 ? joined
                : outputs[i - 1];
            outputs[i] =
                i == towers - 1 ? joined
                : i == towers ? joined with { Offset = joined.Offset + tower }
                : NewMatrix(capacity, layers[i].Outputs);
        }

        return (inputs, outputs);
    }
}
