using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <summary>
/// The product for one register width. A tile of 6 rows by 2 registers keeps 12 sums running, which hides the latency of the multiply-add,
/// and needs 15 registers in all, which every machine has.
/// </summary>
internal static partial class MatrixKernel<TLane, TVector>
    where TLane : struct, IVectorLane<TVector>
    where TVector : struct
{
    private const int TileRows = 6;

    /// <summary>Depth of what is packed at a time: as many rows of B as the processor remembers pages of.</summary>
    private const int PackedDepth = 120;

    /// <summary>Depth that all tiles of a panel pass before the next part of it is read: with the tile's rows it fits the first-level cache.</summary>
    private const int CachedDepth = 256;

    private static int Width => 2 * TLane.Count;

    /// <summary>What a vector has more than a tile has rows.</summary>
    private static int PackedSpill => Vector256<float>.Count - TileRows;

    /// <inheritdoc cref="MatrixProduct.Multiply"/>
    public static void Multiply(MatrixView c, MatrixView start, MatrixView a, PanelView b, GemmShape shape)
    {
        if (shape.Rows == 0 || shape.Columns == 0)
        {
            return;
        }

        // The tiles below read and write without further checks.
        int panels = (shape.Columns + Width - 1) / Width;
        RequireContiguousRows(c, nameof(c));
        RequireContiguousRows(start, nameof(start));
        c.RequireRoom(shape.Rows, shape.Columns);
        start.RequireRoom(shape.Rows, shape.Columns);
        a.RequireRoom(shape.Rows, shape.Depth);
        b.RequireRoom(shape.Depth, panels, Width);

        if (shape is { Rows: 1, Depth: > 0 })
        {
            int done = MultiplyRow(c, start, a, b, shape);
            MultiplyTiles(c, start, a, TileRows * a.RowStride, b, shape, done);
        }
        else if (a.ColumnStride > 1 && shape.Depth >= PackedDepth / 2)
        {
            MultiplyPacked(c, start, a, b, shape);
        }
        else
        {
            MultiplyTiles(c, start, a, TileRows * a.RowStride, b, shape);
        }
    }

    /// <summary>All tiles from panel <paramref name="panel"/> on; <paramref name="tileStride"/> leads from the rows of one tile in A to those of the next.</summary>
    private static void MultiplyTiles(
        MatrixView c,
        MatrixView start,
        MatrixView a,
        int tileStride,
        PanelView b,
        GemmShape shape,
        int panel = 0
    )
    {
        for (; panel * Width < shape.Columns; panel++)
        {
            int columns = Math.Min(Width, shape.Columns - (panel * Width));
            int columnsStart = b.Offset + (panel * b.PanelStride);
            for (int first = 0; first == 0 || first < shape.Depth; first += CachedDepth)
            {
                PanelView right = b with { Offset = columnsStart + (first * b.RowStride) };
                MatrixView left = a with { Offset = a.Offset + (first * a.ColumnStride) };
                int depth = Math.Min(CachedDepth, shape.Depth - first);
                MultiplyPanel(
                    c,
                    first == 0 ? start : c,
                    left,
                    tileStride,
                    right,
                    new GemmShape(shape.Rows, columns, depth),
                    panel
                );
            }
        }
    }

    /// <summary>All tiles of one panel.</summary>
    private static void MultiplyPanel(
        MatrixView c,
        MatrixView start,
        MatrixView left,
        int tileStride,
        PanelView right,
        GemmShape shape,
        int panel
    )
    {
        for (int row = 0; row < shape.Rows; row += TileRows, left = left with { Offset = left.Offset + tileStride })
        {
            int rows = Math.Min(TileRows, shape.Rows - row);
            (MatrixView to, MatrixView from) = (At(c, row, panel), At(start, row, panel));
            if (shape.Columns == Width)
            {
                Tile(ref First(to), to.RowStride, ref First(from), from.RowStride, left, right, shape.Depth, rows);
            }
            else
            {
                EdgeTile(to, from, left, right, shape with { Rows = rows });
            }
        }
    }

    /// <summary>
    /// With a left operand whose rows are columns in memory. Each value of a row lies on another page, so what a tile reads is first put side by side; in parts that
    /// stay in the cache while all panels pass.
    /// </summary>
    private static void MultiplyPacked(MatrixView c, MatrixView start, MatrixView a, PanelView b, GemmShape shape)
    {
        int tiles = (shape.Rows + TileRows - 1) / TileRows;
        float[] room = ArrayPool<float>.Shared.Rent(tiles * ((TileRows * PackedDepth) + PackedSpill));
        for (int first = 0; first < shape.Depth; first += PackedDepth)
        {
            int depth = Math.Min(PackedDepth, shape.Depth - first);
            int tileStride = (TileRows * depth) + PackedSpill;
            for (int k = 0; k < depth; k++)
            {
                PackColumn(
                    a with
                    {
                        Offset = a.Offset + ((first + k) * a.ColumnStride),
                    },
                    shape.Rows,
                    room,
                    k * TileRows,
                    tileStride
                );
            }

            MultiplyTiles(
                c,
                first == 0 ? start : c,
                new MatrixView(room, 0, 1, TileRows),
                tileStride,
                b with
                {
                    Offset = b.Offset + (first * b.RowStride),
                },
                shape with
                {
                    Depth = depth,
                }
            );
        }

        ArrayPool<float>.Shared.Return(room);
    }

    /// <summary>
    /// Copies one value of every row, tile by tile. Where the rows' values lie side by side a whole vector is written; what it has too much falls into the place of the next value, which
    /// is written after it, or into the gap before the next tile. So values must come in ascending order.
    /// </summary>
    [MethodImpl(HotLoop.Options)]
    private static void PackColumn(in MatrixView a, int rows, float[] room, int at, int tileStride)
    {
        ref float from = ref First(a);
        ref float to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(room), at);
        nint stride = a.RowStride;
        int row = 0;
        for (; stride == 1 && row + Vector256<float>.Count <= rows; row += TileRows)
        {
            Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
            from = ref Unsafe.Add(ref from, TileRows);
            to = ref Unsafe.Add(ref to, tileStride);
        }

        for (; row + TileRows <= rows; row += TileRows)
        {
            to = from;
            Unsafe.Add(ref to, 1) = Unsafe.Add(ref from, stride);
            Unsafe.Add(ref to, 2) = Unsafe.Add(ref from, 2 * stride);
            Unsafe.Add(ref to, 3) = Unsafe.Add(ref from, 3 * stride);
            Unsafe.Add(ref to, 4) = Unsafe.Add(ref from, 4 * stride);
            Unsafe.Add(ref to, 5) = Unsafe.Add(ref from, 5 * stride);
            from = ref Unsafe.Add(ref from, TileRows * stride);
            to = ref Unsafe.Add(ref to, tileStride);
        }

        for (int i = 0; row + i < rows; i++)
        {
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static MatrixView At(MatrixView matrix, int row, int panel) =>
        matrix with
        {
            Offset = matrix.Offset + (row * matrix.RowStride) + (panel * Width),
        };

    // Past the last row a tile repeats it: the same sum is stored again, which changes nothing.
    [MethodImpl(HotLoop.Options)]
    private static void Tile(
        ref float c,
        nint cStride,
        ref float start,
        nint startStride,
        in MatrixView a,
        in PanelView b,
        int depth,
        int rows
    )
    {
        nint r1 = Math.Min(1, rows - 1);
        nint r2 = Math.Min(2, rows - 1);
        nint r3 = Math.Min(3, rows - 1);
        nint r4 = Math.Min(4, rows - 1);
        nint r5 = rows - 1;

        (TVector s00, TVector s01) = Load(in start, 0);
        (TVector s10, TVector s11) = Load(in start, r1 * startStride);
        (TVector s20, TVector s21) = Load(in start, r2 * startStride);
        (TVector s30, TVector s31) = Load(in start, r3 * startStride);
        (TVector s40, TVector s41) = Load(in start, r4 * startStride);
        (TVector s50, TVector s51) = Load(in start, r5 * startStride);

        ref float a0 = ref First(a);
        ref float a1 = ref Unsafe.Add(ref a0, r1 * a.RowStride);
        ref float a2 = ref Unsafe.Add(ref a0, r2 * a.RowStride);
        ref float a3 = ref Unsafe.Add(ref a0, r3 * a.RowStride);
        ref float a4 = ref Unsafe.Add(ref a0, r4 * a.RowStride);
        ref float a5 = ref Unsafe.Add(ref a0, r5 * a.RowStride);
        ref float bk = ref First(b);
        nint aStep = a.ColumnStride;
        nint bStep = b.RowStride;
        nint at = 0;
        for (int k = 0; k < depth; k++)
        {
            (TVector b0, TVector b1) = Load(in bk, 0);
            TVector x = TLane.Broadcast(Unsafe.Add(ref a0, at));
            s00 = TLane.MultiplyAdd(x, b0, s00);
            s01 = TLane.MultiplyAdd(x, b1, s01);
            x = TLane.Broadcast(Unsafe.Add(ref a1, at));
            s10 = TLane.MultiplyAdd(x, b0, s10);
            s11 = TLane.MultiplyAdd(x, b1, s11);
            x = TLane.Broadcast(Unsafe.Add(ref a2, at));
            s20 = TLane.MultiplyAdd(x, b0, s20);
            s21 = TLane.MultiplyAdd(x, b1, s21);
            x = TLane.Broadcast(Unsafe.Add(ref a3, at));
            s30 = TLane.MultiplyAdd(x, b0, s30);
            s31 = TLane.MultiplyAdd(x, b1, s31);
            x = TLane.Broadcast(Unsafe.Add(ref a4, at));
            s40 = TLane.MultiplyAdd(x, b0, s40);
            s41 = TLane.MultiplyAdd(x, b1, s41);
            x = TLane.Broadcast(Unsafe.Add(ref a5, at));
            s50 = TLane.MultiplyAdd(x, b0, s50);
            s51 = TLane.MultiplyAdd(x, b1, s51);
            at += aStep;
            bk = ref Unsafe.Add(ref bk, bStep);
        }

        Store(s00, s01, ref c, 0);
        Store(s10, s11, ref c, r1 * cStride);
        Store(s20, s21, ref c, r2 * cStride);
        Store(s30, s31, ref c, r3 * cStride);
        Store(s40, s41, ref c, r4 * cStride);
        Store(s50, s51, ref c, r5 * cStride);
    }

    /// <summary>A tile of which not all columns exist: it works in a room of its own.</summary>
    private static void EdgeTile(MatrixView c, MatrixView start, MatrixView a, PanelView b, GemmShape shape)
    {
        Span<float> room = stackalloc float[TileRows * Width];
        for (int row = 0; row < shape.Rows; row++)
        {
            start.Row(row, shape.Columns).CopyTo(room[(row * Width)..]);
        }

        Tile(ref room[0], Width, ref room[0], Width, a, b, shape.Depth, shape.Rows);
        for (int row = 0; row < shape.Rows; row++)
        {
            room.Slice(row * Width, shape.Columns).CopyTo(c.Row(row, shape.Columns));
        }
    }

    private static void RequireContiguousRows(MatrixView matrix, string parameter)
    {
        if (matrix.ColumnStride != 1)
        {
            throw new ArgumentException("The values of a row must lie side by side.", parameter);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float First(in MatrixView matrix) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(matrix.Data), matrix.Offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float First(in PanelView panels) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(panels.Data), panels.Offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector First, TVector Second) Load(ref readonly float at, nint offset) =>
        (TLane.Load(in at, offset), TLane.Load(in at, offset + TLane.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector first, TVector second, ref float at, nint offset)
    {
        TLane.Store(first, ref at, offset);
        TLane.Store(second, ref at, offset + TLane.Count);
    }
}
