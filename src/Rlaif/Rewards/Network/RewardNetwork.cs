using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rlaif.Rewards.Network;

/// <summary>
/// The network's parameters and its forward and backward pass over a <see cref="NetworkWorkspace"/>. Stateless beside the parameters: any
/// number of threads may run it, each over its own workspace or its own rows of one.
/// </summary>
internal sealed class RewardNetwork
{
    /// <summary>The last layer starts this much smaller than the others, so that untrained scores are all close to 0.</summary>
    private const double LastLayerScale = 0.1;

    private static readonly float[] One = [1f];

    private readonly IReadOnlyList<DenseLayer> _layers;
    private readonly PackedKernels _kernels;
    private readonly MatrixView _zeros;
    private readonly int _textLayer;

    public RewardNetwork(NetworkArchitecture architecture, float[] parameters)
    {
        ArgumentShape.RequireLength(parameters.Length, architecture.ParameterCount, nameof(parameters));
        Architecture = architecture;
        Parameters = parameters;
        _layers = architecture.Layers;
        _textLayer = architecture.HiddenDims.Count;
        Blocks = GradientBlock.Of(architecture);
        _kernels = new PackedKernels(architecture, transposed: false);
        _zeros = new MatrixView(new float[_layers.Max(l => Math.Max(l.Inputs, l.Outputs))], 0, 0);
        PackAll();
    }

    public NetworkArchitecture Architecture { get; }

    /// <summary>All weights and biases, layer after layer. Whoever changes them packs what was changed.</summary>
    public float[] Parameters { get; }

    /// <summary>The pieces in which gradients are computed and parameters changed.</summary>
    public IReadOnlyList<GradientBlock> Blocks { get; }

    /// <summary>A new network: uniform weights of the size that keeps signals through rectifiers (He et al., 2015, eq. 10), biases 0.</summary>
    public static RewardNetwork Create(NetworkArchitecture architecture, DeterministicRandom random)
    {
        float[] parameters = new float[architecture.ParameterCount];
        foreach (DenseLayer layer in architecture.Layers)
        {
            DeterministicRandom draw = random.Fork(layer.Name);
            double bound = Math.Sqrt(6.0 / layer.Inputs) * (layer == architecture.Layers[^1] ? LastLayerScale : 1);
            foreach (ref float weight in parameters.AsSpan(layer.Start, layer.Inputs * layer.Outputs))
            {
                weight = (float)(((2 * draw.NextDouble()) - 1) * bound);
            }
        }

        return new RewardNetwork(architecture, parameters);
    }

    /// <summary>Brings the forward pass up to date with one block of the parameters.</summary>
    public void Pack(GradientBlock block) => _kernels.Pack(Parameters, block);

    /// <summary>Brings the forward pass up to date with all parameters.</summary>
    public void PackAll()
    {
        foreach (GradientBlock block in Blocks)
        {
            Pack(block);
        }
    }

    /// <summary>Scores rows <paramref name="start"/> to <paramref name="end"/> (exclusive) of the workspace.</summary>
    public void Forward(NetworkWorkspace workspace, int start, int end, DropoutMask? dropout = null)
    {
        for (int i = 0; i < _layers.Count; i++)
        {
            ForwardLayer(workspace, i, start, end, dropout);
        }
    }

    /// <summary>Scores the first rows of the workspace, with texts that passed the text layer's kernel before (<see cref="ProjectText"/>).</summary>
    /// <param name="workspace">With the numerical inputs filled in.</param>
    /// <param name="texts">One for each row.</param>
    /// <param name="member">Which of their projections are this network's.</param>
    public void Forward(NetworkWorkspace workspace, ReadOnlySpan<ProjectedText> texts, int member)
    {
        for (int i = 0; i < _layers.Count; i++)
        {
            if (i != _textLayer)
            {
                ForwardLayer(workspace, i, 0, texts.Length, dropout: null);
                continue;
            }

            DenseLayer layer = _layers[i];
            ReadOnlySpan<float> bias = Parameters.AsSpan(layer.BiasStart, layer.Outputs);
            for (int row = 0; row < texts.Length; row++)
            {
                ReadOnlySpan<float> projection = texts[row].Projections.AsSpan(member * layer.Outputs, layer.Outputs);
                TakeSide(projection, texts[row].Side, bias, workspace.Output(i).Row(row, layer.Outputs));
            }
        }
    }

    /// <summary>The text layer's kernel times the first rows of <paramref name="texts"/>.</summary>
    public void ProjectText(MatrixView texts, MatrixView projections, int rows)
    {
        DenseLayer layer = _layers[_textLayer];
        MatrixProduct.Multiply(
            projections,
            _zeros,
            texts,
            _kernels[_textLayer],
            new GemmShape(rows, layer.Outputs, layer.Inputs)
        );
    }

