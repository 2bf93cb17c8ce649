using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Roles;

namespace Rlaif.Tests.Decisions.Llm.Roles;

public sealed class ReportsTests
{
    [Fact]
    public void Opponent_OnTheOppositeSide_IsTheWeightiest()
    {
        AnalystReport own = Report(AnalystRole.Risk, 0.2, 0.5);
        Assert.Equal(
            AnalystRole.Sentiment,
            Reports
                .Opponent(
                    own,
                    [
                        Report(AnalystRole.Fundamental, -0.9, 0.1),
                        Report(AnalystRole.Sentiment, -0.3, 0.6),
                        Report(AnalystRole.Technical, 0.9, 0.9),
                    ]
                )!
                .Role
        );
    }

    [Fact]
    public void Opponent_NobodyOnTheOppositeSide_IsTheFurthestAway()
    {
        AnalystReport near = Report(AnalystRole.Fundamental, 0.3, 0.9);
        AnalystReport far = Report(AnalystRole.Technical, 0.9, 0.1);
        Assert.Same(far, Reports.Opponent(Report(AnalystRole.Risk, 0.2, 0.5), [near, far]));
        // Without a side of one's own everybody is on it.
        Assert.Same(far, Reports.Opponent(Report(AnalystRole.Risk, 0, 0.5), [near, far]));
        Assert.Same(near, Reports.Opponent(Report(AnalystRole.Risk, 0.9, 0.5), [near, far]));
        Assert.Null(Reports.Opponent(near, []));
    }

    [Fact]
    public void Opponent_Ties_GoByRoleWhateverTheOrder()
    {
        AnalystReport one = Report(AnalystRole.Fundamental, -0.3, 0.5);
        AnalystReport two = Report(AnalystRole.Technical, -0.5, 0.3);
        AnalystReport own = Report(AnalystRole.Risk, 0.2, 0.5);
        Assert.Same(one, Reports.Opponent(own, [two, one]));
        Assert.Same(one, Reports.Opponent(own, [one, two]));
    }

    [Fact]
    public void Render_ResultsOfTools_AreNotPassedOn()
    {
        var said = new ReportReply(["Volatility is 2% [T1].", "Both [F1, T2]."], "See [T1] and [F2].", ["F1", "T1"], 0.1, 0.5);
        MarketSnapshot snapshot = SimulatedDesk.Snapshot(1);
        var book = new EvidenceBook(snapshot, Masker.None(snapshot), new ManagerOptions(), [], _ => [], []);
        string text = Reports.Render(
            Report(AnalystRole.Technical, 0.25, 0.5),
            said,
            isFull: true,
            "As [T1] and [D101] show, [R4] errs.",
            book
        );
        Assert.Equal(
            "[R3] Technical, score +0.25, confidence 0.50: See (own tool) and [F2].\n  1. Volatility is 2% (own tool).\n  2. Both [F1].\n  In the last round: As (own tool) and (own tool) show, [R4] errs.",
            text
        );
        Assert.Equal(["F1", "F2", "T1", "T2"], Reports.Cited(said, "[T2]").Distinct().Order());
    }

    [Fact]
    public void In_Texts_FindsIdsAndNothingElse()
    {
        Assert.Equal(["F1", "H2", "D10", "R3"], Citations.In("a [F1] b [H2, D10] c [ R3 ] [12] [Q3 2024] [Q3] [f4] F5 [F1a] []"));
    }

    [Fact]
    public void Model_EveryAnalyst_HasAModelRoleOfItsName()
    {
        foreach (AnalystRole role in Enum.GetValues<AnalystRole>())
        {
            Assert.Equal(role.ToString(), RoleBook.Model(role).ToString());
        }

        Assert.Equal(4, RoleBook.Analysts(new LlmOptions()).Count);
        Assert.Equal(6, RoleBook.Analysts(new LlmOptions { Researchers = true }).Count);
    }

    private static AnalystReport Report(AnalystRole role, double score, double confidence) =>
        new()
        {
            Role = role,
            Score = score,
            Confidence = confidence,
            Analysis = "",
            Reasoning = [],
        };
}
