using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Tests.Scenarios;

/// <summary>How positions of a production loop are closed: targets and stops, partial fills, bars within the day.</summary>
public sealed class ProductionExitTests
{
    private static readonly SimulatedMarket Market = SimulatedMarket.Create(
        new SimulationOptions { Sessions = 420, Symbols = ["AAA", "BBB", "CCC"] }
    );

    private static readonly DateOnly[] Sessions = [.. Market.GetCalendar("AAA").Sessions];
    private static readonly DateRange Dates = new(Sessions[300], Sessions[400]);

    public static TheoryData<double?, double?, double?> Terms =>
        new()
        {
            { 0.03, 0.02, null },
            { null, 0.02, null },
            { 0.03, null, null },
            { null, null, 0.02 },
            { 0.04, null, 0.02 },
        };

    /// <summary>What the settlement closes at a level, the broker closes too: at the same bar and price, or at the next open where the level was touched before an order could wait there.</summary>
    [Theory]
    [MemberData(nameof(Terms))]
    public async Task Replay_WithTargetsAndStops_BrokerClosesWhatTheSettlementCloses(double? target, double? stop, double? trail)
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market, OptionsOf(target, stop, trail));
        ReplayReport report = await books.ReplayAsync(Market, Dates);
        Assert.Empty(report.Differences);
        IReadOnlyList<Order> orders = await books.Ledger.ReadAsync<Order>();
        ILookup<string, Fill> fills = (await books.Ledger.ReadAsync<Fill>()).ToLookup(f => f.ClientOrderId.Split('/')[0]);
        Dictionary<string, PositionOpened> opened = (await books.Ledger.ReadAsync<PositionOpened>()).ToDictionary(p =>
            p.PositionId
        );
        (int atLevel, int afterwards) = (0, 0);
        foreach (PositionClosed closed in await books.Ledger.ReadAsync<PositionClosed>())
        {
            PositionOpened position = opened[closed.PositionId];
            Outcome outcome = (await books.Ledger.FindAsync<Outcome>(closed.OutcomeId!))!;
            Fill[] own =
            [
                .. orders
                    .Where(o => o.DecisionId == position.DecisionId)
                    .SelectMany(o => fills[o.ClientOrderId])
                    .OrderBy(f => f.At),
            ];
            bool isOpen = own.Length < 2 && outcome.KnownAt >= NyseCalendar.Hours(Sessions[400]).Close;
            Assert.True(isOpen || own.Sum(f => f.Side == OrderSide.Buy ? f.Quantity : -f.Quantity) == 0, closed.PositionId);
            if (isOpen || closed.Reason == ExitReason.TimeLimit)
            {
                continue;
            }

            if (own[^1].Price == outcome.ExitPrice && DateOf(own[^1].At) == DateOf(outcome.ExitAt))
            {
                atLevel++;
            }
            else
            {
                // Touched in the bar of the entry, where no order waited yet; or on the last day, which ends at the close; or trailed from
                // another bar on. Never before, and not later than the next open.
                Assert.InRange(own[^1].At, outcome.ExitAt, NextOpen(DateOf(outcome.ExitAt)));
                afterwards++;
            }
        }

        Assert.True(atLevel > 3, $"{atLevel} at the level, {afterwards} afterwards");
    }

    [Fact]
    public async Task Replay_WithStopsBrokenOffAnywhere_GoesOnToTheSameBooks()
    {
        ProductionOptions options = OptionsOf(0.03, 0.02, null);
        var dates = new DateRange(Dates.From, Sessions[340]);
        await using TradingBooks steady = await TradingBooks.OpenAsync(Market, options);
        ReplayReport report = await steady.ReplayAsync(Market, dates);
        await using TradingBooks broken = await TradingBooks.OpenAsync(Market, options);
        int deaths = 0;
        for (bool done = false; !done; )
        {
            int left = 2;
            try
            {
                await broken.ReplayAsync(Market, dates, _ => Die(ref left));
                done = true;
            }
            catch (IOException)
            {
                deaths++;
            }

            Assert.True(deaths < 500, "it does not get on");
        }

        Assert.True(deaths >= report.Orders / 2, $"{deaths} deaths, {report.Orders} orders");
        Assert.Equal(await steady.DumpAsync(), await broken.DumpAsync());

        static void Die(ref int left)
        {
            if (--left == 0)
            {
                throw new IOException("dead");
            }
        }
    }

    [Fact]
    public async Task Replay_GoesOnWithFewerSymbols_StillClosesWhatIsHeldOfTheOthers()
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[351]));
        int before = await books.Ledger.CountAsync<Order>();
        Assert.Contains(await books.PositionsAsync(), p => p.Symbol != "AAA");
        ReplayReport report = await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[400]), symbols: ["AAA"]);
        Assert.Empty(report.Differences);
        Assert.All(await books.PositionsAsync(), p => Assert.Equal("AAA", p.Symbol));
        Order[] later = [.. (await books.Ledger.ReadAsync<Order>()).Skip(before)];
        Assert.Contains(later, o => o.Symbol != "AAA");
        Assert.All(later.Where(o => o.Symbol != "AAA"), o => Assert.Equal(TimeInForce.Close, o.TimeInForce));
    }

    /// <summary>A market so thin that a tenth of its volume is less than what is asked for.</summary>
    [Fact]
    public async Task Replay_EntriesFilledInPart_AreTrackedAndSettledAtTheSizeThatWasFilled()
    {
        IMarketData thin = await ThinAsync();
        await using TradingBooks books = await TradingBooks.OpenAsync(thin);
        ReplayReport report = await books.ReplayAsync(thin, Dates);
        Assert.Empty(report.Differences);
        IReadOnlyList<PositionOpened> opened = await books.Ledger.ReadAsync<PositionOpened>();
        ILookup<string, Fill> fills = (await books.Ledger.ReadAsync<Fill>()).ToLookup(f => f.ClientOrderId);
        Assert.NotEmpty(opened);
        Order[] entries = [.. (await books.Ledger.ReadAsync<Order>()).Where(o => o.TimeInForce == TimeInForce.Day)];
        Assert.All(
            opened,
            p =>
            {
                Order entry = entries.Single(o => o.DecisionId == p.DecisionId);
                Assert.Equal(fills[entry.ClientOrderId].Sum(f => f.Quantity), p.Quantity);
                Assert.True(p.Quantity < entry.Quantity);
            }
        );
        IReadOnlyList<Outcome> outcomes = await books.Ledger.ReadAsync<Outcome>();
        Assert.All(
            opened,
            p => Assert.All(outcomes.Where(o => o.CandidateId == p.CandidateId), o => Assert.Equal(p.Quantity, o.Quantity))
        );
    }

    /// <summary>Bars of half an hour, decisions before the close, settlement by the hour: entries at the next bar, exits at the last bar of the last day.</summary>
    [Fact]
    public async Task Replay_BarsWithinTheDay_EnterAtTheNextBarAndLeaveAtTheCloseOfTheLastDay()
    {
        IMarketData halfHours = await HalfHoursAsync(Sessions[295], Sessions[340]);
        var dates = new DateRange(Sessions[310], Sessions[340]);
        var options = new ProductionOptions
        {
            EverySessions = 3,
            Settlement = new SettlementOptions { HoldDays = 3 },
        };
        Timetable times = HourlyAndBeforeTheClose();
        await using TradingBooks books = await TradingBooks.OpenAsync(halfHours, options, times);
        ReplayReport report = await books.ReplayAsync(halfHours, dates);
        Assert.Empty(report.Differences);
        Assert.True(report.ClosedPositions > 5, $"{report.ClosedPositions} closed");

        foreach (Position position in await books.Tracker(dates.EndOfLastDay).GetClosedPositionsAsync())
        {
            Fill[] own =
            [
                .. (await books.Ledger.ReadAsync<Order>())
                    .Where(o => o.DecisionId == position.DecisionId)
                    .SelectMany(o => FillsOf(o.ClientOrderId))
                    .OrderBy(f => f.At),
            ];
            Assert.Equal((position.EntryAt, position.EntryPrice), (own[0].At, own[0].Price));
            Assert.Equal(
                TimeSpan.FromMinutes(45),
                NyseCalendar.Hours(DateOf(own[0].At)).Close - own[0].At + TimeSpan.FromMinutes(15)
            );
            Assert.Equal((position.ExitAt, position.CurrentPrice), (own[1].At, own[1].Price));
            Assert.Equal(NyseCalendar.Hours(DateOf(own[1].At)).Close, own[1].At);
        }

        IReadOnlyList<Fill> FillsOf(string id) =>
            [.. books.Ledger.ReadAsync<Fill>().GetAwaiter().GetResult().Where(f => f.ClientOrderId == id)];
    }

    private static ProductionOptions OptionsOf(double? target, double? stop, double? trail) =>
        new()
        {
            Settlement = new SettlementOptions
            {
                TargetReturn = target,
                StopReturn = stop,
                TrailReturn = trail,
            },
        };

    private static DateOnly DateOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    private static DateTimeOffset NextOpen(DateOnly day) => NyseCalendar.Hours(Sessions[Array.IndexOf(Sessions, day) + 1]).Open;

    private static Timetable HourlyAndBeforeTheClose()
    {
        DateTimeOffset[] decisions = [.. Sessions.Select(s => NyseCalendar.Hours(s).Close.AddMinutes(-30))];
        return new Timetable(
            new Dictionary<ProductionJob, Func<DateTimeOffset, DateTimeOffset?>>
            {
                [ProductionJob.Settlement] = after => new DateTimeOffset(
                    (after.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour,
                    TimeSpan.Zero
                ),
                [ProductionJob.Decisions] = after => decisions.Cast<DateTimeOffset?>().FirstOrDefault(d => d > after),
            }
        );
    }

    private static async Task<IMarketData> ThinAsync()
    {
        var series = new List<BarSeries>();
        foreach (string symbol in Market.Symbols.Append(Market.Benchmark!))
        {
            BarSeries bars = await Market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            series.Add(
                new BarSeries(symbol, Enumerable.Range(0, bars.Count).Select(i => bars[i] with { Volume = 50 }), bars.Actions)
            );
        }

        return new InMemoryMarketData("thin", series, Market.Benchmark);
    }

    /// <summary>Each day of the market in bars of half an hour, on a straight way from its open to its close.</summary>
    private static async Task<IMarketData> HalfHoursAsync(DateOnly from, DateOnly to)
    {
        var series = new List<BarSeries>();
        foreach (string symbol in Market.Symbols)
        {
            BarSeries days = await Market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            var bars = new List<Bar>();
            foreach (
                Bar day in Enumerable.Range(0, days.Count).Select(i => days[i]).Where(b => b.Session >= from && b.Session <= to)
            )
            {
                (DateTimeOffset open, DateTimeOffset close) = NyseCalendar.Hours(day.Session);
                int count = (int)((close - open) / TimeSpan.FromMinutes(30));
                for (int i = 0; i < count; i++)
                {
                    decimal first = Math.Round(day.Open + ((day.Close - day.Open) * i / count), 4);
                    decimal last = Math.Round(day.Open + ((day.Close - day.Open) * (i + 1) / count), 4);
                    DateTimeOffset at = open.AddMinutes(30 * i);
                    bars.Add(
                        new Bar(at, at.AddMinutes(30), first, Math.Max(first, last), Math.Min(first, last), last, 1_000_000)
                    );
                }
            }

            series.Add(new BarSeries(symbol, bars));
        }

        return new InMemoryMarketData("half hours", series);
    }
}
