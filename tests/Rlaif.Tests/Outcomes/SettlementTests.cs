using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using static Rlaif.Tests.Outcomes.Given;
using static Rlaif.Tests.Outcomes.Weeks;

namespace Rlaif.Tests.Outcomes;

/// <summary>Costs, measures, waiting and failing, with the working beside each number.</summary>
public sealed class SettlementTests
{
    private static readonly SettlementOptions Stop3 = Free with { StopReturn = 0.03 };

    [Fact]
    public void Settle_DefaultCostsLong_PaysFiveBasisPointsOnBothNotionals()
    {
        Outcome outcome = Settle(TradeAction.Buy, MondayMorning, Rising, new SettlementOptions()).Outcome!;
        // 0.0005 * (1 + 110 / 100) = 0.00105; 0.10 - 0.00105 = 0.09895
        Near(0.00105, outcome.Costs);
        Near(0.09895, outcome.NetReturn);
        // 0.05 * 100,000 / 100 = 50 shares; 50 * 100 * 0.09895 = 494.75
        Assert.Equal(50m, outcome.Quantity);
        Assert.Equal(494.75m, outcome.Pnl);
    }

    [Fact]
    public void Settle_DefaultCostsShort_PaysBorrowForCalendarDays()
    {
        Outcome outcome = Settle(TradeAction.Sell, MondayMorning, Falling, new SettlementOptions()).Outcome!;
        // 0.0005 * (1 + 0.9) = 0.00095; Monday to Friday is 4 days: 0.005 * 4 / 365 = 0.02 / 365
        Near(0.00095 + (0.02 / 365), outcome.Costs);
        Near(0.1 - 0.00095 - (0.02 / 365), outcome.NetReturn);
    }

    [Fact]
    public void Settle_ShortOverHolidayWeekend_BorrowsForTheDaysBetween()
    {
        // Decided on Friday 12 January after the close. Monday 15 is a holiday: in on Tuesday 16, out on Monday 22, six days later.
        Bar[] bars =
        [
            Bar("01-16", 100, 101, 99, 100),
            Bar("01-17", 100, 101, 99, 100),
            Bar("01-18", 100, 101, 99, 100),
            Bar("01-19", 100, 101, 99, 100),
            Bar("01-22", 100, 101, 97, 98),
            Bar("01-23", 50, 51, 49, 50),
        ];
        Outcome outcome = Settle(TradeAction.Sell, "2024-01-12T21:00:00Z", bars, new SettlementOptions()).Outcome!;
        Assert.Equal(At("2024-01-16T14:30:00Z"), outcome.EntryAt);
        Assert.Equal(At("2024-01-22T21:00:00Z"), outcome.ExitAt);
        // gross 0.02; 0.0005 * 1.98 = 0.00099; 0.005 * 6 / 365 = 0.03 / 365
        Near(0.02 - 0.00099 - (0.03 / 365), outcome.NetReturn);
        Assert.Equal(5, outcome.HoldDays);
    }

    [Fact]
    public void Settle_ShortWithinADay_BorrowsForOneDay()
    {
        SettlementOptions options = new() { HoldDays = 1 };
        Outcome outcome = Settle(TradeAction.Sell, MondayMorning, Falling, options).Outcome!;
        // gross 0.01; 0.0005 * 1.99 = 0.000995; 0.005 / 365
        Near(0.01 - 0.000995 - (0.005 / 365), outcome.NetReturn);
    }

    [Fact]
    public void Settle_SplitWithCosts_TakesExitNotionalOfAllShares()
    {
        Outcome outcome = Settle(
            TradeAction.Buy,
            MondayMorning,
            SplitWeek,
            new SettlementOptions(),
            [Split("01-10", 4)]
        ).Outcome!;
        // 0.0005 * (1 + 110 * 4 / 400) = 0.00105
        Near(0.00105, outcome.Costs);
        // 0.05 * 100,000 / 400 = 12.5 shares at entry; 12.5 * 400 * 0.09895 = 494.75
        Assert.Equal(12.5m, outcome.Quantity);
        Assert.Equal(494.75m, outcome.Pnl);
        Assert.Equal(110m, outcome.ExitPrice);
    }

    [Fact]
    public void Settle_QuantityThatDoesNotDivide_IsRoundedDown()
    {
        Bar[] bars = [Bar("01-08", 300, 301, 299, 300)];
        Outcome outcome = Settle(TradeAction.Buy, MondayMorning, bars, Free with { HoldDays = 1 }).Outcome!;
        // 5,000 / 300 = 16.666666|66...
        Assert.Equal(16.666666m, outcome.Quantity);
    }

