using Rlaif.Core;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class BlockLengthTests
{
    [Fact]
    public void PolitisWhite_ReferenceSeries_GivesTheReferenceLengths()
    {
        BlockLength length = BlockLength.PolitisWhite(ReferenceSeries())!;
        Assert.Equal(9.444852408842, length.Stationary, 1e-10);
        Assert.Equal(10.811657071216, length.Circular, 1e-10);
    }

    [Fact]
    public void PolitisWhite_IndependentSeries_IsShorterThanDependentOne()
    {
        var random = new DeterministicRandom(2);
        double[] independent = [.. Enumerable.Range(0, 1000).Select(_ => random.NextGaussian())];
        Assert.InRange(BlockLength.PolitisWhite(independent)!.Stationary, 0, 5);
    }

    [Fact]
    public void PolitisWhite_ShortOrConstantSeries_IsNull()
    {
        Assert.Null(BlockLength.PolitisWhite([1, 2, 3]));
        Assert.Null(BlockLength.PolitisWhite(new double[50]));
    }

    private static double[] ReferenceSeries()
    {
        const long Modulus = 1L << 31;
        long state = 12345;
        double before = 0;
        double[] series = new double[500];
        for (int i = 0; i < series.Length; i++)
        {
            state = ((1103515245 * state) + 12345) % Modulus;
            before = (0.5 * before) + ((double)state / Modulus) - 0.5;
            series[i] = before;
        }

        return series;
    }
}
