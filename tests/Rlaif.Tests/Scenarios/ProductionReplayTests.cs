using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Tests.Scenarios;

public sealed class ProductionReplayTests
{
    private static readonly SimulatedMarket Market = SimulatedMarket.Create(
        new SimulationOptions { Sessions = 420, Symbols = ["AAA", "BBB", "CCC"] }
    );

    private static readonly DateOnly[] Sessions = [.. Market.GetCalendar("AAA").Sessions];
    private static readonly DateRange Dates = new(Sessions[300], Sessions[400]);

    [Fact]
    public async Task Replay_TradedOutcomes_AreThoseOfTheBatchSettlement()
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        ReplayReport report = await books.ReplayAsync(Market, Dates);
        Assert.Empty(report.Differences);
        Assert.True(report.ClosedPositions > 20, $"{report.ClosedPositions} closed");

        // The same contexts and candidates in a ledger that knows of no trading, settled in one go.
        await using Ledger batch = await Ledger.OpenAsync(":memory:");
        await batch.AppendAsync(await books.Ledger.ReadAsync<DecisionContext>());
        await batch.AppendAsync(await books.Ledger.ReadAsync<Candidate>());
        await batch.AppendAsync(await books.Ledger.ReadAsync<TradingDecision>());
        await new OutcomeSettler(Market).SettleAsync(batch, Dates.EndOfLastDay);
        Dictionary<string, Outcome> settled = (await batch.ReadAsync<Outcome>()).ToDictionary(o => o.CandidateId);
        IReadOnlyList<Outcome> live = await books.Ledger.ReadAsync<Outcome>();
        Assert.Equal(settled.Count, live.Count);
        Assert.All(
            live,
            o =>
            {
                Outcome expected = settled[o.CandidateId];
                Assert.Equal(expected.NetReturn, o.NetReturn, 1e-12);
                Assert.Equal(
                    (expected.EntryAt, expected.EntryPrice, expected.ExitAt, expected.ExitPrice, expected.KnownAt),
                    (o.EntryAt, o.EntryPrice, o.ExitAt, o.ExitPrice, o.KnownAt)
                );
            }
        );
    }

    [Fact]
    public async Task Replay_AccountWhenAllIsClosed_IsTheSumOfTheOutcomes()
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        ReplayReport report = await books.ReplayAsync(Market, Dates);
        Position[] closed = [.. await books.Tracker(Dates.EndOfLastDay).GetClosedPositionsAsync()];
        HashSet<string> open = [.. (await books.Tracker(Dates.EndOfLastDay).GetOpenPositionsAsync()).Select(p => p.DecisionId)];
        IReadOnlyList<Order> orders = await books.Ledger.ReadAsync<Order>();
        HashSet<string> ofOpen = [.. orders.Where(o => open.Contains(o.DecisionId!)).Select(o => o.ClientOrderId)];
        decimal spentOnOpen = (await books.Ledger.ReadAsync<Fill>())
            .Where(f => ofOpen.Contains(f.ClientOrderId))
            .Sum(f => ((f.Side == OrderSide.Buy ? 1 : -1) * f.Quantity * f.Price) + f.Costs);
        // What was borrowed for a position that is still open is paid already.
        decimal slack = 5;
        Assert.InRange(
            report.Account.Cash - (100_000m + closed.Sum(p => p.Pnl!.Value) - spentOnOpen),
            open.Count == 0 ? -0.01m : -slack,
            0.01m
        );
        Assert.True(closed.Length > 20);
    }

    [Fact]
    public async Task Replay_BrokenOffAnywhere_GoesOnToTheSameBooks()
    {
        await using TradingBooks steady = await TradingBooks.OpenAsync(Market);
        int questions = 0;
        await steady.ReplayAsync(new CountingMarket(Market, () => questions++), Dates);
        string expected = await steady.DumpAsync();
        var random = new DeterministicRandom(5);
        await using TradingBooks broken = await TradingBooks.OpenAsync(Market);
        int breaks = 0;
        for (bool done = false; !done; )
        {
            using var source = new CancellationTokenSource();
            // After so many questions to the market, wherever that is; the first of them are those of the start.
            int left = (questions / 20) + random.NextInt(questions / 10);
            var market = new CountingMarket(
                Market,
                () =>
                {
                    if (--left == 0)
                    {
                        source.Cancel();
                    }
                }
            );
            Assert.True(breaks < 200, "it does not get on");
            try
            {
                await broken.ReplayAsync(market, Dates, cancellationToken: source.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
                breaks++;
            }
        }

        Assert.True(breaks > 4, $"{breaks} breaks");
        Assert.Equal(expected, await broken.DumpAsync());
    }

    /// <summary>The process dies between the note in the ledger and the broker, or between the broker and the next note, at every order or every second in turn.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replay_DeadAtItsOrders_SendsEachOnce(bool afterArrival)
    {
        var dates = new DateRange(Dates.From, Sessions[330]);
        await using TradingBooks steady = await TradingBooks.OpenAsync(Market);
        ReplayReport report = await steady.ReplayAsync(Market, dates);
        await using TradingBooks broken = await TradingBooks.OpenAsync(Market);
        int deaths = 0;
        for (bool done = false; !done; )
        {
            // Dead before the first order arrives, a life would never get on: there the second one kills.
            int left = afterArrival ? 1 : 2;
            try
            {
                await broken.ReplayAsync(Market, dates, arrived => Die(arrived, ref left));
                done = true;
            }
            catch (IOException)
            {
                deaths++;
            }

            Assert.True(deaths < 500, "it does not get on");
        }

        Assert.True(deaths >= report.Orders / 3, $"{deaths} deaths, {report.Orders} orders");
        Assert.Equal(await steady.DumpAsync(), await broken.DumpAsync());

        void Die(bool arrived, ref int left)
        {
            if (arrived == afterArrival && --left == 0)
            {
                throw new IOException("dead");
            }
        }
    }

    [Fact]
    public async Task Replay_MarketChangedLater_TradesTheSameBefore()
    {
        DateOnly cut = Sessions[350];
        DateTimeOffset moment = NyseCalendar.Hours(cut).Close;
        await using TradingBooks one = await TradingBooks.OpenAsync(Market);
        await using TradingBooks two = await TradingBooks.OpenAsync(Market);
        await one.ReplayAsync(await ChangedAsync(DateTimeOffset.MaxValue), Dates);
        await two.ReplayAsync(await ChangedAsync(moment), Dates);
        Assert.Equal(await OrdersAsync(one, moment), await OrdersAsync(two, moment));
        Assert.Equal(await FillsAsync(one, moment), await FillsAsync(two, moment));
        Assert.NotEqual(await FillsAsync(one, DateTimeOffset.MaxValue), await FillsAsync(two, DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task Replay_SettledByOthersMeanwhile_StillClosesWhatIsHeld()
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[350]));
        // Somebody settles with the bars of later days: the positions are closed as far as the tracker is concerned.
        await books.Tracker(Dates.EndOfLastDay).UpdatePositionsAsync();
        await books.ReplayAsync(Market, Dates);
        await using TradingBooks alone = await TradingBooks.OpenAsync(Market);
        await alone.ReplayAsync(Market, Dates);
        Assert.Equal(await FillsAsync(alone, DateTimeOffset.MaxValue), await FillsAsync(books, DateTimeOffset.MaxValue));
    }

    /// <summary>Stopped again and again, with positions kept or closed, at any session: once trading goes on, nothing is forgotten and nothing is sold that is not held.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replay_StoppedAndResumed_StillClosesWhatIsHeld(bool flatten)
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        var halts = new HaltSwitch(books.Ledger, TimeProvider.System);
        for (int end = 310; end <= 380; end += 10)
        {
            await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[end]));
            await halts.SwitchAsync(true, $"stop {end}", flatten);
            await halts.SwitchAsync(true, $"again {end}", flatten: false);
            await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[end + 2]));
            if (flatten)
            {
                Assert.Equal(
                    0,
                    (await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[end + 2]))).Account.GrossExposure
                );
            }

            await halts.SwitchAsync(false, $"resume {end}", flatten: false);
        }

        ReplayReport last = await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[400]));
        Assert.Empty(last.Differences);
        // What is held is what the decisions of the last days opened, and never more.
        Order[] entries =
        [
            .. (await books.Ledger.ReadAsync<Order>()).Where(o => o.TimeInForce == TimeInForce.Day && o.DecisionId is not null),
        ];
        HashSet<string> recent =
        [
            .. entries.Where(o => DateOnly.FromDateTime(o.CreatedAt.UtcDateTime) >= Sessions[394]).Select(o => o.Symbol),
        ];
        Assert.All(await books.PositionsAsync(), p => Assert.Contains(p.Symbol, recent));
    }

    [Fact]
    public async Task Replay_OtherAgentsAfterABreak_DoNotTradeTheSameMomentAgain()
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[310]));
        IReadOnlyList<Order> before = await books.Ledger.ReadAsync<Order>();
        // As if the last session had not been finished: its mark is not there yet.
        await using TradingBooks again = await TradingBooks.OpenAsync(Market);
        await again.Ledger.AppendAsync(await books.Ledger.ReadAsync<DecisionContext>());
        await again.Ledger.AppendAsync(await books.Ledger.ReadAsync<Candidate>());
        await again.Ledger.AppendAsync(await books.Ledger.ReadAsync<TradingDecision>());
        await again.Ledger.AppendAsync(before);
        await again.ReplayAsync(Market, new DateRange(Dates.From, Sessions[310]), seed: 9);
        IEnumerable<(string, DateTimeOffset)> entries = (await again.Ledger.ReadAsync<Order>())
            .Where(o => o.TimeInForce == TimeInForce.Day)
            .Select(o => (o.Symbol, o.CreatedAt));
        Assert.Equal(entries.Distinct().Count(), entries.Count());
    }

    [Fact]
    public async Task Replay_DaysThatWereTraded_AreRefused()
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        await books.ReplayAsync(Market, Dates);
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() =>
            books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[350]))
        );
        Assert.Contains("goes forward only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_Halted_SendsNothingUntilResumed()
    {
        await using TradingBooks books = await TradingBooks.OpenAsync(Market);
        await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[350]));
        int before = await books.Ledger.CountAsync<Order>();
        await new HaltSwitch(books.Ledger, TimeProvider.System).SwitchAsync(true, "a test", flatten: true);
        ReplayReport halted = await books.ReplayAsync(Market, new DateRange(Dates.From, Sessions[375]));
        IReadOnlyList<Order> orders = await books.Ledger.ReadAsync<Order>();
        // Nothing but the orders that close what was held when it came.
        Assert.All(orders.Skip(before), o => Assert.Null(o.DecisionId));
        Assert.Equal(0, halted.Account.GrossExposure);
        Assert.True(halted.Refusals["halted"] > 0);
        await new HaltSwitch(books.Ledger, TimeProvider.System).SwitchAsync(false, "looked at", flatten: false);
        await books.ReplayAsync(Market, Dates);
        Assert.Contains((await books.Ledger.ReadAsync<Order>()).Skip(orders.Count), o => o.DecisionId is not null);
    }

    private static async Task<Order[]> OrdersAsync(TradingBooks books, DateTimeOffset until) =>
        [.. (await books.Ledger.ReadAsync<Order>()).Where(o => o.CreatedAt < until)];

    private static async Task<Fill[]> FillsAsync(TradingBooks books, DateTimeOffset until) =>
        [.. (await books.Ledger.ReadAsync<Fill>()).Where(f => f.At <= until)];

    private static async Task<IMarketData> ChangedAsync(DateTimeOffset after)
    {
        var series = new List<BarSeries>();
        foreach (string symbol in Market.Symbols.Append(Market.Benchmark!))
        {
            BarSeries bars = await Market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            series.Add(
                new BarSeries(
                    symbol,
                    Enumerable.Range(0, bars.Count).Select(i => bars[i].CloseTime <= after ? bars[i] : Half(bars[i])),
                    bars.Actions
                )
            );
        }

        return new InMemoryMarketData("changed", series, Market.Benchmark);

        static Bar Half(Bar bar) =>
            bar with
            {
                Open = bar.Open / 2,
                High = bar.High / 2,
                Low = bar.Low / 2,
                Close = bar.Close / 2,
            };
    }
}
