using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Roles;

namespace Rlaif.Tests.Decisions.Llm.Roles;

public sealed class CandidatePlanTests
{
    private static readonly string[] Evidence = ["R1", "R3", "H1", "H2", "D1"];
    private static readonly MarketSnapshot Snapshot = SimulatedDesk.Snapshot(1);

    [Fact]
    public void At_SameMomentSeedAndIndex_IsTheSamePlan()
    {
        for (int index = 0; index < 12; index++)
        {
            Assert.Equal(Words(At(index)), Words(At(index)));
            Assert.True(index == 0 || Words(At(index)) != Words(At(index, seed: 7)));
        }

        Assert.Equal(Words(At(0)), Words(At(0, seed: 7)));
        Assert.Equal(12, Enumerable.Range(0, 12).Select(i => Words(At(i))).Distinct().Count());
    }

    [Fact]
    public void At_Baseline_WithholdsAndDrawsNothing()
    {
        CandidatePlan plan = At(0);
        Assert.Equal(("balanced", "all reports alike"), (plan.Variety.Persona, plan.Weights));
        Assert.Empty(plan.Variety.Withheld);
        Assert.Null(plan.Variety.Seed);
        Assert.Null(plan.Variety.Temperature);
        Assert.Null(plan.Side);
    }

    [Fact]
    public void At_Others_WithholdOneShownItemEachInTime()
    {
        HashSet<string> withheld = [.. Enumerable.Range(1, 60).Select(i => Assert.Single(At(i).Variety.Withheld))];
        Assert.Equal(Evidence.Order(), withheld.Order());
        Assert.Empty(At(3, evidence: []).Variety.Withheld);
    }

    [Theory]
    [InlineData(0.4, TradeAction.Sell)]
    [InlineData(-0.001, TradeAction.Buy)]
    public void At_Contrarian_ArguesAgainstTheMean(double score, TradeAction side)
    {
        Assert.Equal(side, At(2, reports: [Report(score, 0.5), Report(-score, 0.4)]).Side);
        // Confidence counts: a louder but less certain voice does not turn it.
        Assert.Equal(side, At(2, reports: [Report(score, 0.5), Report(-score * 2, 0.2)]).Side);
        Assert.All(new[] { 0, 1, 3, 4, 5 }, i => Assert.Null(At(i, reports: [Report(score, 0.5)]).Side));
    }

    [Fact]
    public void At_ContrarianOfAnUndecidedDesk_TossesACoin()
    {
        TradeAction[] sides =
        [
            .. Enumerable.Range(0, 60).Select(s => At(2, seed: s, reports: [Report(0.3, 0.5), Report(-0.3, 0.5)]).Side!.Value),
        ];
        Assert.InRange(sides.Count(s => s == TradeAction.Buy), 15, 45);
        Assert.NotNull(At(2, reports: []).Side);
    }

    [Fact]
    public void At_Mixed_DescribesWeightsOfItsOwn()
    {
        Assert.Matches(
            "^fundamental [0-9.]+, sentiment [0-9.]+, technical [0-9.]+, risk [0-9.]+, others 1\\.0; horizon: .+; boldness [0-9.]+ times",
            At(5).Weights
        );
        Assert.NotEqual(At(5).Weights, At(6).Weights);
    }

    private static AnalystReport Report(double score, double confidence) =>
        new()
        {
            Role = AnalystRole.Technical,
            Score = score,
            Confidence = confidence,
            Analysis = "",
            Reasoning = [],
        };

    private static CandidatePlan At(
        int index,
        int seed = 42,
        IReadOnlyList<AnalystReport>? reports = null,
        IReadOnlyList<string>? evidence = null
    ) =>
        CandidatePlan.At(
            index,
            Snapshot,
            new ManagerOptions { Seed = seed },
            reports ?? [Report(0.2, 0.5)],
            evidence ?? Evidence,
            takesTemperature: false
        );

    private static string Words(CandidatePlan plan) => ScriptedTeam.Json(plan);
}
