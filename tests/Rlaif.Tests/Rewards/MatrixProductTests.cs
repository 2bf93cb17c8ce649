using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class MatrixProductTests
{
    [Fact]
    public void MultiplyAdd_AnyShape_EqualsThePlainLoopBitForBit() =>
        Gen.Select(Gen.Int[1, 13], Gen.Int[1, 150], Gen.Int[1, 40], Gen.Bool)
            .Sample(
                (rows, columns, depth, transposed) =>
                {
                    var random = new DeterministicRandom(rows + (100 * columns) + (100_000 * depth));
                    MatrixView a = transposed ? Random(random, depth, rows).Transposed : Random(random, rows, depth);
                    MatrixView b = Random(random, depth, columns);
                    MatrixView c = Random(random, rows, columns);
                    float[] expected = [.. c.Data];
                    for (int i = 0; i < rows; i++)
                    {
                        for (int j = 0; j < columns; j++)
                        {
                            for (int k = 0; k < depth; k++)
                            {
                                float x = a.Data[(i * a.RowStride) + (k * a.ColumnStride)];
                                ref float sum = ref expected[(i * columns) + j];
                                sum = float.MultiplyAddEstimate(x, b.Data[(k * columns) + j], sum);
                            }
                        }
                    }

                    MatrixProduct.MultiplyAdd(c, a, b, new GemmShape(rows, columns, depth));
                    Assert.Equal(expected, c.Data);
                },
                iter: 200
            );

    [Fact]
    public void MultiplyAdd_ViewThatDoesNotFit_Throws()
    {
        var small = new MatrixView(new float[12], 0, 4);
        var shape = new GemmShape(3, 4, 4);
        Assert.Throws<InvalidOperationException>(() => MatrixProduct.MultiplyAdd(small, small, small, shape));
        Assert.Throws<ArgumentException>(() => MatrixProduct.MultiplyAdd(small.Transposed, small, small, shape));
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

    private static MatrixView Random(DeterministicRandom random, int rows, int columns) =>
        new([.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextGaussian())], 0, columns);
}
