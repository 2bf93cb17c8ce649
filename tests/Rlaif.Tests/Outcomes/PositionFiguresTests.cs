using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using static Rlaif.Tests.Outcomes.Given;
using static Rlaif.Tests.Outcomes.Weeks;

namespace Rlaif.Tests.Outcomes;

/// <summary>What a position tells of its way so far, worked out by hand on weeks that fit in the head.</summary>
public sealed class PositionFiguresTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(At("2024-01-06"));
    private Ledger _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await Ledger.OpenAsync(":memory:");

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    private async Task<OutcomeTracker> TrackAsync(
        IEnumerable<Bar> bars,
        SettlementOptions options,
        int accepted = 0,
        params CorporateAction[] actions
    )
    {
        // A second symbol that always trades keeps the calendar going.
        IEnumerable<Bar> index = Calendar.Sessions.Where(d => d.Year == 2024).Select(d => Bar(d, 10, 10, 10, 10));
        var market = new InMemoryMarketData(
            "test",
            [new BarSeries("AAPL", bars, actions), new BarSeries("BBB", index), new BarSeries("CCC", index)]
        );
        var tracker = new OutcomeTracker(market, _ledger, _clock, options);
        await tracker.TrackDecisionAsync(await RecordAsync(_ledger, Proposal(At("2024-01-06")), accepted), 10);
        return tracker;
    }

    private async Task<Position> OpenAtAsync(OutcomeTracker tracker, string time)
    {
        _clock.SetUtcNow(At(time));
        return Assert.Single(await tracker.GetOpenPositionsAsync());
    }

    [Fact]
    public async Task OpenPosition_MidWeek_TellsItsWaySoFar()
    {
        SettlementOptions options = Free with
        {
            TargetReturn = 0.2,
            StopReturn = 0.04,
            TrailReturn = 0.05,
            MinReturnsForRatios = 3,
        };
        // Closes 102, 101, 103 after an entry at 100
        Bar[] bars = [Bar("01-08", 100, 103, 99, 102), Bar("01-09", 102, 104, 100, 101), Bar("01-10", 101, 103, 100, 103)];
        OutcomeTracker tracker = await TrackAsync(bars, options);
        Position two = await OpenAtAsync(tracker, "2024-01-09T22:00:00Z");
        // Two returns are too few of three
        Assert.Equal((2, null, null), (two.DaysHeld, two.Sharpe, two.Sortino));
        Assert.Equal(new TimeSpan(1, 7, 30, 0), two.TimeHeld);
        Near((101.0 / 102) - 1, two.MaxDrawdown);
        Near(0.04, two.FavorableExcursion);
        Near(-0.01, two.AdverseExcursion);
        // 100 * 1.2, 100 * 0.96, 104 * 0.95
        Assert.Equal((120m, 96m, 98.8m), (two.TargetPrice, two.StopPrice, two.TrailingPrice));

        Position three = await OpenAtAsync(tracker, "2024-01-10T21:00:00Z");
        double[] returns = [0.02, (101.0 / 102) - 1, (103.0 / 101) - 1];
        double mean = returns.Sum() / 3;
        double deviation = Math.Sqrt(returns.Sum(r => (r - mean) * (r - mean)) / 2);
        Near(mean / deviation * Math.Sqrt(252), three.Sharpe);
        // One loss of three: mean / sqrt(loss^2 / 3) * sqrt(252)
        Near(mean / Math.Sqrt(returns[1] * returns[1] / 3) * Math.Sqrt(252), three.Sortino);
        Assert.Equal(3, three.DaysHeld);
    }

    [Fact]
    public async Task OpenPosition_PendingThenClosed_HasFiguresOnlyWhereTheyAreDefined()
    {
        OutcomeTracker tracker = await TrackAsync(Rising, Free with { TargetReturn = 0.04 });
        Position pending = await OpenAtAsync(tracker, "2024-01-08T12:00:00Z");
        Assert.Equal((null, null, null, null), (pending.DaysHeld, pending.TimeHeld, pending.MaxDrawdown, pending.TargetPrice));
        _clock.SetUtcNow(At("2024-01-12T21:00:00Z"));
        Position closed = Assert.Single(await tracker.UpdatePositionsAsync());
        // Target 104 touched on Wednesday, known at its close: three days, 2 days 6.5 hours
        Assert.Equal((3, new TimeSpan(2, 6, 30, 0)), (closed.DaysHeld, closed.TimeHeld));
        // Lows 99, 100; the target itself is the best
        Near(0.04, closed.FavorableExcursion);
        Near(-0.01, closed.AdverseExcursion);
        Assert.Equal((0.0, null, null), (closed.MaxDrawdown, closed.Sharpe, closed.TargetPrice));
    }

    [Fact]
    public async Task OpenPosition_OverASplit_TellsLevelsInNewShares()
    {
        OutcomeTracker tracker = await TrackAsync(
            SplitWeek,
            Free with
            {
                StopReturn = 0.1,
                TrailReturn = 0.05,
            },
            0,
            Split("01-10", 4)
        );
        Position before = await OpenAtAsync(tracker, "2024-01-09T22:00:00Z");
        // 400 * 0.9, 412 * 0.95
        Assert.Equal((360m, 391.4m), (before.StopPrice, before.TrailingPrice));
        Position after = await OpenAtAsync(tracker, "2024-01-10T22:00:00Z");
        // A quarter of 360; the best is now 104 new shares' worth: 104 * 0.95
        Assert.Equal((90m, 98.8m), (after.StopPrice, after.TrailingPrice));
    }

    [Fact]
    public async Task OpenPosition_SymbolFallsSilent_IsNamedAfterThreeDays()
    {
        OutcomeTracker tracker = await TrackAsync(Rising[..2], Free with { HoldDays = 20 });
        // Traded on Monday and Tuesday; Wednesday, Thursday and Friday are over on Saturday
        Position friday = await OpenAtAsync(tracker, "2024-01-12T22:00:00Z");
        Assert.Equal((null, 4), (friday.Problem, friday.DaysHeld));
        Position saturday = await OpenAtAsync(tracker, "2024-01-13T00:00:00Z");
        Assert.Equal((SettlementReasons.NoBars, 5, 102m), (saturday.Problem, saturday.DaysHeld, saturday.CurrentPrice));
    }

    [Fact]
    public async Task PendingPosition_SymbolNeverTradesAgain_IsNamedAfterThreeDays()
    {
        OutcomeTracker tracker = await TrackAsync([Bar("01-05", 99, 100, 98, 99)], Free);
        Assert.Null((await OpenAtAsync(tracker, "2024-01-10T22:00:00Z")).Problem);
        Position silent = await OpenAtAsync(tracker, "2024-01-11T00:00:00Z");
        Assert.Equal((PositionStatus.Pending, SettlementReasons.NoBars), (silent.Status, silent.Problem));
    }

    [Fact]
    public async Task OpenPosition_DueDayPassedWithoutABar_IsNamedAtOnce()
    {
        // Due on Wednesday, which has no bar
        OutcomeTracker tracker = await TrackAsync(Rising[..2], Free with { HoldDays = 3 });
        Assert.Null((await OpenAtAsync(tracker, "2024-01-10T23:59:59Z")).Problem);
        Assert.Equal(SettlementReasons.NoBars, (await OpenAtAsync(tracker, "2024-01-11T00:00:00Z")).Problem);
        Assert.Empty(await tracker.UpdatePositionsAsync());
    }

    [Fact]
    public async Task GetStatsAsync_ThreeClosed_GivesProfitFactorDrawdownAndDays()
    {
        OutcomeTracker tracker = await TrackAsync(Rising, Free with { HoldDays = 2 });
        TrackerStats none = await tracker.GetStatsAsync();
        Assert.Equal((null, 0m, null), (none.ProfitFactor, none.MaxPnlDrawdown, none.AverageDaysHeld));
        // Long 10 from 100 to 102: +20 on Tuesday. Short 10 from 101 (Tuesday) to 103: -20 on Wednesday; from 102 to 104: -20 on Thursday
        foreach (string asOf in (string[])["2024-01-08T21:00:00Z", "2024-01-09T21:00:00Z"])
        {
            _clock.SetUtcNow(At(asOf));
            await tracker.TrackDecisionAsync(await RecordAsync(_ledger, Proposal(At(asOf)), 1), 10);
        }

        _clock.SetUtcNow(At("2024-01-12T22:00:00Z"));
        await tracker.UpdatePositionsAsync();
        TrackerStats stats = await tracker.GetStatsAsync();
        Near(0.5, stats.ProfitFactor);
        Assert.Equal(-40m, stats.MaxPnlDrawdown, 12);
        Near(2, stats.AverageDaysHeld);
    }

    [Fact]
    public void Describe_BarsAndActionsAfterTheClockChanged_ChangesNothing() =>
        Gen.Select(Gen.ULong.Select(RandomScenario.From), Gen.Int[0, 30 * 24])
            .Sample(
                (s, hours) =>
                {
                    DateTimeOffset now = s.AsOf.AddHours(hours);
                    PositionOpened opened = Opened("one", PositionSide.Short, 7, s.Options, s.AsOf);
                    MarketPath path = s.Path();
                    Bar Later(Bar b) =>
                        b.CloseTime <= now
                            ? b
                            : b with
                            {
                                Open = b.Open * 2,
                                High = b.High * 3,
                                Low = b.Low / 2,
                                Close = b.Close * 2,
                            };
                    CorporateAction[] actions =
                    [
                        .. s.Actions.Where(a => a.ExDate <= DateOnly.FromDateTime(now.Date)),
                        new(DateOnly.FromDateTime(now.Date).AddDays(1), CorporateActionKind.Split, 5),
                    ];
                    MarketPath changed = path with { Bars = new BarSeries("AAPL", s.Bars.Select(Later), actions) };
                    Assert.Equal(PositionBook.Describe(opened, path, now), PositionBook.Describe(opened, changed, now));
                    HeldPosition? held = PositionBook.Follow(opened, path, now);
                    HeldPosition? again = PositionBook.Follow(opened, changed, now);
                    Assert.Equal(
                        (held?.Position, held?.Levels, held?.Share.Shares, held?.Share.Cash, held?.Way.Peak),
                        (again?.Position, again?.Levels, again?.Share.Shares, again?.Share.Cash, again?.Way.Peak)
                    );
                },
                iter: 500
            );

    /// <summary>Two markets with the same days: one in bars of a day, one in halves of a day.</summary>
    [Fact]
    public async Task Sharpe_FinerBarsOfTheSameDays_IsTheSameAndDrawdownIsDeeper()
    {
        static IEnumerable<Bar> Halves(Bar day, decimal noon)
        {
            yield return day with
            {
                CloseTime = day.OpenTime.AddHours(3),
                High = Math.Max(day.Open, noon),
                Low = Math.Min(day.Open, noon),
                Close = noon,
            };
            yield return day with
            {
                OpenTime = day.OpenTime.AddHours(3),
                Open = noon,
                High = Math.Max(day.Close, noon),
                Low = Math.Min(day.Close, noon),
            };
        }

        SettlementOptions options = Free with { MinReturnsForRatios = 3 };
        Bar[] days = [Bar("01-08", 100, 104, 96, 102), Bar("01-09", 102, 104, 96, 101), Bar("01-10", 101, 104, 96, 103)];
        OutcomeTracker daily = await TrackAsync(days, options);
        Position whole = await OpenAtAsync(daily, "2024-01-11T00:00:00Z");
        await _ledger.DisposeAsync();
        _ledger = await Ledger.OpenAsync(":memory:");
        OutcomeTracker finer = await TrackAsync(days.SelectMany(d => Halves(d, 96)), options);
        Position halves = await OpenAtAsync(finer, "2024-01-11T00:00:00Z");
        Assert.NotNull(whole.Sharpe);
        Assert.NotNull(whole.Sortino);
        Near(whole.Sharpe, halves.Sharpe);
        Near(whole.Sortino, halves.Sortino);
        // Of days: 101 after 102. Of halves: 96 at Tuesday's noon after 102
        Near((101.0 / 102) - 1, whole.MaxDrawdown);
        Near((96.0 / 102) - 1, halves.MaxDrawdown);
    }
}
