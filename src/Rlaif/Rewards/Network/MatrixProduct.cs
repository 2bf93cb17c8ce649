using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <summary>
/// C += A B in single precision, the one kernel of forward and backward pass. Registers run along the columns of C and every sum runs
/// over the depth in order, so an element's bits depend on its own operands alone: not on the register width, the size of the
/// batch, the tile that it falls in, or how rows are shared among threads.
/// </summary>
internal static class MatrixProduct
{
    private const int TileRows = 4;
    private const int WideColumns = 64;
    private const int NarrowColumns = 16;

    /// <summary>Adds the product of <paramref name="a"/> (any strides) and <paramref name="b"/> (contiguous rows) to <paramref name="c"/> (contiguous rows).</summary>
    public static void MultiplyAdd(MatrixView c, MatrixView a, MatrixView b, GemmShape shape)
    {
        if (shape.Rows == 0 || shape.Columns == 0 || shape.Depth == 0)
        {
            return;
        }

        // The tiles below read and write without further checks.
        RequireContiguousRows(c, nameof(c));
        RequireContiguousRows(b, nameof(b));
        c.RequireRoom(shape.Rows, shape.Columns);
        a.RequireRoom(shape.Rows, shape.Depth);
        b.RequireRoom(shape.Depth, shape.Columns);

        int column = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; column + WideColumns <= shape.Columns; column += WideColumns)
            {
                for (int row = 0; row < shape.Rows; row += TileRows)
                {
                    WideTile(c, a, b, shape, row, column);
                }
            }
        }

        for (; column + NarrowColumns <= shape.Columns; column += NarrowColumns)
        {
            for (int row = 0; row < shape.Rows; row += TileRows)
            {
                NarrowTile(c, a, b, shape, row, column);
            }
        }

        for (; column < shape.Columns; column++)
        {
            for (int row = 0; row < shape.Rows; row++)
            {
                Element(c, a, b, shape.Depth, row, column);
            }
        }
    }

    /// <summary>4 rows by 4 registers of 16: sixteen running sums, enough to hide the latency of the multiply-add.</summary>
    // Compiled in full at once: it would spend a short training in the unoptimized tier.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideTile(MatrixView c, MatrixView a, MatrixView b, GemmShape shape, int row, int column)
    {
        // Past the last row a tile repeats it: the same sum is stored again, which changes nothing.
        int last = shape.Rows - 1;
        ref float c0 = ref At(c, row, column);
        ref float c1 = ref At(c, Math.Min(row + 1, last), column);
        ref float c2 = ref At(c, Math.Min(row + 2, last), column);
        ref float c3 = ref At(c, Math.Min(row + 3, last), column);
        ref float a0 = ref At(a, row, 0);
        ref float a1 = ref At(a, Math.Min(row + 1, last), 0);
        ref float a2 = ref At(a, Math.Min(row + 2, last), 0);
        ref float a3 = ref At(a, Math.Min(row + 3, last), 0);
        ref float bRow = ref At(b, 0, column);

        (Vector512<float> s00, Vector512<float> s01, Vector512<float> s02, Vector512<float> s03) = Load512(ref c0);
        (Vector512<float> s10, Vector512<float> s11, Vector512<float> s12, Vector512<float> s13) = Load512(ref c1);
        (Vector512<float> s20, Vector512<float> s21, Vector512<float> s22, Vector512<float> s23) = Load512(ref c2);
        (Vector512<float> s30, Vector512<float> s31, Vector512<float> s32, Vector512<float> s33) = Load512(ref c3);
        nint aAt = 0;
        nint bAt = 0;
        for (int k = 0; k < shape.Depth; k++)
        {
            ref float bk = ref Unsafe.Add(ref bRow, bAt);
            (Vector512<float> b0, Vector512<float> b1, Vector512<float> b2, Vector512<float> b3) = Load512(ref bk);
            Vector512<float> x = Vector512.Create(Unsafe.Add(ref a0, aAt));
            s00 = Vector512.MultiplyAddEstimate(x, b0, s00);
            s01 = Vector512.MultiplyAddEstimate(x, b1, s01);
            s02 = Vector512.MultiplyAddEstimate(x, b2, s02);
            s03 = Vector512.MultiplyAddEstimate(x, b3, s03);
            x = Vector512.Create(Unsafe.Add(ref a1, aAt));
            s10 = Vector512.MultiplyAddEstimate(x, b0, s10);
            s11 = Vector512.MultiplyAddEstimate(x, b1, s11);
            s12 = Vector512.MultiplyAddEstimate(x, b2, s12);
            s13 = Vector512.MultiplyAddEstimate(x, b3, s13);
            x = Vector512.Create(Unsafe.Add(ref a2, aAt));
            s20 = Vector512.MultiplyAddEstimate(x, b0, s20);
            s21 = Vector512.MultiplyAddEstimate(x, b1, s21);
            s22 = Vector512.MultiplyAddEstimate(x, b2, s22);
            s23 = Vector512.MultiplyAddEstimate(x, b3, s23);
            x = Vector512.Create(Unsafe.Add(ref a3, aAt));
            s30 = Vector512.MultiplyAddEstimate(x, b0, s30);
            s31 = Vector512.MultiplyAddEstimate(x, b1, s31);
            s32 = Vector512.MultiplyAddEstimate(x, b2, s32);
            s33 = Vector512.MultiplyAddEstimate(x, b3, s33);
            aAt += a.ColumnStride;
            bAt += b.RowStride;
        }

        Store512(ref c0, s00, s01, s02, s03);
        Store512(ref c1, s10, s11, s12, s13);
        Store512(ref c2, s20, s21, s22, s23);
        Store512(ref c3, s30, s31, s32, s33);
    }

    /// <summary>4 rows by 2 registers of 8 (on a machine without such registers the runtime uses two of 4 each).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowTile(MatrixView c, MatrixView a, MatrixView b, GemmShape shape, int row, int column)
    {
        int last = shape.Rows - 1;
        ref float c0 = ref At(c, row, column);
        ref float c1 = ref At(c, Math.Min(row + 1, last), column);
        ref float c2 = ref At(c, Math.Min(row + 2, last), column);
        ref float c3 = ref At(c, Math.Min(row + 3, last), column);
        ref float a0 = ref At(a, row, 0);
        ref float a1 = ref At(a, Math.Min(row + 1, last), 0);
        ref float a2 = ref At(a, Math.Min(row + 2, last), 0);
        ref float a3 = ref At(a, Math.Min(row + 3, last), 0);
        ref float bRow = ref At(b, 0, column);

        (Vector256<float> s00, Vector256<float> s01) = Load256(ref c0);
        (Vector256<float> s10, Vector256<float> s11) = Load256(ref c1);
        (Vector256<float> s20, Vector256<float> s21) = Load256(ref c2);
        (Vector256<float> s30, Vector256<float> s31) = Load256(ref c3);
        nint aAt = 0;
        nint bAt = 0;
        for (int k = 0; k < shape.Depth; k++)
        {
            (Vector256<float> b0, Vector256<float> b1) = Load256(ref Unsafe.Add(ref bRow, bAt));
            Vector256<float> x = Vector256.Create(Unsafe.Add(ref a0, aAt));
            s00 = Vector256.MultiplyAddEstimate(x, b0, s00);
            s01 = Vector256.MultiplyAddEstimate(x, b1, s01);
            x = Vector256.Create(Unsafe.Add(ref a1, aAt));
            s10 = Vector256.MultiplyAddEstimate(x, b0, s10);
            s11 = Vector256.MultiplyAddEstimate(x, b1, s11);
            x = Vector256.Create(Unsafe.Add(ref a2, aAt));
            s20 = Vector256.MultiplyAddEstimate(x, b0, s20);
            s21 = Vector256.MultiplyAddEstimate(x, b1, s21);
            x = Vector256.Create(Unsafe.Add(ref a3, aAt));
            s30 = Vector256.MultiplyAddEstimate(x, b0, s30);
            s31 = Vector256.MultiplyAddEstimate(x, b1, s31);
            aAt += a.ColumnStride;
            bAt += b.RowStride;
        }

        Store256(ref c0, s00, s01);
        Store256(ref c1, s10, s11);
        Store256(ref c2, s20, s21);
        Store256(ref c3, s30, s31);
    }

    private static void RequireContiguousRows(MatrixView matrix, string parameter)
    {
        if (matrix.ColumnStride != 1)
        {
            throw new ArgumentException("The values of a row must lie side by side.", parameter);
        }
    }

    private static void Element(MatrixView c, MatrixView a, MatrixView b, int depth, int row, int column)
    {
        float sum = At(c, row, column);
        for (int k = 0; k < depth; k++)
        {
            sum = float.MultiplyAddEstimate(At(a, row, k), At(b, k, column), sum);
        }

        At(c, row, column) = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float At(MatrixView matrix, int row, int column) =>
        ref matrix.Data[matrix.Offset + (row * matrix.RowStride) + (column * matrix.ColumnStride)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Load512(ref float at) =>
        (
            Vector512.LoadUnsafe(ref at),
            Vector512.LoadUnsafe(ref at, (nuint)Vector512<float>.Count),
            Vector512.LoadUnsafe(ref at, 2 * (nuint)Vector512<float>.Count),
            Vector512.LoadUnsafe(ref at, 3 * (nuint)Vector512<float>.Count)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store512(ref float at, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        v0.StoreUnsafe(ref at);
        v1.StoreUnsafe(ref at, (nuint)Vector512<float>.Count);
        v2.StoreUnsafe(ref at, 2 * (nuint)Vector512<float>.Count);
        v3.StoreUnsafe(ref at, 3 * (nuint)Vector512<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float>, Vector256<float>) Load256(ref float at) =>
        (Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref at, (nuint)Vector256<float>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store256(ref float at, Vector256<float> v0, Vector256<float> v1)
    {
        v0.StoreUnsafe(ref at);
        v1.StoreUnsafe(ref at, (nuint)Vector256<float>.Count);
    }
}
