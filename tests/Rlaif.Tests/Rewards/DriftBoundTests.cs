using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class DriftBoundTests
{
    [Fact]
    public void Enforce_BeyondTheBorder_PullsBackOntoItAlongTheSameWay()
    {
        // The norm is 5, so the border of a tenth is at a distance of a half.
        float[] parameters = [3, 4];
        var bound = new DriftBound(parameters, 0.1);
        parameters[0] += 3;
        Assert.Equal((0.1, true), bound.Enforce(parameters));
        Assert.Equal([3.5f, 4f], parameters);
    }

    [Fact]
    public void Enforce_WithinTheBorder_LeavesThemAndSaysHowFarTheyAre()
    {
        float[] parameters = [3, 4];
        var bound = new DriftBound(parameters, 0.1);
        parameters[1] -= 0.25f;
        Assert.Equal((0.05, false), bound.Enforce(parameters));
        Assert.Equal([3f, 3.75f], parameters);
    }
}