    [Fact]
    public void Settle_Hold_EarnsNothingOnTheSameWindow()
    {
        var benchmark = new BarSeries("SPX", [Bar("01-08", 4000, 4100, 3900, 4000), Bar("01-12", 4000, 4200, 4000, 4100)]);
        Outcome outcome = Settle(
            TradeAction.Hold,
            MondayMorning,
            Rising,
            new SettlementOptions { MinReturnsForRatios = 2 },
            benchmark: benchmark
        ).Outcome!;
        Assert.Equal(
            (0, 0, 0, 0, 0, 0, 0m, 0m),
            (
                outcome.GrossReturn,
                outcome.NetReturn,
                outcome.Costs,
                outcome.MaxDrawdown,
                outcome.FavorableExcursion,
                outcome.AdverseExcursion,
                outcome.Quantity,
                outcome.Pnl
            )
        );
        Assert.Equal((100m, 110m), (outcome.EntryPrice, outcome.ExitPrice));
        Assert.Equal(ExitReason.NoPosition, outcome.ExitReason);
        Assert.Null(outcome.Sharpe);
        // 4100 / 4000 - 1 = 0.025
        Near(0.025, outcome.BenchmarkReturn);
    }

    [Fact]
    public void Settle_RisingWeek_KeepsExcursionsAndDrawdown()
    {
        Outcome up = Settle(TradeAction.Buy, MondayMorning, Rising).Outcome!;
        // Highest 111, lowest 99; closes only rise
        Near(0.11, up.FavorableExcursion);
        Near(-0.01, up.AdverseExcursion);
        Assert.Equal(0, up.MaxDrawdown);
        Outcome down = Settle(TradeAction.Sell, MondayMorning, Rising).Outcome!;
        // Equity 0.99, 0.98, 0.97, 0.96, 0.90 from 1
        Near(-0.10, down.MaxDrawdown);
        Near(0.01, down.FavorableExcursion);
        Near(-0.11, down.AdverseExcursion);
    }

    [Fact]
    public void Settle_FallFromAPeak_MeasuresDrawdownFromThePeak()
    {
        Bar[] bars = [Bar("01-08", 100, 110, 100, 110), Bar("01-09", 110, 110, 99, 99), Bar("01-10", 99, 104.5m, 99, 104.5m)];
        Outcome outcome = Settle(TradeAction.Buy, MondayMorning, bars, Free with { HoldDays = 3 }).Outcome!;
        // 0.99 / 1.10 - 1 = -0.1
        Near(-0.1, outcome.MaxDrawdown);
        Near(0.045, outcome.GrossReturn);
    }

    [Fact]
    public void Settle_EarlyExit_LooksAtNoPriceOfThatBarButOpenAndFill()
    {
        Bar[] bars = [Rising[0], Bar("01-09", 92, 150, 10, 98)];
        Outcome outcome = Settle(TradeAction.Buy, MondayMorning, bars, Stop3).Outcome!;
        // Monday touched 102 and 99; Tuesday's open ended it at 92. Equity 1, 1.01, 0.92: 0.92 / 1.01 - 1
        Near(0.02, outcome.FavorableExcursion);
        Near(-0.08, outcome.AdverseExcursion);
        Near((0.92 / 1.01) - 1, outcome.MaxDrawdown);
        Assert.Equal((ExitReason.Stop, 2), (outcome.ExitReason, outcome.HoldDays));
        Assert.Equal(At("2024-01-09T14:30:00Z"), outcome.ExitAt);
        Assert.Equal(At("2024-01-09T21:00:00Z"), outcome.KnownAt);
    }

    [Fact]
    public void Settle_EnoughReturns_GivesSharpeOfSessionReturns()
    {
        Bar[] bars = [Bar("01-08", 100, 101, 100, 101), Bar("01-09", 101, 103.02m, 101, 103.02m)];
        SettlementOptions options = Free with { HoldDays = 2, MinReturnsForRatios = 2 };
        Outcome outcome = Settle(TradeAction.Buy, MondayMorning, bars, options).Outcome!;
        // Returns 0.01 and 0.02: 0.015 / (0.01 / sqrt 2) * sqrt 252 = 3 * sqrt 126; nothing fell, so no Sortino
        Near(3 * Math.Sqrt(126), outcome.Sharpe);
        Assert.Null(outcome.Sortino);
        Assert.Null(Settle(TradeAction.Buy, MondayMorning, bars, options with { MinReturnsForRatios = 3 }).Outcome!.Sharpe);
        // Short: returns of 1 - 0.01 = 0.99 and 0.9698 / 0.99 - 1; both losses, so there is a Sortino
        double first = -0.01;
        double second = (0.9698 / 0.99) - 1;
        double downside = Math.Sqrt(((first * first) + (second * second)) / 2);
        Outcome sold = Settle(TradeAction.Sell, MondayMorning, bars, options).Outcome!;
        Near((first + second) / 2 * 252 / (downside * Math.Sqrt(252)), sold.Sortino);
    }

