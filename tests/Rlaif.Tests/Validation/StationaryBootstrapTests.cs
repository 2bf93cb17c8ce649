using Rlaif.Core;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class StationaryBootstrapTests
{
    [Fact]
    public void Indices_ReferenceDraws_GiveTheReferenceIndices()
    {
        Assert.Equal([3, 0, 1, 2, 2], StationaryBootstrap.Indices([3, 0, 4, 1, 2], [.9, .05, .5, .5, .2], 0.25));
        Assert.Equal([4, 0, 1, 2, 2], StationaryBootstrap.Indices([4, 0, 0, 0, 2], [.9, .9, .9, .9, .1], 0.2));
    }

    [Fact]
    public void Draw_MeanBlockLengthOfTen_StartsABlockEveryTenPositions()
    {
        int[] indices = StationaryBootstrap.Draw(20_000, 10, new DeterministicRandom(4));
        int starts = Enumerable.Range(1, indices.Length - 1).Count(i => indices[i] != (indices[i - 1] + 1) % indices.Length);
        Assert.InRange(starts, 1850, 2150);
        Assert.All(indices, i => Assert.InRange(i, 0, indices.Length - 1));
    }

    [Fact]
    public void Draw_BlockLengthOfOne_IsTheOrdinaryBootstrap()
    {
        int[] indices = StationaryBootstrap.Draw(1000, 1, new DeterministicRandom(4));
        Assert.InRange(indices.Distinct().Count(), 580, 680);
        Assert.Throws<ArgumentOutOfRangeException>(() => StationaryBootstrap.Draw(10, 0.5, new DeterministicRandom(4)));
    }
}
