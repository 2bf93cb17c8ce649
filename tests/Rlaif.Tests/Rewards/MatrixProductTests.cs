using System.Runtime.Intrinsics;
using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class MatrixProductTests
{
    [Fact]
    public void Multiply_AnyShapeAndRegisterWidth_EqualsThePlainLoopBitForBit() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 150], Gen.Int[0, 600], Gen.Bool, Gen.Int[0, 2])
            .Sample(
                (rows, columns, depth, transposed, startKind) =>
                {
                    var random = new DeterministicRandom(rows + (100 * columns) + (100_000 * depth));
                    int room = Math.Max(1, depth);
                    MatrixView a = transposed ? Random(random, room, rows).Transposed : Random(random, rows, room);
                    MatrixView b = Random(random, room, columns);
                    MatrixView c = Random(random, rows, columns);
                    MatrixView start = startKind switch
                    {
                        0 => c,
                        1 => Random(random, rows, columns),
                        _ => Random(random, 1, columns) with { RowStride = 0 },
                    };
                    float[] expected = Plain(start, a, b, new GemmShape(rows, columns, depth));
                    float[] other = Multiply<Lane512, Vector512<float>>(c, start, a, b, new GemmShape(rows, columns, depth));
                    Assert.Equal(
                        expected,
                        Multiply<Lane256, Vector256<float>>(c, start, a, b, new GemmShape(rows, columns, depth))
                    );
                    Assert.Equal(expected, other);
                },
                iter: 300
            );

    [Fact]
    public void Multiply_InputsThatAreZero_ChangeNothing()
    {
        const int Depth = 700;
        const int Columns = 128;
        var random = new DeterministicRandom(1);
        MatrixView a = Random(random, 1, Depth);
        foreach (ref float value in a.Data.AsSpan())
        {
            value = random.NextInt(2) == 0 ? 0 : value;
        }

        MatrixView b = Random(random, Depth, Columns);
        MatrixView start = Random(random, 1, Columns);
        var shape = new GemmShape(1, Columns, Depth);
        Assert.Equal(Plain(start, a, b, shape), Multiply<Lane256, Vector256<float>>(start, start, a, b, shape));
    }

    [Fact]
    public void Multiply_DepthInParts_GivesTheBitsOfTheWhole() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 70], Gen.Int[2, 100], Gen.Int[1, 99])
            .Sample(
                (rows, columns, depth, cut) =>
                {
                    cut = 1 + (cut % (depth - 1));
                    var random = new DeterministicRandom(rows + (100 * columns) + (100_000 * depth));
                    MatrixView a = Random(random, rows, depth);
                    MatrixView b = Random(random, depth, columns);
                    MatrixView whole = Random(random, rows, columns);
                    MatrixView parts = whole with { Data = [.. whole.Data] };
                    PanelView right = Panels(b, columns, PanelView.Width);
                    MatrixProduct.Multiply(whole, whole, a, right, new GemmShape(rows, columns, depth));
                    MatrixProduct.Multiply(parts, parts, a, right, new GemmShape(rows, columns, cut));
                    MatrixProduct.Multiply(
                        parts,
                        parts,
                        a with
                        {
                            Offset = cut,
                        },
                        right with
                        {
                            Offset = cut * right.RowStride,
                        },
                        new GemmShape(rows, columns, depth - cut)
                    );
                    Assert.Equal(whole.Data, parts.Data);
                },
                iter: 100
            );

    [Fact]
    public void Multiply_ViewThatDoesNotFit_Throws()
    {
        var small = new MatrixView(new float[12], 0, 4);
        PanelView panels = PanelView.Of(new MatrixView(new float[200], 0, 40));
        var shape = new GemmShape(3, 4, 4);
        var wide = new MatrixView(new float[16], 0, 4);
        MatrixProduct.Multiply(small, small, wide, panels, shape);
        Assert.Throws<InvalidOperationException>(() =>
            MatrixProduct.Multiply(small, small, wide, panels, shape with { Rows = 4 })
        );
        Assert.Throws<InvalidOperationException>(() =>
            MatrixProduct.Multiply(wide, small, wide, panels, shape with { Rows = 4 })
        );
        Assert.Throws<InvalidOperationException>(() =>
            MatrixProduct.Multiply(wide, wide, small, panels, shape with { Rows = 4 })
        );
        Assert.Throws<InvalidOperationException>(() => MatrixProduct.Multiply(small, small, wide, PanelView.Of(small), shape));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(small.Transposed, small, wide, panels, shape));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(small, small.Transposed, wide, panels, shape));
    }

    [Fact]
    public void SquaredNorm_AnyLength_EqualsThePlainSum() =>
        Gen.Int[0, 3000]
            .Sample(
                length =>
                {
                    float[] values = Random(new DeterministicRandom(length), 1, length).Data;
                    double expected = values.Sum(v => (double)v * v);
                    Assert.Equal(expected, SquaredNorm.Of(values), 1e-6 * (1 + expected));
                },
                iter: 50
            );

    /// <summary>The sum that every path has to reproduce: from the start over the depth in order.</summary>
    private static float[] Plain(MatrixView start, MatrixView a, MatrixView b, GemmShape shape)
    {
        float[] sums = new float[shape.Rows * shape.Columns];
        for (int i = 0; i < shape.Rows; i++)
        {
            for (int j = 0; j < shape.Columns; j++)
            {
                float sum = start.Data[(i * start.RowStride) + j];
                for (int k = 0; k < shape.Depth; k++)
                {
                    float x = a.Data[(i * a.RowStride) + (k * a.ColumnStride)];
                    sum = float.MultiplyAddEstimate(x, b.Data[(k * shape.Columns) + j], sum);
                }

                sums[(i * shape.Columns) + j] = sum;
            }
        }

        return sums;
    }

    private static float[] Multiply<TLane, TVector>(MatrixView c, MatrixView start, MatrixView a, MatrixView b, GemmShape shape)
        where TLane : struct, IVectorLane<TVector>
        where TVector : struct
    {
        MatrixView result = c with { Data = [.. c.Data] };
        MatrixView from = start == c ? result : start;
        PanelView right = Panels(b, shape.Columns, 2 * TLane.Count);
        MatrixKernel<TLane, TVector>.Multiply(result, from, a, right, shape);
        return result.Data;
    }

    /// <summary>The matrix in panels; what lies behind its last column must not matter.</summary>
    private static PanelView Panels(MatrixView b, int columns, int width)
    {
        int depth = b.Data.Length / columns;
        int panels = (columns + width - 1) / width;
        float[] data = [.. Enumerable.Repeat(float.NaN, panels * depth * width)];
        for (int k = 0; k < depth; k++)
        {
            for (int j = 0; j < columns; j++)
            {
                data[(j / width * depth * width) + (k * width) + (j % width)] = b.Data[(k * columns) + j];
            }
        }

        return new PanelView(data, 0, width, depth * width);
    }

    private static MatrixView Random(DeterministicRandom random, int rows, int columns) =>
        new([.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextGaussian())], 0, columns);
}
