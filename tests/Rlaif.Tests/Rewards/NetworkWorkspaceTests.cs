using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class NetworkWorkspaceTests
{
    [Fact]
    public void Connect_EveryAlignmentOfMemory_JoinsTheTowersSideBySide()
    {
        // Arrays lie differently each time, and with them the first place that is aligned.
        var architecture = new NetworkArchitecture
        {
            NumericalDim = 7,
            TextDim = 24,
            HiddenDims = [20, 12],
        };
        NetworkWorkspace[] workspaces =
        [
            .. Enumerable.Range(0, 64).Select(i => new NetworkWorkspace(architecture, 1 + (i % 5), training: true)),
        ];
        Assert.True(workspaces.Select(w => w.Input(3).Offset).Distinct().Count() > 1);
        Assert.All(
            workspaces,
            w =>
            {
                Assert.Equal(w.Input(3), w.Output(1));
                Assert.Equal(w.Input(3) with { Offset = w.Input(3).Offset + 12 }, w.Output(2));
                Assert.Equal(w.InputGradient(3) with { Offset = w.InputGradient(3).Offset + 12 }, w.OutputGradient(2));
            }
        );
    }
}
