using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
            ReadOnlySpan<float> from = kernel.Data.AsSpan(block.Start + column, ((block.Inputs - 1) * outputs) + columns);
            Span<float> to = packed.Data.AsSpan(panel + (block.FirstInput * packed.RowStride), block.Inputs * packed.RowStride);
            CopyPanel(from, outputs, to, packed.RowStride, columns);
        }
    }

    private static void PackColumns(MatrixView kernel, PanelView packed, int outputs, GradientBlock block)
    {
        for (int input = 0; input < block.Inputs; input += PanelView.Width)
        {
            int inputs = Math.Min(PanelView.Width, block.Inputs - input);
            int panel = packed.Offset + ((block.FirstInput + input) / PanelView.Width * packed.PanelStride);
            ReadOnlySpan<float> from = kernel.Data.AsSpan(block.Start + (input * outputs), inputs * outputs);
            Transpose(from, outputs, packed.Data.AsSpan(panel, outputs * packed.RowStride), packed.RowStride);
        }
    }

    // Vector by vector: copying spans of this size costs more in the calls than in the moves.
    [MethodImpl(HotLoop.Options)]
    private static void CopyPanel(ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride, int columns)
    {
        while (!to.IsEmpty)
        {
            int i = 0;
            for (; i + Vector256<float>.Count <= columns; i += Vector256<float>.Count)
            {
                Vector256.Create(from[i..]).CopyTo(to[i..]);
            }

            for (; i < columns; i++)
            {
                to[i] = from[i];
            }

            to = to[toStride..];
            from = from[Math.Min(fromStride, from.Length)..];
        }
    }

    /// <summary>Writes the columns of <paramref name="from"/> to the rows of <paramref name="to"/>.</summary>
    [MethodImpl(HotLoop.Options)]
    private static void Transpose(ReadOnlySpan<float> from, int columns, Span<float> to, int toStride)
    {
        int rows = from.Length / columns;
        for (int column = 0; column < columns; column++)
        {
            ref float source = ref Unsafe.Add(ref MemoryMarshal.GetReference(from), column);
            foreach (ref float value in to.Slice(column * toStride, rows))
            {
                value = source;
                source = ref Unsafe.Add(ref source, columns);
            }
        }
    }

    private PanelView NewKernel(DenseLayer layer)
    {
        (int rows, int columns) = _transposed ? (layer.Outputs, layer.Inputs) : (layer.Inputs, layer.Outputs);
        int panel = rows * PanelView.Width;
        (float[] data, int offset) = AlignedMemory.Allocate(panel * PanelView.Count(columns));
        return new PanelView(data, offset, PanelView.Width, panel);
    }
}
