using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <summary>
/// C = S + A B in single precision, the one product of forward and backward pass. Registers run along the columns of C and every sum starts from
/// S and runs over the depth in order, so an element's bits depend on its own operands alone: not on the register width, the size of the
/// batch, the tile that it falls in, how rows are shared among threads, or whether the depth comes in one call or in several
/// that each start from what the one before left in C.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>Writes <paramref name="start"/> plus the product of <paramref name="a"/> and <paramref name="b"/> to <paramref name="c"/>.</summary>
    /// <param name="c">The result; contiguous rows.</param>
    /// <param name="start">What every sum starts from; contiguous rows. May be <paramref name="c"/> itself, or one row for all (row stride 0).</param>
    /// <param name="a">Left operand; any strides.</param>
    /// <param name="b">Right operand.</param>
    /// <param name="shape">Extents.</param>
    public static void Multiply(MatrixView c, MatrixView start, MatrixView a, PanelView b, GemmShape shape)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MatrixKernel<Lane512, Vector512<float>>.Multiply(c, start, a, b, shape);
        }
        else
        {
            MatrixKernel<Lane256, Vector256<float>>.Multiply(c, start, a, b, shape);
        }
    }
}
