using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using static Rlaif.Tests.Outcomes.Given;

namespace Rlaif.Tests.Outcomes;

public sealed class SettlementReportTests
{
    private static readonly DecisionContext Monday = Context(At("2024-01-08T08:00:00Z"));

    private static readonly ReportedResult Report = new()
    {
        EntryPrice = 175,
        EntryAt = At("2024-01-08T14:30:00Z"),
        ExitPrice = 185.5m,
        ExitAt = At("2024-01-12T21:00:00Z"),
    };

    private static Outcome Settle(
        ReportedResult report,
        TradeAction action = TradeAction.Buy,
        SettlementOptions? options = null
    ) => Settlement.FromReport(Monday, Candidate(Monday, action), report, At("2024-02-01"), options ?? new SettlementOptions());

    [Fact]
    public void FromReport_Prices_GiveReturnsWithCosts()
    {
        Outcome outcome = Settle(Report);
        // 185.5 / 175 - 1 = 0.06; 0.0005 * 2.06 = 0.00103
        Near(0.06, outcome.GrossReturn);
        Near(0.05897, outcome.NetReturn);
        Assert.Equal((ExitReason.Reported, 5), (outcome.ExitReason, outcome.HoldDays));
        Assert.Equal(Report.ExitAt, outcome.KnownAt);
        Assert.Null(outcome.BenchmarkReturn);
        // Short: -0.06 - 0.00103 - 0.005 * 4 / 365
        Near(-0.06103 - (0.02 / 365), Settle(Report, TradeAction.Sell).NetReturn);
        Assert.Equal(0, Settle(Report, TradeAction.Hold).NetReturn);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FromReport_History_GivesDrawdownAndRatios(bool withBothEnds)
    {
        // Equity 1, 1.1, 0.99, 1.06: 0.99 / 1.1 - 1 = -0.1
        decimal[] inside = [192.5m, 173.25m];
        ReportedResult report = Report with { PriceHistory = withBothEnds ? [175, .. inside, 185.5m] : inside };
        Outcome outcome = Settle(report, options: new SettlementOptions { MinReturnsForRatios = 3 });
        Near(-0.1, outcome.MaxDrawdown);
        Near(0.1, outcome.FavorableExcursion);
        Near(-0.01, outcome.AdverseExcursion);
        double[] returns = [0.1, (0.99 / 1.1) - 1, (1.06 / 0.99) - 1];
        Assert.Equal(ReturnStatistics.Sharpe(returns)!.Value, outcome.Sharpe!.Value, 1e-10);
        Assert.Null(Settle(report).Sharpe);
    }

    [Fact]
    public void FromReport_Calendar_CountsTradingDays()
    {
        // Friday 12 to Tuesday 16: Monday is a holiday, so two trading days, three weekdays
        ReportedResult report = Report with
        {
            EntryAt = At("2024-01-12T14:30:00Z"),
            ExitAt = At("2024-01-16T21:00:00Z"),
        };
        Candidate candidate = Candidate(Monday, TradeAction.Buy);
        Assert.Equal(3, Settlement.FromReport(Monday, candidate, report, At("2024-02-01"), Free).HoldDays);
        Assert.Equal(2, Settlement.FromReport(Monday, candidate, report, At("2024-02-01"), Free, Calendar).HoldDays);
    }

    public static TheoryData<ReportedResult> Implausible =>
        [
            Report with
            {
                EntryPrice = 0,
            },
            Report with
            {
                ExitPrice = -1,
            },
            Report with
            {
                PriceHistory = [175, 0],
            },
            Report with
            {
                EntryAt = At("2024-01-08T07:59:59Z"),
            },
            Report with
            {
                ExitAt = At("2024-01-08T14:29:59Z"),
            },
            Report with
            {
                ExitAt = At("2024-02-02"),
            },
        ];

    [Theory]
    [MemberData(nameof(Implausible))]
    public void FromReport_Implausible_IsRefused(ReportedResult report) =>
        Assert.Throws<RlaifInputException>(() => Settle(report));
}
