using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

/// <summary>The kernels read without checks, so these are the only ones: off by one is memory of somebody else.</summary>
public sealed class MatrixViewTests
{
    [Theory]
    [InlineData(12, 0, 4, 1)]
    [InlineData(13, 1, 4, 1)]
    [InlineData(12, 0, 1, 3)]
    [InlineData(14, 0, 5, 1)]
    [InlineData(4, 0, 0, 1)]
    public void RequireRoom_ThreeRowsOfFour_FitExactlyAndNotOneValueLess(int length, int offset, int rowStride, int columnStride)
    {
        new MatrixView(new float[length], offset, rowStride, columnStride).RequireRoom(3, 4);
        var small = new MatrixView(new float[length - 1], offset, rowStride, columnStride);
        string message = Assert.Throws<InvalidOperationException>(() => small.RequireRoom(3, 4)).Message;
        Assert.Contains($"its last value is {length - 1} of {length - 1}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 4, 1)]
    [InlineData(20, -4, 1)]
    [InlineData(20, 4, -1)]
    public void RequireRoom_BeforeTheFirstValue_Throws(int offset, int rowStride, int columnStride) =>
        Assert.Throws<InvalidOperationException>(() =>
            new MatrixView(new float[100], offset, rowStride, columnStride).RequireRoom(3, 4)
        );

    [Theory]
    [InlineData(48, 0, 8, 24)]
    [InlineData(50, 2, 8, 24)]
    [InlineData(48, 0, 16, 8)]
    public void RequireRoom_TwoPanelsOfThreeRows_FitExactlyAndNotOneValueLess(
        int length,
        int offset,
        int rowStride,
        int panelStride
    )
    {
        new PanelView(new float[length], offset, rowStride, panelStride).RequireRoom(3, 2, 8);
        var small = new PanelView(new float[length - 1], offset, rowStride, panelStride);
        string message = Assert.Throws<InvalidOperationException>(() => small.RequireRoom(3, 2, 8)).Message;
        Assert.Contains($"end at {length} of {length - 1}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 8, 24)]
    [InlineData(40, -8, 24)]
    [InlineData(40, 8, -24)]
    public void RequireRoom_PanelsBeforeTheFirstValue_Throw(int offset, int rowStride, int panelStride) =>
        Assert.Throws<InvalidOperationException>(() =>
            new PanelView(new float[200], offset, rowStride, panelStride).RequireRoom(3, 2, 8)
        );

    [Fact]
    public void Transposed_Twice_IsTheSameView()
    {
        var view = new MatrixView([0, 1, 2, 3, 4, 5, 6, 7], 1, 3);
        Assert.Equal([4f, 5f], view.FromRow(1).Row(0, 2).ToArray());
        Assert.Equal([4f, 5f], view.Row(1, 2).ToArray());
        Assert.Equal((1, 3), (view.Transposed.RowStride, view.Transposed.ColumnStride));
        Assert.Equal(view, view.Transposed.Transposed);
    }
}