    [Fact]
    public void Settle_IntradayBars_EnterAtTheNextBarAndLeaveAtTheLastOfTheSession()
    {
        static Bar Half(string day, bool late, decimal open, decimal close) =>
            Bar(day, open, Math.Max(open, close), Math.Min(open, close), close) with
            {
                OpenTime = At(DateOnly.Parse($"2024-{day}"), late ? new TimeSpan(18, 0, 0) : Open),
                CloseTime = At(DateOnly.Parse($"2024-{day}"), late ? Close : new TimeSpan(18, 0, 0)),
            };
        Bar[] bars =
        [
            Half("01-08", false, 100, 101),
            Half("01-08", true, 102, 103),
            Half("01-09", false, 103, 104),
            Half("01-09", true, 104, 107.1m),
        ];
        SettlementOptions options = Free with { HoldDays = 2 };
        // Decided at 15:00: in at 18:00 for 102, out on Tuesday at 21:00 for 107.1: 0.05
        Outcome outcome = Settle(TradeAction.Buy, "2024-01-08T15:00:00Z", bars, options).Outcome!;
        Near(0.05, outcome.GrossReturn);
        Assert.Equal(2, outcome.HoldDays);
        // Tuesday's first half alone does not end the session
        SettlementResult early = Settle(TradeAction.Buy, "2024-01-08T15:00:00Z", bars[..3], options, now: "2024-01-09T18:00:00Z");
        Assert.Equal(SettlementReasons.WaitingForExit, early.Reason);
        SettlementResult done = Settle(TradeAction.Buy, "2024-01-08T15:00:00Z", bars, options, now: "2024-01-10");
        Assert.Equal(outcome, done.Outcome);
    }

    [Theory]
    // Nothing after the decision
    [InlineData("2024-01-12T21:00:00Z", 5, SettlementStatus.Pending, SettlementReasons.WaitingForEntry)]
    // Thursday's close is not Friday's
    [InlineData(MondayMorning, 4, SettlementStatus.Pending, SettlementReasons.WaitingForExit)]
    [InlineData(MondayMorning, 1, SettlementStatus.Pending, SettlementReasons.WaitingForExit)]
    [InlineData(MondayMorning, 5, SettlementStatus.Settled, null)]
    public void Settle_DataEnds_WaitsAndSaysForWhat(string asOf, int bars, SettlementStatus status, string? reason)
    {
        SettlementResult result = Settle(TradeAction.Buy, asOf, Rising[..bars]);
        Assert.Equal((status, reason), (result.Status, result.Reason));
    }

    [Fact]
    public void Settle_ClockBeforeTheExitClose_Waits()
    {
        Assert.Equal(
            SettlementReasons.WaitingForExit,
            Settle(TradeAction.Buy, MondayMorning, Rising, now: "2024-01-12T20:59:59Z").Reason
        );
        Assert.True(Settle(TradeAction.Buy, MondayMorning, Rising, now: "2024-01-12T21:00:00Z").IsSettled);
        Assert.Equal(
            SettlementReasons.WaitingForEntry,
            Settle(TradeAction.Buy, MondayMorning, Rising, now: "2024-01-08T20:00:00Z").Reason
        );
    }

    [Theory]
    // Monday morning, and Monday did not trade
    [InlineData(MondayMorning)]
    // Friday night: Monday is the next session
    [InlineData("2024-01-05T21:00:00Z")]
    // The weekend before
    [InlineData("2024-01-06T12:00:00Z")]
    public void Settle_HaltInTheEntrySession_FailsInsteadOfFillingLate(string asOf)
    {
        Bar[] bars = [Bar("01-05", 99, 100, 98, 99), .. Rising[1..], Bar("01-16", 110, 111, 109, 110)];
        SettlementResult result = Settle(TradeAction.Buy, asOf, bars);
        Assert.Equal((SettlementStatus.Failed, SettlementReasons.NoEntryBar), (result.Status, result.Reason));
    }

    [Fact]
    public void Settle_HaltOnTheDayThatIsOver_FillsInTheNextSession()
    {
        // Decided on Monday night, when Monday (halted) was over: Tuesday's open is the first that could fill. 102 / 101 - 1
        Bar[] bars = [Bar("01-05", 99, 100, 98, 99), .. Rising[1..]];
        Outcome outcome = Settle(TradeAction.Buy, "2024-01-08T21:00:00Z", bars, Free with { HoldDays = 1 }).Outcome!;
        Near(1.0 / 101, outcome.GrossReturn);
    }

