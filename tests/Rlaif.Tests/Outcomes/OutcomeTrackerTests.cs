using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using static Rlaif.Tests.Outcomes.Given;

namespace Rlaif.Tests.Outcomes;

public sealed class OutcomeTrackerTests : IAsyncLifetime
{
    private const string FridayNight = "2024-01-05T21:00:00Z";

    /// <summary>Two weeks from Monday 8 January 2024; Monday 15 is a holiday.</summary>
    private static readonly Bar[] Bars =
    [
        Bar("01-05", 99, 100, 98, 99),
        Bar("01-08", 100, 102, 99, 101),
        Bar("01-09", 101, 103, 100, 102),
        Bar("01-10", 102, 104, 101, 103),
        Bar("01-11", 103, 105, 102, 104),
        Bar("01-12", 104, 111, 103, 110),
        Bar("01-16", 110, 112, 108, 109),
        Bar("01-17", 109, 110, 107, 108),
        Bar("01-18", 108, 109, 106, 107),
        Bar("01-19", 107, 108, 105, 106),
        Bar("01-22", 106, 107, 104, 105),
        Bar("01-23", 105, 106, 103, 104),
    ];

    private readonly FakeTimeProvider _clock = new(At(FridayNight));
    private Ledger _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await Ledger.OpenAsync(":memory:");

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    private static InMemoryMarketData Market(IEnumerable<Bar>? bars = null, params CorporateAction[] actions) =>
        new("test", [new BarSeries("AAPL", bars ?? Bars, actions), new BarSeries("SPX", Bars)], benchmark: "SPX");

    private OutcomeTracker Tracker(IMarketData? market = null, SettlementOptions? options = null) =>
        new(market ?? Market(), _ledger, _clock, options);

    private async Task<Position> TrackAsync(
        OutcomeTracker tracker,
        int accepted = 0,
        decimal? quantity = null,
        string asOf = FridayNight
    ) => (await tracker.TrackDecisionAsync(await RecordAsync(_ledger, Proposal(At(asOf)), accepted), quantity))!;