    /// <summary>Carries the score gradients of rows <paramref name="start"/> to <paramref name="end"/> (exclusive) back to every layer's output.</summary>
    /// <param name="workspace">After a forward pass, with score gradients filled in.</param>
    /// <param name="transposed">The network's kernels, transposed.</param>
    /// <param name="start">First row.</param>
    /// <param name="end">Row after the last.</param>
    /// <param name="scale">The dropout scale of the forward pass; 1 without dropout.</param>
    public void Backward(NetworkWorkspace workspace, PackedKernels transposed, int start, int end, float scale)
    {
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            DenseLayer layer = _layers[i];
            MatrixView gradient = workspace.OutputGradient(i);
            if (i < _layers.Count - 1)
            {
                Mask(gradient, workspace.Output(i), layer.Outputs, start, end, scale);
            }

            if (!layer.ReadsInput)
            {
                MatrixProduct.Multiply(
                    workspace.InputGradient(i).FromRow(start),
                    _zeros,
                    gradient.FromRow(start),
                    transposed[i],
                    new GemmShape(end - start, layer.Inputs, layer.Outputs)
                );
            }
        }
    }

    /// <summary>Sums the gradient of a block's parameters over the first <paramref name="rows"/> candidates.</summary>
    /// <param name="workspace">After a backward pass.</param>
    /// <param name="gradient">The gradient of all parameters.</param>
    /// <param name="block">The part to fill in.</param>
    /// <param name="rows">Candidates.</param>
    /// <param name="first">Whether the sum begins with them; otherwise it goes on from what is there.</param>
    public void ParameterGradient(NetworkWorkspace workspace, float[] gradient, GradientBlock block, int rows, bool first)
    {
        DenseLayer layer = _layers[block.Layer];
        PanelView output = PanelView.Of(workspace.OutputGradient(block.Layer));
        var kernel = new MatrixView(gradient, block.Start, layer.Outputs);
        MatrixView input = workspace.Input(block.Layer);
        MatrixView inputs = (input with { Offset = input.Offset + block.FirstInput }).Transposed;
        var shape = new GemmShape(block.Inputs, layer.Outputs, rows);
        MatrixProduct.Multiply(kernel, first ? _zeros : kernel, inputs, output, shape);
        if (block.End == layer.End)
        {
            var biases = new MatrixView(gradient, layer.BiasStart, layer.Outputs);
            var ones = new MatrixView(One, 0, 0, 0);
            MatrixProduct.Multiply(biases, first ? _zeros : biases, ones, output, shape with { Rows = 1 });
        }
    }

    private void ForwardLayer(NetworkWorkspace workspace, int index, int start, int end, DropoutMask? dropout)
    {
        DenseLayer layer = _layers[index];
        MatrixView output = workspace.Output(index);
        MatrixProduct.Multiply(
            output.FromRow(start),
            new MatrixView(Parameters, layer.BiasStart, 0),
            workspace.Input(index).FromRow(start),
            _kernels[index],
            new GemmShape(end - start, layer.Outputs, layer.Inputs)
        );
        if (index < _layers.Count - 1)
        {
            Rectify(output, index, start, end, dropout);
        }
    }

    private void Rectify(MatrixView output, int layer, int start, int end, DropoutMask? dropout)
    {
        int width = _layers[layer].Outputs;
        for (int row = start; row < end; row++)
        {
            Span<float> values = output.Row(row, width);
            if (dropout is { } mask)
            {
                mask.Rectify(values, layer, (mask.FirstRow + row) * width);
            }
            else
            {
                Rectify(values);
            }
        }
    }

    /// <summary>The text layer's output: the rectified sum of bias and what the side makes of the projection. Its width is a whole number of vectors.</summary>
    [MethodImpl(HotLoop.Options)]
    private static void TakeSide(ReadOnlySpan<float> projection, float side, ReadOnlySpan<float> bias, Span<float> output)
    {
        Span<Vector<float>> outputs = MemoryMarshal.Cast<float, Vector<float>>(output);
        ReadOnlySpan<Vector<float>> projections = MemoryMarshal.Cast<float, Vector<float>>(projection);
        ReadOnlySpan<Vector<float>> biases = MemoryMarshal.Cast<float, Vector<float>>(bias);
        for (int i = 0; i < outputs.Length; i++)
        {
            Vector<float> value = biases[i] + (projections[i] * side);
            outputs[i] = Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), Vector<float>.Zero, value);
        }
    }

    // What is not a number stays so, and the model is found unusable. (A maximum that keeps it takes five times as long.)
    [MethodImpl(HotLoop.Options)]
    private static void Rectify(Span<float> values)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (ref Vector<float> vector in vectors)
        {
            vector = Vector.ConditionalSelect(Vector.LessThan(vector, Vector<float>.Zero), Vector<float>.Zero, vector);
        }

        foreach (ref float value in values[(vectors.Length * Vector<float>.Count)..])
        {
            value = value < 0 ? 0 : value;
        }
    }

    /// <summary>An output above 0 is one that was neither rectified nor left out, so the forward pass's outputs are the mask.</summary>
    [MethodImpl(HotLoop.Options)]
    private static void Mask(MatrixView gradient, MatrixView output, int width, int start, int end, float scale)
    {
        for (int row = start; row < end; row++)
        {
            Span<float> values = gradient.Row(row, width);
            ReadOnlySpan<float> outputs = output.Row(row, width);
            Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
            ReadOnlySpan<Vector<float>> masks = MemoryMarshal.Cast<float, Vector<float>>(outputs);
            for (int j = 0; j < vectors.Length; j++)
            {
                Vector<int> keep = Vector.GreaterThan(masks[j], Vector<float>.Zero);
                vectors[j] = Vector.ConditionalSelect(keep, vectors[j] * scale, Vector<float>.Zero);
            }

            for (int j = vectors.Length * Vector<float>.Count; j < values.Length; j++)
            {
                values[j] = outputs[j] > 0 ? values[j] * scale : 0;
            }
        }
    }
}
