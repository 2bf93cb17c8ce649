using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Tests.Outcomes;
using static Rlaif.Tests.Outcomes.Given;

namespace Rlaif.Tests.Scenarios;

/// <summary>The days on which a calendar goes wrong, in New York's real hours: every number was worked out by hand and stands beside its working.</summary>
public sealed class TradingDayTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(At("2024-01-01"));
    private Ledger _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await Ledger.OpenAsync(":memory:");

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    /// <summary>A bar of a whole session of 2024, in the hours of that day.</summary>
    private static Bar Day(string day, decimal open, decimal high, decimal low, decimal close)
    {
        (DateTimeOffset from, DateTimeOffset to) = NyseCalendar.Hours(DateOnly.Parse($"2024-{day}"));
        return new Bar(from, to, open, high, low, close, 1_000_000);
    }

    /// <summary>The same session in two bars, cut at 11:30 in New York.</summary>
    private static Bar[] Parts(string day, decimal open, decimal noon, decimal close)
    {
        Bar whole = Day(day, open, Math.Max(open, noon), Math.Min(open, noon), noon);
        DateTimeOffset cut = whole.OpenTime.AddHours(2);
        Bar late = Day(day, noon, Math.Max(noon, close), Math.Min(noon, close), close);
        return [whole with { CloseTime = cut }, late with { OpenTime = cut }];
    }

    private OutcomeTracker Tracker(IEnumerable<Bar> bars, SettlementOptions? options = null) =>
        new(new InMemoryMarketData("test", [new BarSeries("AAPL", bars)]), _ledger, _clock, options ?? Free);

    /// <summary>A market in which two other symbols trade on every session of 2024, so that the calendar goes on without the first.</summary>
    private OutcomeTracker AmongOthers(IEnumerable<Bar> bars, SettlementOptions options)
    {
        Bar[] always =
        [
            .. NyseCalendar.Sessions(new(2024, 1, 2), new(2024, 12, 31)).Sessions.Select(d => Day($"{d:MM-dd}", 10, 10, 10, 10)),
        ];
        var market = new InMemoryMarketData(
            "test",
            [new BarSeries("AAPL", bars), new BarSeries("BBB", always), new BarSeries("CCC", always)]
        );
        return new OutcomeTracker(market, _ledger, _clock, options);
    }

    private async Task<string> TrackAsync(OutcomeTracker tracker, string asOf, int accepted = 0, string symbol = "AAPL")
    {
        _clock.SetUtcNow(At(asOf));
        TradingDecision decision = await RecordAsync(_ledger, Proposal(At(asOf), symbol), accepted);
        return (await tracker.TrackDecisionAsync(decision, 2))!.PositionId;
    }

    private async Task<IReadOnlyList<Position>> UpdateAtAsync(OutcomeTracker tracker, string time)
    {
        _clock.SetUtcNow(At(time));
        return await tracker.UpdatePositionsAsync();
    }

    private async Task<Outcome> OutcomeAsync() =>
        Assert.Single(await _ledger.ReadAsync<Outcome>(), o => o.Provenance == OutcomeProvenance.Traded);

    [Fact]
    public async Task ClocksGoForward_DailyBars_TheMondayBeginsAnHourEarlier()
    {
        // Sunday 10 March 2024: Friday trades 14:30 to 21:00 UTC, Monday 13:30 to 20:00
        OutcomeTracker tracker = Tracker(
            [Day("03-08", 99, 100, 98, 99), Day("03-11", 100, 102, 99, 101), Day("03-12", 101, 104, 100, 103)],
            Free with
            {
                HoldDays = 2,
                BorrowBpsPerYear = 365,
            }
        );
        await TrackAsync(tracker, "2024-03-08T21:00:00Z", accepted: 1);
        Assert.Empty(await UpdateAtAsync(tracker, "2024-03-12T19:59:59Z"));
        Position closed = Assert.Single(await UpdateAtAsync(tracker, "2024-03-12T20:00:00Z"));
        Assert.Equal((At("2024-03-11T13:30:00Z"), At("2024-03-12T20:00:00Z")), (closed.EntryAt, closed.ExitAt));
        Assert.Equal((2, new TimeSpan(1, 6, 30, 0)), (closed.DaysHeld, closed.TimeHeld));
        // Short from 100 to 103, one night at 365 bp a year: -0.03 - 0.0001
        Near(-0.0301, closed.NetReturn);
    }

    [Fact]
    public async Task ClocksGoForward_DecisionAtTheOldOpen_ComesTooLateForMonday()
    {
        // 14:00 UTC was half an hour before the open on Friday; on Monday it is half an hour after: Tuesday's open at 101, out at 103
        OutcomeTracker tracker = Tracker(
            [Day("03-08", 99, 100, 98, 99), Day("03-11", 100, 102, 99, 101), Day("03-12", 101, 104, 100, 103)],
            Free with
            {
                HoldDays = 1,
            }
        );
        await TrackAsync(tracker, "2024-03-11T14:00:00Z");
        Position closed = Assert.Single(await UpdateAtAsync(tracker, "2024-03-12T20:00:00Z"));
        Assert.Equal(At("2024-03-12T13:30:00Z"), closed.EntryAt);
        Near(2.0 / 101, closed.NetReturn);
    }

    [Fact]
    public async Task ClocksGoForward_IntradayBars_HoldOverTheWeekend()
    {
        OutcomeTracker tracker = Tracker(
            [.. Parts("03-08", 98, 100, 102), .. Parts("03-11", 101, 99, 104), .. Parts("03-12", 104, 105, 106)],
            Free with
            {
                HoldDays = 2,
                TrailReturn = 0.02,
            }
        );
        // Friday 11:30 in New York, 16:30 UTC: in at 100, best 102 at night, so the stop stands at 99.96. Monday opens at 101 and falls to 99
        await TrackAsync(tracker, "2024-03-08T16:30:00Z");
        Assert.Empty(await UpdateAtAsync(tracker, "2024-03-11T15:29:59Z"));
        // Monday's first bar is over at 11:30 in New York, now 15:30 UTC
        Position closed = Assert.Single(await UpdateAtAsync(tracker, "2024-03-11T15:30:00Z"));
        Assert.Equal((ExitReason.TrailingStop, 99.96m), (closed.ExitReason, closed.CurrentPrice));
        Assert.Equal((At("2024-03-08T16:30:00Z"), At("2024-03-11T15:30:00Z")), (closed.EntryAt, closed.ExitAt));
        Near(-0.0004, closed.NetReturn);
        Assert.Equal((2, new TimeSpan(2, 23, 0, 0)), (closed.DaysHeld, closed.TimeHeld));
    }

    [Fact]
    public async Task ClocksGoBack_DailyBars_TheMondayEndsAnHourLater()
    {
        // Sunday 3 November 2024: Friday trades 13:30 to 20:00 UTC, Monday 14:30 to 21:00
        OutcomeTracker daily = Tracker(
            [Day("11-01", 99, 100, 98, 99), Day("11-04", 100, 103, 99, 102)],
            Free with
            {
                HoldDays = 1,
            }
        );
        await TrackAsync(daily, "2024-11-01T20:00:00Z");
        Assert.Empty(await UpdateAtAsync(daily, "2024-11-04T20:00:00Z"));
        Position closed = Assert.Single(await UpdateAtAsync(daily, "2024-11-04T21:00:00Z"));
        Assert.Equal((At("2024-11-04T14:30:00Z"), At("2024-11-04T21:00:00Z")), (closed.EntryAt, closed.ExitAt));
        Near(0.02, closed.NetReturn);
    }

    [Fact]
    public async Task ClocksGoBack_IntradayBars_HoldOverTheWeekend()
    {
        OutcomeTracker intraday = Tracker(
            [.. Parts("11-01", 99, 98, 100), .. Parts("11-04", 101, 100, 103), .. Parts("11-05", 103, 104, 105)],
            Free with
            {
                HoldDays = 2,
            }
        );
        // Friday 11:30 in New York, 15:30 UTC: in at 98; out at Monday's last price, 103, known when Tuesday begins
        await TrackAsync(intraday, "2024-11-01T15:30:00Z");
        Position late = Assert.Single(await UpdateAtAsync(intraday, "2024-11-05T16:30:00Z"));
        Assert.Equal((At("2024-11-01T15:30:00Z"), At("2024-11-04T21:00:00Z")), (late.EntryAt, late.ExitAt));
        Near(5.0 / 98, late.NetReturn);
    }

    [Fact]
    public async Task Thanksgiving_HoldOfTwoDays_EndsAtOneOClockOnFriday()
    {
        // Thursday 28 November 2024 is a holiday, Friday closes at 13:00 in New York, 18:00 UTC
        Assert.True(NyseCalendar.IsEarlyClose(new DateOnly(2024, 11, 29)));
        OutcomeTracker tracker = Tracker(
            [Day("11-26", 99, 100, 98, 99), Day("11-27", 100, 101, 99, 100), Day("11-29", 100, 106, 100, 105)],
            Free with
            {
                HoldDays = 2,
                BorrowBpsPerYear = 365,
            }
        );
        await TrackAsync(tracker, "2024-11-26T21:00:00Z", accepted: 1);
        _clock.SetUtcNow(At("2024-11-27T21:00:00Z"));
        Assert.Equal(new DateOnly(2024, 11, 29), Assert.Single(await tracker.GetOpenPositionsAsync()).DueAt);
        Assert.Empty(await UpdateAtAsync(tracker, "2024-11-29T17:59:59Z"));
        Position closed = Assert.Single(await UpdateAtAsync(tracker, "2024-11-29T18:00:00Z"));
        // Short from 100 to 105, two nights at 1 bp each, the holiday's among them: -0.05 - 0.0002
        Near(-0.0502, closed.NetReturn);
        Assert.Equal((2, At("2024-11-29T18:00:00Z")), (closed.DaysHeld, closed.ExitAt));
    }

    [Fact]
    public async Task HalfDay_IntradayBars_LeaveAtItsLastPriceOnceTheDayIsOver()
    {
        OutcomeTracker tracker = Tracker(
            [.. Parts("11-26", 99, 99, 99), .. Parts("11-27", 100, 101, 102), .. Parts("11-29", 103, 104, 107)],
            Free with
            {
                HoldDays = 2,
            }
        );
        await TrackAsync(tracker, "2024-11-26T21:00:00Z");
        // Bars alone do not tell that no third one follows the bar until 18:00: the end of the date does
        Assert.Empty(await UpdateAtAsync(tracker, "2024-11-29T18:00:00Z"));
        Position closed = Assert.Single(await UpdateAtAsync(tracker, "2024-11-30T00:00:00Z"));
        Assert.Equal((At("2024-11-29T18:00:00Z"), 107m), (closed.ExitAt, closed.CurrentPrice));
        Near(0.07, closed.NetReturn);
        Assert.Equal(At("2024-11-29T18:00:00Z"), (await OutcomeAsync()).KnownAt);
    }

    [Fact]
    public async Task FirstDayOfIntradayBars_HeldForTheDay_IsNotLeftAtItsFirstBar()
    {
        // Nothing before tells that days have several bars: the two hours of the first one do
        OutcomeTracker tracker = Tracker(
            [.. Parts("11-26", 100, 101, 104), .. Parts("11-27", 104, 105, 106)],
            Free with
            {
                HoldDays = 1,
            }
        );
        await TrackAsync(tracker, "2024-11-26T08:00:00Z");
        Assert.Empty(await UpdateAtAsync(tracker, "2024-11-26T16:30:00Z"));
        Near(0.04, Assert.Single(await UpdateAtAsync(tracker, "2024-11-27T00:00:00Z")).NetReturn);
    }

    [Fact]
    public async Task IndependenceDay_HoldOfThreeDays_SkipsTheFourthAndKnowsTheHalfDayBefore()
    {
        // Wednesday 3 July 2024 closes at 17:00 UTC, Thursday is the holiday: Wednesday, Friday, Monday
        OutcomeTracker tracker = Tracker(
            [
                Day("07-02", 99, 100, 98, 99),
                Day("07-03", 100, 101, 99, 101),
                Day("07-05", 101, 103, 100, 102),
                Day("07-08", 102, 103, 97, 98),
                Day("07-09", 98, 99, 97, 98),
            ],
            Free with
            {
                HoldDays = 3,
                MinReturnsForRatios = 3,
            }
        );
        await TrackAsync(tracker, "2024-07-02T20:00:00Z");
        // After the early close the decision of Wednesday evening finds Friday
        _clock.SetUtcNow(At("2024-07-03T17:00:00Z"));
        Assert.Equal(new DateOnly(2024, 7, 8), Assert.Single(await tracker.GetOpenPositionsAsync()).DueAt);
        Position closed = Assert.Single(await UpdateAtAsync(tracker, "2024-07-08T20:00:00Z"));
        Assert.Equal((At("2024-07-03T13:30:00Z"), At("2024-07-08T20:00:00Z")), (closed.EntryAt, closed.ExitAt));
        Near(-0.02, closed.NetReturn);
        // From the peak of 102 to 98; three sessions make three returns
        Near((98.0 / 102) - 1, closed.MaxDrawdown);
        Assert.Equal(3, closed.DaysHeld);
        Assert.NotNull(closed.Sharpe);
    }

    [Fact]
    public async Task Halt_OverTheDueDate_WaitsThenSaysWhatIsMissingAndIsClosedByHand()
    {
        // Due on Wednesday 8 May; no bar from Tuesday to Thursday; Friday trades at 80
        OutcomeTracker tracker = AmongOthers(
            [Day("05-03", 99, 100, 98, 99), Day("05-06", 100, 101, 95, 96), Day("05-10", 80, 85, 78, 84)],
            Free with
            {
                HoldDays = 3,
            }
        );
        string id = await TrackAsync(tracker, "2024-05-03T20:00:00Z");
        Assert.Empty(await UpdateAtAsync(tracker, "2024-05-08T20:00:00Z"));
        Assert.Null(Assert.Single(await tracker.GetOpenPositionsAsync()).Problem);
        Assert.Empty(await UpdateAtAsync(tracker, "2024-05-09T00:00:00Z"));
        Assert.Equal(SettlementReasons.NoBars, Assert.Single(await tracker.GetOpenPositionsAsync()).Problem);
        // Wednesday's close will never be known: no price of another day stands in for it
        Assert.Empty(await UpdateAtAsync(tracker, "2024-05-10T20:00:00Z"));
        Position open = Assert.Single(await tracker.GetOpenPositionsAsync());
        Assert.Equal((SettlementReasons.MissingExitBar, 84m, 5), (open.Problem, open.CurrentPrice, open.DaysHeld));
        // What the seller really got on Friday: 82 / 100 - 1; Monday to Friday are five days
        Position closed = await tracker.ClosePositionAsync(id, 82, ExitReason.TimeLimit);
        Near(-0.18, closed.NetReturn);
        Assert.Equal((5, -36m), (closed.DaysHeld, closed.Pnl));
        // -5% on Monday's low, -22% on Friday's
        Near(-0.22, closed.AdverseExcursion);
    }

    [Fact]
    public async Task Delisting_BarsJustEnd_StaysOpenUnderItsNameUntilClosedAtAPrice()
    {
        OutcomeTracker tracker = AmongOthers(
            [Day("05-03", 99, 100, 98, 99), Day("05-06", 100, 101, 95, 96)],
            Free with
            {
                HoldDays = 20,
                BorrowBpsPerYear = 365,
            }
        );
        string id = await TrackAsync(tracker, "2024-05-03T20:00:00Z", accepted: 1);
        Assert.Empty(await UpdateAtAsync(tracker, "2024-09-02T12:00:00Z"));
        Position open = Assert.Single(await tracker.GetOpenPositionsAsync());
        Assert.Equal((SettlementReasons.NoBars, 96m), (open.Problem, open.CurrentPrice));
        // The shares were cancelled for 30 cents on Friday 6 September: 1 - 0.003, less 123 nights at 1 bp
        _clock.SetUtcNow(At("2024-09-06T20:00:00Z"));
        Position closed = await tracker.ClosePositionAsync(id, 0.3m);
        Near(0.997 - 0.0123, closed.NetReturn);
        Assert.Equal((ExitReason.Manual, At("2024-09-06T20:00:00Z")), (closed.ExitReason, closed.ExitAt));
        // 6 May to 6 September less weekends, Memorial Day, Juneteenth, Independence Day and Labor Day: 90 weekdays - 4
        Assert.Equal(86, closed.DaysHeld);
        Assert.Empty(await tracker.GetOpenPositionsAsync());
    }

    [Fact]
    public async Task OReillysFifteenForOne_HeldThroughIt_IsNoLoss()
    {
        BarSeries orly = ReadRaw("ORLY", new CorporateAction(new DateOnly(2025, 6, 10), CorporateActionKind.Split, 15));
        var market = new InMemoryMarketData("raw", [orly]);
        var tracker = new OutcomeTracker(
            market,
            _ledger,
            _clock,
            Free with
            {
                HoldDays = 3,
                TrailReturn = 0.05,
                StopReturn = 0.06,
            }
        );
        // In on Friday 6 June at 1378.78, two shares. Levels: 1394.41 * 0.95 = 1324.6895 over 1378.78 * 0.94; Monday's low is 1332.3
        await TrackAsync(tracker, "2025-06-05T20:00:00Z", symbol: "ORLY");
        Assert.Empty(await UpdateAtAsync(tracker, "2025-06-10T12:00:00Z"));
        // On the morning of the split the first price is 90: 2 * (15 * 90 - 1378.78)
        OpenPositions book = await tracker.LoadOpenPositionsAsync();
        Assert.Empty(book.Update([new PriceTick("ORLY", 90, At("2025-06-10T13:30:00Z"))]).ToArray());
        Assert.Equal((30m, -57.56m), (book[0].Quantity, book.UnrealizedPnl));
        // 1324.6895 / 15 = 88.312633..., under the low of 89.61: out at 91.71 on the third day, 15 * 91.71 / 1378.78 - 1 = 1375.65 / 1378.78 - 1
        Position closed = Assert.Single(await UpdateAtAsync(tracker, "2025-06-10T20:00:00Z"));
        Assert.Equal((ExitReason.TimeLimit, 91.71m, 30m), (closed.ExitReason, closed.CurrentPrice, closed.Quantity));
        Near((1375.65 / 1378.78) - 1, closed.NetReturn);
        Assert.Equal(-6.26m, closed.Pnl!.Value, 12);
        // The others of the context were short and flat on the same path
        Outcome sold = (await _ledger.ReadAsync<Outcome>()).Single(o => o.Action == TradeAction.Sell);
        Near(1 - (1375.65 / 1378.78), sold.GrossReturn);
    }

    private static BarSeries ReadRaw(string symbol, params CorporateAction[] actions)
    {
        string path = SharedData.Require("ai_trader/bars_daily_raw_nasdaq100_2025-06_2025-10.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var bars = new List<Bar>();
        while (reader.ReadLine() is { } line)
        {
            string[] f = line.Split(',');
            if (f[0] == symbol)
            {
                (DateTimeOffset open, DateTimeOffset close) = NyseCalendar.Hours(
                    DateOnly.Parse(f[1], CultureInfo.InvariantCulture)
                );
                decimal[] p = [.. f[2..6].Select(x => decimal.Parse(x, CultureInfo.InvariantCulture))];
                bars.Add(new Bar(open, close, p[0], p[1], p[2], p[3], 1_000_000));
            }
        }

        return new BarSeries(symbol, bars, actions);
    }
}