    [Fact]
    public void Settle_HaltInTheExitSession_FailsOnceTheSymbolTradesAgain()
    {
        SettlementResult before = Settle(TradeAction.Buy, MondayMorning, Rising[..4]);
        SettlementResult after = Settle(TradeAction.Buy, MondayMorning, [.. Rising[..4], Bar("01-16", 110, 111, 109, 110)]);
        Assert.Equal((SettlementStatus.Pending, SettlementReasons.WaitingForExit), (before.Status, before.Reason));
        Assert.Equal((SettlementStatus.Failed, SettlementReasons.MissingExitBar), (after.Status, after.Reason));
    }

    [Fact]
    public void Settle_PriceOfZero_FailsByName()
    {
        Bar[] bars = [Bar("01-08", 0, 1, 0, 1)];
        SettlementResult entry = Settle(TradeAction.Buy, MondayMorning, bars, Free with { HoldDays = 1 });
        SettlementResult exit = Settle(TradeAction.Buy, MondayMorning, [.. Rising[..4], Bar("01-12", 1, 1, 0, 0)]);
        Assert.Equal(SettlementReasons.NonPositivePrice, entry.Reason);
        Assert.Equal(SettlementReasons.NonPositivePrice, exit.Reason);
    }

    [Fact]
    public void Settle_CalendarThatEnds_Waits()
    {
        DecisionContext context = Context(At(MondayMorning));
        var path = new MarketPath(new BarSeries("AAPL", Rising), new SessionCalendar(Rising.Take(4).Select(b => b.Session)));
        SettlementResult result = Settlement.Settle(context, Candidate(context, TradeAction.Buy), path, At("2024-06-01"), Free);
        Assert.Equal(SettlementReasons.WaitingForExit, result.Reason);
    }

    [Fact]
    public void Settle_BenchmarkWithoutABarOnEitherDay_HasNoBenchmarkReturn()
    {
        BarSeries Index(params string[] days) => new("SPX", days.Select(d => Bar(d, 4000, 4100, 3900, 4100)));
        Near(0.025, Settle(TradeAction.Buy, MondayMorning, Rising, benchmark: Index("01-08", "01-12")).Outcome!.BenchmarkReturn);
        Assert.Null(Settle(TradeAction.Buy, MondayMorning, Rising, benchmark: Index("01-08", "01-11")).Outcome!.BenchmarkReturn);
        Assert.Null(Settle(TradeAction.Buy, MondayMorning, Rising, benchmark: Index("01-09", "01-12")).Outcome!.BenchmarkReturn);
        Assert.Null(Settle(TradeAction.Buy, MondayMorning, Rising).Outcome!.BenchmarkReturn);
    }

    [Fact]
    public void Settle_Outcome_NamesWhereItComesFrom()
    {
        DecisionContext context = Context(At(MondayMorning));
        Candidate candidate = Candidate(context, TradeAction.Buy);
        var path = new MarketPath(new BarSeries("AAPL", Rising), Calendar);
        Outcome traded = Settlement.Settle(context, candidate, path, At("2024-02-01"), Free, "dec_1").Outcome!;
        Outcome other = Settlement.Settle(context, candidate, path, At("2024-02-01"), Free).Outcome!;
        Assert.Equal((OutcomeProvenance.Traded, "dec_1"), (traded.Provenance, traded.DecisionId));
        Assert.Equal((OutcomeProvenance.Counterfactual, null), (other.Provenance, other.DecisionId));
        Assert.NotEqual(traded.OutcomeId, other.OutcomeId);
        Assert.Equal((0.02, 1.1), (traded.DailyVolatility, traded.Beta));
        Assert.Equal(traded.ExitAt, traded.KnownAt);
    }

    [Fact]
    public void Settle_ThingsThatDoNotBelongTogether_Throws()
    {
        DecisionContext context = Context(At(MondayMorning));
        Candidate stranger = Candidate(Context(At("2024-01-09")), TradeAction.Buy);
        var path = new MarketPath(new BarSeries("AAPL", Rising), Calendar);
        var other = new MarketPath(new BarSeries("MSFT", Rising), Calendar);
        Assert.Throws<ArgumentException>(() => Settlement.Settle(context, stranger, path, At("2024-02-01"), Free));
        Candidate own = Candidate(context, TradeAction.Buy);
        Assert.Throws<ArgumentException>(() => Settlement.Settle(context, own, other, At("2024-02-01"), Free));
    }
}