    private void AdvanceTo(string time) => _clock.SetUtcNow(At(time));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, RlaifJson.Compact);

    [Fact]
    public async Task Position_FromDecisionToClose_IsPendingOpenAndClosed()
    {
        OutcomeTracker tracker = Tracker();
        Position pending = await TrackAsync(tracker);
        Assert.Equal((PositionStatus.Pending, PositionSide.Long), (pending.Status, pending.Side));
        Assert.Equal((null, null, null), (pending.EntryPrice, pending.UnrealizedPnl, pending.DueAt));

        AdvanceTo("2024-01-09T21:00:00Z");
        Assert.Empty(await tracker.UpdatePositionsAsync());
        Position open = Assert.Single(await tracker.GetOpenPositionsAsync());
        Assert.Equal((PositionStatus.Open, 100m, 102m), (open.Status, open.EntryPrice, open.CurrentPrice));
        // 0.05 * 100,000 / 100 = 50 shares; 50 * (102 - 100)
        Assert.Equal((50m, 100m), (open.Quantity, open.UnrealizedPnl));
        Near(0.02, open.UnrealizedReturn);
        Assert.Equal(At("2024-01-08T14:30:00Z"), open.EntryAt);
        Assert.Equal((At(FridayNight), new DateOnly(2024, 1, 12)), (open.OpenedAt, open.DueAt));

        AdvanceTo("2024-01-12T21:00:00Z");
        Position closed = Assert.Single(await tracker.UpdatePositionsAsync());
        Assert.Equal((PositionStatus.Closed, ExitReason.TimeLimit), (closed.Status, closed.ExitReason));
        Near(0.09895, closed.NetReturn);
        Assert.Equal(494.75m, closed.Pnl);
        Assert.Empty(await tracker.GetOpenPositionsAsync());
        Assert.Equal(closed, Assert.Single(await tracker.GetClosedPositionsAsync()));
        // The other candidates of the context are settled with it
        Assert.Equal(3, await _ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task TrackDecisionAsync_Hold_OpensNothing()
    {
        OutcomeTracker tracker = Tracker();
        TradingDecision hold = await RecordAsync(_ledger, Proposal(At(FridayNight)), 2);
        Assert.Null(await tracker.TrackDecisionAsync(hold));
        Assert.Equal(0, await _ledger.CountAsync<PositionOpened>());
    }

    [Fact]
    public async Task TrackDecisionAsync_Twice_IsOnePosition()
    {
        OutcomeTracker tracker = Tracker();
        TradingDecision decision = await RecordAsync(_ledger, Proposal(At(FridayNight)));
        Position? first = await tracker.TrackDecisionAsync(decision, 100);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(first, await tracker.TrackDecisionAsync(decision));
        Assert.Equal(first, await tracker.TrackDecisionAsync(decision, 100));
        await Assert.ThrowsAsync<RlaifInputException>(() => tracker.TrackDecisionAsync(decision, 200));
        Assert.Equal(1, await _ledger.CountAsync<PositionOpened>());
    }

    [Fact]
    public async Task Tracker_UpdatedNowAndThenAndRestarted_EqualsTheBatchBitForBit()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{nameof(OutcomeTrackerTests)}-{Environment.ProcessId}.db");
        SettlementOptions options = new()
        {
            HoldDays = 3,
            TargetReturn = 0.04,
            StopReturn = 0.025,
            MinReturnsForRatios = 2,
        };
        List<Proposal> proposals = [.. Bars[..7].Select(b => Proposal(b.CloseTime))];
        await using Ledger batch = await Ledger.OpenAsync(":memory:");
        foreach (int hours in (int[])[11, 31])
        {
            File.Delete(path);
            Ledger tracked = await Ledger.OpenAsync(path);
            for (DateTimeOffset now = At(FridayNight); now < At("2024-01-27"); now = now.AddHours(hours))
            {
                // A new process each time
                await tracked.DisposeAsync();
                tracked = await Ledger.OpenAsync(path);
                var tracker = new OutcomeTracker(Market(), tracked, new FakeTimeProvider(now), options);
                foreach ((Proposal proposal, int i) in proposals.Select((p, i) => (p, i)).Where(p => p.p.Context.AsOf <= now))
                {
                    await tracker.TrackDecisionAsync(await RecordAsync(tracked, proposal, i % 2));
                }

                await tracker.UpdatePositionsAsync();
            }

            foreach ((Proposal proposal, int i) in proposals.Select((p, i) => (p, i)))
            {
                await RecordAsync(batch, proposal, i % 2);
            }

            await new OutcomeSettler(Market(), options).SettleAsync(batch, At("2024-01-27"));
            IReadOnlyList<Outcome> outcomes = await tracked.ReadAsync<Outcome>();
            Assert.Equal((await batch.ReadAsync<Outcome>()).Select(Json), outcomes.Select(Json));
            Assert.Equal(proposals.Count * 3, outcomes.Count);
            Assert.Equal(proposals.Count, await tracked.CountAsync<PositionClosed>());
            Assert.True(outcomes.Select(o => o.ExitReason).Distinct().Count() >= 4);
            await tracked.DisposeAsync();
        }

        File.Delete(path);
    }

    [Fact]
    public async Task DueAt_OverAHoliday_SkipsIt()
    {
        OutcomeTracker tracker = Tracker();
        await TrackAsync(tracker, asOf: "2024-01-05T21:00:00Z");
        AdvanceTo("2024-01-12T21:00:00Z");
        await tracker.UpdatePositionsAsync();
        await TrackAsync(tracker, asOf: "2024-01-12T21:00:00Z");
        AdvanceTo("2024-01-16T21:00:00Z");
        Position open = Assert.Single(await tracker.GetOpenPositionsAsync());
        // In on Tuesday 16: 16, 17, 18, 19, 22
        Assert.Equal((At("2024-01-16T14:30:00Z"), new DateOnly(2024, 1, 22)), (open.EntryAt, open.DueAt));
        AdvanceTo("2024-01-22T20:59:59Z");
        Assert.Empty(await tracker.UpdatePositionsAsync());
        AdvanceTo("2024-01-22T21:00:00Z");
        Assert.Equal(At("2024-01-22T21:00:00Z"), Assert.Single(await tracker.UpdatePositionsAsync()).ExitAt);
    }

    [Fact]
    public async Task UpdatePositionsAsync_Again_ClosesOnce()
    {
        OutcomeTracker tracker = Tracker();
        await TrackAsync(tracker);
        AdvanceTo("2024-01-20");
        Assert.Single(await tracker.UpdatePositionsAsync());
        Assert.Empty(await tracker.UpdatePositionsAsync());
        Assert.Empty(await Tracker().UpdatePositionsAsync());
        Assert.Single(await tracker.GetClosedPositionsAsync());
    }

    [Fact]
    public async Task UpdatePositionsAsync_RestartedWithOtherOptions_KeepsTheTermsOfThePosition()
    {
        await TrackAsync(Tracker(options: Free with { HoldDays = 2 }));
        AdvanceTo("2024-01-09T21:00:00Z");
        Position closed = Assert.Single(await Tracker(options: new SettlementOptions { HoldDays = 9 }).UpdatePositionsAsync());
        Near(0.02, closed.NetReturn);
        Assert.Equal(At("2024-01-09T21:00:00Z"), closed.ExitAt);
        Assert.All(await _ledger.ReadAsync<Outcome>(), o => Assert.Equal(2, o.HoldDays));
    }

    [Fact]
    public async Task UpdatePositionsAsync_TargetTouched_ClosesAndSettlesTheOthersWhenTheyAreDue()
    {
        OutcomeTracker tracker = Tracker(options: Free with { TargetReturn = 0.04, StopReturn = 0.02 });
        await TrackAsync(tracker);
        AdvanceTo("2024-01-10T21:00:00Z");
        Position closed = Assert.Single(await tracker.UpdatePositionsAsync());
        Assert.Equal((ExitReason.Target, 104m), (closed.ExitReason, closed.CurrentPrice));
        // The short was stopped on Monday at 102; the hold still waits for Friday
        Assert.Equal(2, await _ledger.CountAsync<Outcome>());
        AdvanceTo("2024-01-12T21:00:00Z");
        Assert.Empty(await tracker.UpdatePositionsAsync());
        Assert.Equal(3, await _ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task ClosePositionAsync_WithPrice_SettlesAtThatPriceAndTheClock()
    {
        OutcomeTracker tracker = Tracker(options: Free);
        Position position = await TrackAsync(tracker, accepted: 1, quantity: 40);
        AdvanceTo("2024-01-10T16:00:00Z");
        Position closed = await tracker.ClosePositionAsync(position.PositionId, 95);
        // Short 40 from 100 to 95
        Assert.Equal((ExitReason.Manual, 200m), (closed.ExitReason, closed.Pnl));
        Assert.Equal(At("2024-01-10T16:00:00Z"), closed.ExitAt);
        Outcome outcome = Assert.Single(await _ledger.ReadAsync<Outcome>());
        Near(0.05, outcome.NetReturn);
        // Closes of 101 and 102 on the way: 0.99, 0.98, then 1.05
        Near(-0.02, outcome.MaxDrawdown);
        Assert.Equal((3, OutcomeProvenance.Traded), (outcome.HoldDays, outcome.Provenance));
        Assert.Equal(closed, await tracker.ClosePositionAsync(position.PositionId, 50));

        // Nothing later changes it, and the rest of the context follows
        AdvanceTo("2024-01-20");
        Assert.Empty(await tracker.UpdatePositionsAsync());
        Assert.Equal(closed, Assert.Single(await tracker.GetClosedPositionsAsync()));
        Assert.Equal(3, await _ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task ClosePositionAsync_WithoutPrice_TakesTheLastKnownClose()
    {
        OutcomeTracker tracker = Tracker(options: Free);
        Position position = await TrackAsync(tracker);
        AdvanceTo("2024-01-10T16:00:00Z");
        Position closed = await tracker.ClosePositionAsync(position.PositionId);
        Assert.Equal((102m, At("2024-01-09T21:00:00Z")), (closed.CurrentPrice, closed.ExitAt));
        Outcome outcome = Assert.Single(await _ledger.ReadAsync<Outcome>());
        Assert.Equal(At("2024-01-10T16:00:00Z"), outcome.KnownAt);
    }

    [Fact]
    public async Task ClosePositionAsync_OnTheMorningOfASplit_KnowsTheSplit()
    {
        OutcomeTracker tracker = Tracker(Market(null, Split("01-10", 4)), Free);
        Position position = await TrackAsync(tracker);
        AdvanceTo("2024-01-10T15:00:00Z");
        // 26 * 4 / 100 - 1
        Position closed = await tracker.ClosePositionAsync(position.PositionId, 26);
        Near(0.04, closed.NetReturn);
        Assert.Equal(200m, closed.Quantity);
    }

    [Fact]
    public async Task ClosePositionAsync_AfterItsOwnEnd_KeepsThatEnd()
    {
        OutcomeTracker tracker = Tracker(options: Free);
        Position position = await TrackAsync(tracker);
        AdvanceTo("2024-01-16T22:00:00Z");
        Position closed = await tracker.ClosePositionAsync(position.PositionId, 55);
        Assert.Equal((ExitReason.TimeLimit, 110m), (closed.ExitReason, closed.CurrentPrice));
    }

    [Fact]
    public async Task ClosePositionAsync_NotFilledOrUnknownOrBadInput_SaysSo()
    {
        OutcomeTracker tracker = Tracker();
        Position position = await TrackAsync(tracker);
        RlaifInputException pending = await Assert.ThrowsAsync<RlaifInputException>(() =>
            tracker.ClosePositionAsync(position.PositionId, 100)
        );
        Assert.Contains(SettlementReasons.WaitingForEntry, pending.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RlaifInputException>(() => tracker.ClosePositionAsync("pos_none"));
        await Assert.ThrowsAsync<RlaifInputException>(() => tracker.ClosePositionAsync(position.PositionId, 0));
        await Assert.ThrowsAsync<RlaifInputException>(() =>
            tracker.ClosePositionAsync(position.PositionId, 100, ExitReason.Reported)
        );
        Assert.Equal(0, await _ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task Tracker_HaltAtTheExit_StaysOpenUntilClosedByHand()
    {
        OutcomeTracker tracker = Tracker(Market(Bars.Where(b => b.Session.Day != 12)), Free);
        Position position = await TrackAsync(tracker);
        AdvanceTo("2024-01-16T21:00:00Z");
        Assert.Empty(await tracker.UpdatePositionsAsync());
        Assert.Equal(SettlementReasons.MissingExitBar, Assert.Single(await tracker.GetOpenPositionsAsync()).Problem);
        Position closed = await tracker.ClosePositionAsync(position.PositionId, reason: ExitReason.TimeLimit);
        Assert.Equal((ExitReason.TimeLimit, 109m), (closed.ExitReason, closed.CurrentPrice));
    }

    [Fact]
    public async Task Tracker_HaltAtTheEntry_ClosesAsNeverFilled()
    {
        OutcomeTracker tracker = Tracker(Market(Bars.Where(b => b.Session.Day != 8)));
        await TrackAsync(tracker);
        AdvanceTo("2024-01-09T21:00:00Z");
        Position closed = Assert.Single(await tracker.UpdatePositionsAsync());
        Assert.Equal((ExitReason.NoPosition, SettlementReasons.NoEntryBar), (closed.ExitReason, closed.Problem));
        Assert.Equal((null, null, 0m), (closed.EntryPrice, closed.Pnl, closed.Quantity));
        Assert.Equal(closed, Assert.Single(await tracker.GetClosedPositionsAsync()));
        Assert.Equal(0, await _ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task OpenPosition_SplitAndDividend_AreInQuantityAndProfit()
    {
        OutcomeTracker tracker = Tracker(Market(null, Split("01-09", 4), Dividend("01-10", 0.5m)), Free);
        await TrackAsync(tracker, quantity: 10);
        AdvanceTo("2024-01-10T21:00:00Z");
        Position open = Assert.Single(await tracker.GetOpenPositionsAsync());
        // One share at 100 became four at 103 and was paid 4 * 0.5: (412 + 2) / 100 - 1 = 3.14
        Assert.Equal((40m, 103m, 3140m), (open.Quantity, open.CurrentPrice, open.UnrealizedPnl));
        Near(3.14, open.UnrealizedReturn);
    }

    [Fact]
    public async Task Tracker_BatchSettledFirst_TakesThatOutcomeWithTheQuantityOfThePosition()
    {
        OutcomeTracker tracker = Tracker(options: Free);
        await TrackAsync(tracker, quantity: 7);
        SettlementSummary summary = await new OutcomeSettler(Market()).SettleAsync(_ledger, At("2024-01-12T21:00:00Z"));
        Assert.Equal(3, summary.Settled);
        AdvanceTo("2024-01-12T21:00:00Z");
        Position closed = Assert.Single(await tracker.UpdatePositionsAsync());
        // On the terms of the position: no costs, seven shares from 100 to 110
        Assert.Equal((7m, 70m), (closed.Quantity, closed.Pnl));
        Assert.Equal(3, await _ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task GetStatsAsync_NothingYet_IsUndefinedNotZero()
    {
        TrackerStats stats = await Tracker().GetStatsAsync();
        Assert.Equal(
            (0, 0, 0, 0, 0m, 0m),
            (stats.Pending, stats.Open, stats.Closed, stats.NeverFilled, stats.TotalPnl, stats.UnrealizedPnl)
        );
        Assert.Equal((null, null, null, null), (stats.WinRate, stats.AverageReturn, stats.BestReturn, stats.ReturnDeviation));
    }

    [Fact]
    public async Task GetStatsAsync_SomeOfEach_CountsAndAverages()
    {
        OutcomeTracker tracker = Tracker(options: Free with { HoldDays = 2 });
        await TrackAsync(tracker, 0, quantity: 1);
        AdvanceTo("2024-01-09T21:00:00Z");
        await TrackAsync(tracker, 1, quantity: 1, asOf: "2024-01-09T21:00:00Z");
        AdvanceTo("2024-01-11T21:00:00Z");
        await TrackAsync(tracker, 0, quantity: 1, asOf: "2024-01-11T21:00:00Z");
        AdvanceTo("2024-01-12T21:00:00Z");
        await TrackAsync(tracker, 0, quantity: 1, asOf: "2024-01-12T21:00:00Z");
        await tracker.UpdatePositionsAsync();
        TrackerStats stats = await tracker.GetStatsAsync();
        Assert.Equal((1, 1, 2), (stats.Pending, stats.Open, stats.Closed));
        // Long 100 to 102: 0.02. Short 102 to 104: -2/102. Open long from 104 at 110
        Near(0.5, stats.WinRate);
        Near((0.02 - (2.0 / 102)) / 2, stats.AverageReturn);
        Near((0.02 + (2.0 / 102)) / Math.Sqrt(2), stats.ReturnDeviation);
        Assert.Equal(0m, stats.TotalPnl, 12);
        Assert.Equal(6m, stats.UnrealizedPnl, 12);
    }

    [Fact]
    public async Task TrackDecisionAsync_WhatCannotBeTracked_IsRefused()
    {
        OutcomeTracker tracker = Tracker();
        Task Refused(TradingDecision decision, decimal? quantity = null) =>
            Assert.ThrowsAsync<RlaifInputException>(() => tracker.TrackDecisionAsync(decision, quantity));
        TradingDecision known = await RecordAsync(_ledger, Proposal(At(FridayNight)));
        await Refused(known, 0);
        await Refused(TradingDecision.Accept(Proposal(At(FridayNight), run: "unrecorded").Candidates[0], "first"));
        await Refused(await RecordAsync(_ledger, Proposal(At("2024-01-06"))));
        await Refused(await RecordAsync(_ledger, Proposal(At(FridayNight), "ZZZZ")));
        await tracker.TrackDecisionAsync(known);
        await Refused(TradingDecision.Accept(Proposal(At(FridayNight)).Candidates[0], "second"));
        Assert.Equal(1, await _ledger.CountAsync<PositionOpened>());
    }
}
