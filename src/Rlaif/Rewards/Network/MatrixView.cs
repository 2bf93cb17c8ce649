namespace Rlaif.Rewards.Network;

/// <summary>A matrix inside a flat array: element (i, j) lies at <c>Offset + i * RowStride + j * ColumnStride</c>.</summary>
internal readonly record struct MatrixView(float[] Data, int Offset, int RowStride, int ColumnStride = 1)
{
    /// <summary>The same numbers, seen with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Data, Offset, ColumnStride, RowStride);

    /// <summary>The view that starts at row <paramref name="row"/>.</summary>
    public MatrixView FromRow(int row) => this with { Offset = Offset + (row * RowStride) };

    /// <summary>The <paramref name="columns"/> contiguous values of one row.</summary>
    public Span<float> Row(int row, int columns) => Data.AsSpan(Offset + (row * RowStride), columns);

    /// <summary>Throws unless a matrix of this size lies inside the array.</summary>
    public void RequireRoom(int rows, int columns)
    {
        int last = Offset + ((rows - 1) * RowStride) + ((columns - 1) * ColumnStride);
        if (Offset < 0 || RowStride < 0 || ColumnStride < 0 || last >= Data.Length)
        {
            throw new InvalidOperationException(
                $"A matrix of {rows} x {columns} does not fit: its last value is {last} of {Data.Length}."
            );
        }
    }
}
