using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rlaif.Rewards.Network;

/// <summary>
/// The kernels of all layers as right operands of products, in panels of contiguous memory: as they are for the forward pass, or with rows and columns
/// exchanged for the backward pass (there, layers that read features have none). A copy: after a change of the parameters it is packed anew.
/// </summary>
internal sealed class PackedKernels
{
    private readonly IReadOnlyList<DenseLayer> _layers;
    private readonly bool _transposed;
    private readonly PanelView[] _kernels;

    public PackedKernels(NetworkArchitecture architecture, bool transposed)
    {
        _layers = architecture.Layers;
        _transposed = transposed;
        _kernels = [.. _layers.Select(l => transposed && l.ReadsInput ? default : NewKernel(l))];
    }

    /// <summary>The kernel of one layer.</summary>
    public PanelView this[int layer] => _kernels[layer];

    /// <summary>Copies the kernel rows of one block.</summary>
    public void Pack(float[] parameters, GradientBlock block)
    {
        DenseLayer layer = _layers[block.Layer];
        if (!_transposed)
        {
            PackRows(layer.Kernel(parameters), _kernels[block.Layer], layer.Outputs, block);
        }
        else if (!layer.ReadsInput)
        {
            PackColumns(layer.Kernel(parameters), _kernels[block.Layer], layer.Outputs, block);
        }
    }

    private static void PackRows(MatrixView kernel, PanelView packed, int outputs, GradientBlock block)
    {
        for (int column = 0, panel = packed.Offset; column < outputs; column += PanelView.Width, panel += packed.PanelStride)
        {
            int columns = Math.Min(PanelView.Width, outputs - column);
            for (int row = block.FirstInput; row < block.FirstInput + block.Inputs; row++)
            {
                kernel.Row(row, outputs).Slice(column, columns).CopyTo(packed.Data.AsSpan(panel + (row * packed.RowStride)));
            }
        }
    }

    // Compiled in full at once: it would spend a short training in the unoptimized tier.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns(MatrixView kernel, PanelView packed, int outputs, GradientBlock block)
    {
        int end = block.FirstInput + block.Inputs;
        for (int first = block.FirstInput; first < end; first += PanelView.Width)
        {
            int inputs = Math.Min(PanelView.Width, end - first);
            int panel = packed.Offset + (first / PanelView.Width * packed.PanelStride);
            ReadOnlySpan<float> from = kernel.Data.AsSpan(kernel.Offset + (first * outputs), inputs * outputs);
            Span<float> to = packed.Data.AsSpan(panel, outputs * packed.RowStride);
            ref float source = ref MemoryMarshal.GetReference(from);
            for (int output = 0; output < outputs; output++)
            {
                Span<float> row = to.Slice(output * packed.RowStride, inputs);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = Unsafe.Add(ref source, (i * outputs) + output);
                }
            }
        }
    }

    private PanelView NewKernel(DenseLayer layer)
    {
        (int rows, int columns) = _transposed ? (layer.Outputs, layer.Inputs) : (layer.Inputs, layer.Outputs);
        int panel = rows * PanelView.Width;
        return new PanelView(new float[panel * PanelView.Count(columns)], 0, PanelView.Width, panel);
    }
}
