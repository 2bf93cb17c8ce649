using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Decisions;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Tests.Decisions.RuleBased;

public sealed class FundamentalAnalystTests
{
    private static readonly FundamentalAnalyst Analyst = new();

    [Fact]
    public void AnalyzeAsync_AnySnapshot_KeepsTheLawsOfReports() => AnalystLaws.HoldFor(Analyst);

    [Fact]
    public void AnalyzeAsync_NoFilings_HasNoViewAndSaysSo()
    {
        AnalystReport report = Analyst.Analyze(SimulatedDesk.Snapshot(1, filings: false));
        Assert.Equal(0, report.Score);
        Assert.Equal(0, report.Confidence);
        Assert.Equal("No filings of ACME are at hand: no view on fundamentals.", report.Analysis);
        Assert.Equal(["No filings are known at this moment."], report.Reasoning);
    }

    [Fact]
    public void AnalyzeAsync_Reasoning_StatesTheFeatures()
    {
        foreach (int seed in Enumerable.Range(0, 40))
        {
            MarketSnapshot snapshot = SimulatedDesk.Snapshot(seed);
            IReadOnlyDictionary<string, double?> f = MarketFeatures.Compute(snapshot);
            string text = string.Join('\n', Analyst.Analyze(snapshot).Reasoning);
            Assert.Contains($"earnings yield is {Wording.Level(f["earnings_yield"]!.Value)}", text, StringComparison.Ordinal);
            Assert.Contains(
                $"Revenue {Wording.Moved(f["revenue_growth_yoy"]!.Value)} on the year before",
                text,
                StringComparison.Ordinal
            );
            Assert.Contains($"net margin is {Wording.Level(f["net_margin"]!.Value)}", text, StringComparison.Ordinal);
            Assert.Contains($"Return on equity is {Wording.Level(f["return_on_equity"]!.Value)}", text, StringComparison.Ordinal);
            Assert.Contains(
                $"Liabilities are {Wording.Plain(f["debt_to_equity"]!.Value)} times equity",
                text,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(105, 0.75)]
    [InlineData(400, 0.5)]
    public void AnalyzeAsync_AgeOfTheFiling_LowersConfidence(int days, double factor)
    {
        Assert.Equal(factor, Report(days, 1.3m).Confidence / Report(1, 1.3m).Confidence, 6);
        Assert.Equal(Report(1, 1.3m).Score, Report(days, 1.3m).Score);
    }

    [Fact]
    public void AnalyzeAsync_GrowthAgainstDecline_PointsTheRightWay()
    {
        Assert.True(Report(10, 1.3m).Score > 0.3);
        Assert.True(Report(10, 0.7m).Score < -0.3);
    }

    // Two filings a year apart in which revenue became `growth` times as much at an ordinary margin: growth is the only loud fact.
    private static AnalystReport Report(int daysOld, decimal growth)
    {
        MarketSnapshot plain = SimulatedDesk.Snapshot(1, filings: false);
        FundamentalReport last = Filing(plain.AsOf.AddDays(-daysOld), 100 * growth);
        FundamentalReport before = Filing(plain.AsOf.AddDays(-daysOld - 365), 100);
        var bars = new BarSeries("ACME", Enumerable.Range(0, plain.Bars.Count).Select(i => plain.Bars[i]));
        return Analyst.Analyze(MarketSnapshot.Create(bars, plain.AsOf, fundamentals: [before, last]));
    }

    private static FundamentalReport Filing(DateTimeOffset filedAt, decimal revenue) =>
        new()
        {
            Symbol = "ACME",
            PeriodEnd = DateOnly.FromDateTime(filedAt.UtcDateTime).AddDays(-30),
            FiledAt = filedAt,
            Revenue = revenue,
            NetIncome = revenue / 10,
        };
}
