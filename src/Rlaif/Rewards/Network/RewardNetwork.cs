using System.Numerics;
using System.Numerics.Tensors;
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

    public RewardNetwork(NetworkArchitecture architecture, float[] parameters)
    {
        ArgumentShape.RequireLength(parameters.Length, architecture.ParameterCount, nameof(parameters));
        Architecture = architecture;
        Parameters = parameters;
        _layers = architecture.Layers;
    }

    public NetworkArchitecture Architecture { get; }

    /// <summary>All weights and biases, layer after layer.</summary>
    public float[] Parameters { get; }

    /// <summary>A new network: uniform weights of the size that keeps signals through rectifiers (He et al., 2015, eq. 10), biases 0.</summary>
    public static RewardNetwork Create(NetworkArchitecture architecture, DeterministicRandom random)
    {
        var network = new RewardNetwork(architecture, new float[architecture.ParameterCount]);
        foreach (DenseLayer layer in architecture.Layers)
        {
            DeterministicRandom draw = random.Fork(layer.Name);
            double bound = Math.Sqrt(6.0 / layer.Inputs) * (layer == architecture.Layers[^1] ? LastLayerScale : 1);
            foreach (ref float weight in network.Parameters.AsSpan(layer.Start, layer.Inputs * layer.Outputs))
            {
                weight = (float)(((2 * draw.NextDouble()) - 1) * bound);
            }
        }

        return network;
    }

    /// <summary>Scores rows <paramref name="start"/> to <paramref name="end"/> (exclusive) of the workspace.</summary>
    public void Forward(NetworkWorkspace workspace, int start, int end, DropoutMask? dropout = null)
    {
        for (int i = 0; i < _layers.Count; i++)
        {
            DenseLayer layer = _layers[i];
            MatrixView output = workspace.Output(i);
            ReadOnlySpan<float> biases = Parameters.AsSpan(layer.BiasStart, layer.Outputs);
            for (int row = start; row < end; row++)
            {
                biases.CopyTo(output.Row(row, layer.Outputs));
            }

            MatrixProduct.MultiplyAdd(
                output.FromRow(start),
                workspace.Input(i).FromRow(start),
                layer.Kernel(Parameters),
                new GemmShape(end - start, layer.Outputs, layer.Inputs)
            );
            if (i < _layers.Count - 1)
            {
                Rectify(output, i, start, end, dropout);
            }
        }
    }

    /// <summary>Writes the transposed kernel of one layer into the workspace; needed before <see cref="Backward"/>.</summary>
    public void TransposeKernel(NetworkWorkspace workspace, int layer)
    {
        DenseLayer shape = _layers[layer];
        if (shape.ReadsInput)
        {
            return;
        }

        ReadOnlySpan<float> kernel = Parameters.AsSpan(shape.Start, shape.Inputs * shape.Outputs);
        Span<float> transposed = workspace.TransposedKernels.AsSpan(shape.Start, kernel.Length);
        Transpose(kernel, transposed, shape.Inputs, shape.Outputs);
    }

    /// <summary>Carries the score gradients of rows <paramref name="start"/> to <paramref name="end"/> (exclusive) back to every layer's output.</summary>
    /// <param name="workspace">After a forward pass, with score gradients filled in.</param>
    /// <param name="start">First row.</param>
    /// <param name="end">Row after the last.</param>
    /// <param name="scale">The dropout scale of the forward pass; 1 without dropout.</param>
    public void Backward(NetworkWorkspace workspace, int start, int end, float scale)
    {
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            DenseLayer layer = _layers[i];
            MatrixView gradient = workspace.OutputGradient(i);
            if (i < _layers.Count - 1)
            {
                Mask(gradient, workspace.Output(i), layer.Outputs, start, end, scale);
            }

            if (layer.ReadsInput)
            {
                continue;
            }

            MatrixView inputGradient = workspace.InputGradient(i);
            for (int row = start; row < end; row++)
            {
                inputGradient.Row(row, layer.Inputs).Clear();
            }

            MatrixProduct.MultiplyAdd(
                inputGradient.FromRow(start),
                gradient.FromRow(start),
                new MatrixView(workspace.TransposedKernels, layer.Start, layer.Inputs),
                new GemmShape(end - start, layer.Inputs, layer.Outputs)
            );
        }
    }

    /// <summary>Writes the gradient of a layer's kernel rows (and, with the last, of its biases) from the first <paramref name="rows"/> candidates.</summary>
    public void ParameterGradient(NetworkWorkspace workspace, float[] gradient, GradientBlock block, int rows)
    {
        DenseLayer layer = _layers[block.Layer];
        MatrixView output = workspace.OutputGradient(block.Layer);
        MatrixView kernel = layer.Kernel(gradient).FromRow(block.FirstInput);
        gradient.AsSpan(kernel.Offset, block.Inputs * layer.Outputs).Clear();
        MatrixView input = workspace.Input(block.Layer);
        MatrixView inputs = (input with { Offset = input.Offset + block.FirstInput }).Transposed;
        MatrixProduct.MultiplyAdd(kernel, inputs, output, new GemmShape(block.Inputs, layer.Outputs, rows));
        if (block.FirstInput + block.Inputs == layer.Inputs)
        {
            gradient.AsSpan(layer.BiasStart, layer.Outputs).Clear();
            var biases = new MatrixView(gradient, layer.BiasStart, layer.Outputs);
            MatrixProduct.MultiplyAdd(biases, new MatrixView(One, 0, 0, 0), output, new GemmShape(1, layer.Outputs, rows));
        }
    }

    /// <summary>The part of a flat gradient that a block fills: its kernel rows, and the biases that follow the last of them.</summary>
    public ReadOnlySpan<float> Gradient(float[] gradient, GradientBlock block)
    {
        DenseLayer layer = _layers[block.Layer];
        int end = block.FirstInput + block.Inputs;
        int values = (block.Inputs * layer.Outputs) + (end == layer.Inputs ? layer.Outputs : 0);
        return gradient.AsSpan(layer.Start + (block.FirstInput * layer.Outputs), values);
    }

    /// <summary>Square by square, so that the lines that are read and written stay in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(ReadOnlySpan<float> source, Span<float> destination, int rows, int columns)
    {
        const int Side = 16;
        for (int top = 0; top < rows; top += Side)
        {
            int bottom = Math.Min(top + Side, rows);
            for (int left = 0; left < columns; left += Side)
            {
                int right = Math.Min(left + Side, columns);
                for (int j = left; j < right; j++)
                {
                    for (int i = top; i < bottom; i++)
                    {
                        destination[(j * rows) + i] = source[(i * columns) + j];
                    }
                }
            }
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
                mask.Rectify(values, layer, row * width);
            }
            else
            {
                TensorPrimitives.Max(values, 0f, values);
            }
        }
    }

    /// <summary>An output above 0 is one that was neither rectified nor left out, so the forward pass's outputs are the mask.</summary>
    // Compiled in full at once: it would spend a short training in the unoptimized tier.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
