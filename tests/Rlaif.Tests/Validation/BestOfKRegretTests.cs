using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class BestOfKRegretTests
{
    private static readonly SettledCandidate[] Candidates =
    [
        .. Enumerable
            .Range(0, 3)
            .SelectMany(s =>
                Enumerable.Range(0, 3).Select(i => SettledData.Candidate("A", s, netReturn: 0.01 * ((i + s) % 3), index: i))
            ),
    ];

    [Fact]
    public void Measure_PerfectReward_HasNoRegret()
    {
        BestOfKRegret regret = BestOfKRegret.Measure(
            Candidates,
            c => c.Outcome.NetReturn,
            c => c.Outcome.NetReturn,
            new DeterministicRandom(1)
        )!;
        Assert.Equal(0, regret.Regret);
        // The baseline takes index 0, which earns 0, 1 and 2 percent where the best earns 2.
        Assert.Equal(0.01, regret.BaselineRegret, 1e-12);
        Assert.Equal((3, 0), (regret.Contexts, regret.Skipped));
    }

    [Fact]
    public void Measure_ConstantReward_IsTheBaseline()
    {
        BestOfKRegret regret = BestOfKRegret.Measure(Candidates, _ => 0, c => c.Outcome.NetReturn, new DeterministicRandom(1))!;
        Assert.Equal(regret.BaselineRegret, regret.Regret, 1e-15);
    }

    [Fact]
    public void Measure_ScoresThatAreNotDefined_AreSkippedAndCounted()
    {
        BestOfKRegret regret = BestOfKRegret.Measure(
            Candidates,
            _ => 0,
            c => c.Context.Date == SettledData.Session(1) && c.Candidate.Index == 2 ? null : c.Outcome.NetReturn,
            new DeterministicRandom(1)
        )!;
        Assert.Equal((2, 1), (regret.Contexts, regret.Skipped));
        Assert.Null(BestOfKRegret.Measure(Candidates[..1], _ => 0, _ => 0, new DeterministicRandom(1)));
    }
}
