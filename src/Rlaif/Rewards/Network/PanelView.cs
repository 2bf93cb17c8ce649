using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <summary>
/// A matrix as the right operand of a product: its columns in panels of <see cref="Width"/>, the values of a panel's row side by side. Row k of
/// panel p lies at <c>Offset + p * PanelStride + k * RowStride</c>. The last panel is read in full: what lies behind the last column is ignored but must exist.
/// </summary>
internal readonly record struct PanelView(float[] Data, int Offset, int RowStride, int PanelStride)
{
    /// <summary>Columns of a panel on this machine: two registers.</summary>
    public static int Width => 2 * (Vector512.IsHardwareAccelerated ? Lane512.Count : Lane256.Count);

    /// <summary>Most columns of a panel on any machine: the room that a matrix needs behind its last value.</summary>
    public static int MaxWidth => 2 * Lane512.Count;

    /// <summary>A matrix of contiguous rows, used where it lies.</summary>
    public static PanelView Of(MatrixView matrix) => new(matrix.Data, matrix.Offset, matrix.RowStride, Width);

    /// <summary>Panels that hold this many columns.</summary>
    public static int Count(int columns) => (columns + Width - 1) / Width;

    /// <summary>Throws unless <paramref name="panels"/> panels of <paramref name="width"/> columns lie inside the array.</summary>
    public void RequireRoom(int rows, int panels, int width)
    {
        int end = Offset + ((panels - 1) * PanelStride) + ((rows - 1) * RowStride) + width;
        if (Offset < 0 || RowStride < 0 || PanelStride < 0 || end > Data.Length)
        {
            throw new InvalidOperationException(
                $"{panels} panels of {rows} x {width} do not fit: they end at {end} of {Data.Length}."
            );
        }
    }
}
