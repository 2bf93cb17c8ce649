using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Tests.Outcomes.Brokers;

public sealed partial class TradingDeskTests : IAsyncLifetime
{
    private static readonly string[] Symbols = ["AAA", "BBB", "CCC"];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 6, 10, 0, 0, TimeSpan.Zero))
    {
        AutoAdvanceAmount = TimeSpan.Zero,
    };
    private Ledger _ledger = null!;
    private Ledger _store = null!;
    private UncertainBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await Ledger.OpenAsync(":memory:");
        _store = await Ledger.OpenAsync(":memory:");
        PaperBroker paper = await PaperBroker.OpenAsync(_store, _time, new PaperBrokerOptions { CostBps = 0, Leverage = 4 });
        foreach (string symbol in Symbols)
        {
            await paper.MarkAsync(symbol, 100);
        }

        _broker = new UncertainBroker(paper);
        Paper = paper;
    }

    private PaperBroker Paper { get; set; } = null!;

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Submit_IsInTheLedgerBeforeItLeaves()
    {
        using TradingDesk desk = Desk();
        _broker.Break(arrives: false);
        Task<DeskResult> sending = desk.SubmitAsync(Buy("a", 10));
        Assert.Empty(_broker.Arrived);
        Assert.NotNull(await _ledger.FindAsync<Order>("a"));
        await WaitAsync(sending);
        Assert.Equal(["a"], _broker.Arrived);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_InDoubt_AsksAndSendsAtMostOnce(bool arrives)
    {
        using TradingDesk desk = Desk();
        _broker.Break(arrives);
        DeskResult result = await WaitAsync(desk.SubmitAsync(Buy("a", 10)));
        Assert.Equal(OrderStatus.Accepted, result.State!.Status);
        Assert.Equal(["a"], _broker.Arrived);
        Assert.True(_broker.Questions >= 1);
    }

    [Fact]
    public async Task Submit_InDoubtForLong_LeavesItOpenAndTheNextTryAsksFirst()
    {
        using TradingDesk desk = Desk();
        for (int i = 0; i < 5; i++)
        {
            _broker.Break(arrives: false);
        }

        Assert.Equal(new DeskResult(null, null), await WaitAsync(desk.SubmitAsync(Buy("a", 10))));
        DeskDifference difference = Assert.Single(await desk.ReconcileAsync(new Dictionary<string, BarSeries>()));
        Assert.Equal("order_unknown_to_broker", difference.Kind);
        // After a restart, too.
        using TradingDesk later = Desk();
        int questions = _broker.Questions;
        Assert.Equal(OrderStatus.Accepted, (await WaitAsync(later.SubmitAsync(Buy("a", 10)))).State!.Status);
        Assert.True(_broker.Questions > questions);
        Assert.Equal(["a"], _broker.Arrived);
        Assert.Empty(await later.ReconcileAsync(new Dictionary<string, BarSeries>()));
    }

    [Fact]
    public async Task Submit_TheSameAfterARestart_IsNotSentAgain()
    {
        using (TradingDesk desk = Desk())
        {
            await desk.SubmitAsync(Buy("a", 10));
        }

        using TradingDesk again = Desk();
        Assert.Equal(OrderStatus.Accepted, (await again.SubmitAsync(Buy("a", 10))).State!.Status);
        Assert.Equal(["a"], _broker.Arrived);
    }

    [Theory]
    [InlineData("max_order_notional", 600, 100, 0.9)]
    [InlineData("max_position_fraction", 300, 100, 0.9)]
    [InlineData("price_known", 1, null, 0.9)]
    public async Task Submit_BeyondALimit_IsRefusedWithItsNumbers(string rule, int shares, int? price, double gross)
    {
        using var desk = new TradingDesk(_broker, _ledger, _time, new RiskLimits { MaxGrossExposure = gross });
        if (price is { } known)
        {
            desk.Mark("AAA", known);
        }

        DeskResult result = await desk.SubmitAsync(Buy("a", shares));
        Assert.Equal(rule, result.Refusal!.Rule);
        Assert.Empty(_broker.Arrived);
        Assert.Null(await _ledger.FindAsync<Order>("a"));
        Assert.Equal([result.Refusal], await _ledger.ReadAsync<RiskRefusal>());
    }

    [Fact]
    public async Task Submit_OtherLimits_EachRefuses()
    {
        await RefusedAsync(new RiskLimits { AllowedSymbols = ["BBB"] }, "allowed_symbols", Buy("a", 1));
        await RefusedAsync(new RiskLimits { TradingHoursOnly = true }, "trading_hours", Buy("b", 1));
        await RefusedAsync(new RiskLimits { MaxOrdersPerMinute = 0 }, "max_orders_per_minute", Buy("c", 1));
        await RefusedAsync(
            new RiskLimits { PriceCollar = 0.05 },
            "price_collar",
            Buy("d", 1) with
            {
                Type = OrderType.Limit,
                LimitPrice = 94,
            }
        );
        await RefusedAsync(new RiskLimits { MaxNetExposure = 0.1 }, "max_net_exposure", Buy("e", 101));
        await RefusedAsync(new RiskLimits { MaxGrossExposure = 0.1, MaxNetExposure = 0.1 }, "max_gross_exposure", Buy("f", 101));
        await RefusedAsync(new RiskLimits { CashReserve = 0.95 }, "cash_reserve", Buy("g", 51));
        await _ledger.AppendAsync([Mark(4, 200_000), Mark(5, 104_000)]);
        await RefusedAsync(new RiskLimits { MaxDrawdown = 0.4 }, "max_daily_loss", Buy("h", 1));
        await RefusedAsync(new RiskLimits { MaxDailyLoss = 0.5 }, "max_drawdown", Buy("i", 1));

        async Task RefusedAsync(RiskLimits limits, string rule, Order order)
        {
            using var desk = new TradingDesk(_broker, _ledger, _time, limits);
            desk.Mark("AAA", 100);
            Assert.Equal(rule, (await desk.SubmitAsync(order)).Refusal?.Rule);
        }
    }

    [Fact]
    public async Task Submit_ClosingAfterALoss_IsAllowed()
    {
        using TradingDesk desk = Desk(new RiskLimits { MaxDailyLoss = 0.01 });
        await desk.SubmitAsync(Buy("a", 100));
        await ShowAsync(new DateOnly(2025, 1, 7), 100);
        await _ledger.AppendAsync([Mark(7, 150_000)]);
        Assert.Equal("max_daily_loss", (await desk.SubmitAsync(Buy("b", 1))).Refusal!.Rule);
        Assert.Equal(OrderStatus.Accepted, (await desk.SubmitAsync(Buy("c", 100) with { Side = OrderSide.Sell })).State!.Status);
        // Together with the one that waits it would turn the position round.
        Assert.Equal("max_daily_loss", (await desk.SubmitAsync(Buy("d", 1) with { Side = OrderSide.Sell })).Refusal!.Rule);
    }

    [Fact]
    public async Task Halt_CancelsWhatWaitsAndOutlivesTheProcessUntilResume()
    {
        using (TradingDesk desk = Desk())
        {
            await desk.SubmitAsync(Buy("held", 50));
            await ShowAsync(new DateOnly(2025, 1, 7), 100);
            await desk.SubmitAsync(Buy("waits", 10));
            await desk.HaltAsync("a test", flatten: true);
            Assert.Equal(OrderStatus.Canceled, (await Paper.FindAsync("waits"))!.Status);
            OrderState closing = Assert.Single(await Paper.GetOpenOrdersAsync());
            Assert.Equal((OrderSide.Sell, 50m), (closing.Side, closing.Quantity));
        }

        using TradingDesk again = Desk();
        Assert.Equal("halted", (await again.SubmitAsync(Buy("late", 1))).Refusal!.Rule);
        await ShowAsync(new DateOnly(2025, 1, 8), 100);
        Assert.Empty(await Paper.GetPositionsAsync());
        await again.ResumeAsync("looked at");
        Assert.Null(await again.FindHaltAsync());
        Assert.Equal(OrderStatus.Accepted, (await again.SubmitAsync(Buy("new", 1))).State!.Status);
    }

    [Fact]
    public async Task Reconcile_NamesEachDifference()
    {
        using TradingDesk desk = Desk();
        await desk.SubmitAsync(Buy("a", 10));
        await ShowAsync(new DateOnly(2025, 1, 7), 100);
        Assert.Empty(await desk.ReconcileAsync(new Dictionary<string, BarSeries>()));
        // Somebody else trades in the account.
        await Paper.SubmitAsync(Buy("stranger", 5));
        Assert.Equal(
            "order_unknown_to_ledger",
            Assert.Single(await desk.ReconcileAsync(new Dictionary<string, BarSeries>())).Kind
        );
        await ShowAsync(new DateOnly(2025, 1, 8), 100);
        // What it leaves behind is not ours, until a person takes it over.
        Assert.Equal("position", Assert.Single(await desk.ReconcileAsync(new Dictionary<string, BarSeries>())).Kind);
        await desk.AcceptHoldingsAsync(new Dictionary<string, BarSeries>());
        Assert.Empty(await desk.ReconcileAsync(new Dictionary<string, BarSeries>()));
        (DateTimeOffset open, DateTimeOffset close) = NyseCalendar.Hours(new DateOnly(2025, 1, 10));
        var split = new Dictionary<string, BarSeries>
        {
            ["AAA"] = new(
                "AAA",
                [new Bar(open, close, 50, 50, 50, 50, 1)],
                [new CorporateAction(new DateOnly(2025, 1, 10), CorporateActionKind.Split, 2)]
            ),
        };
        Assert.Empty(await desk.ReconcileAsync(split));
        _time.SetUtcNow(close);
        DeskDifference found = Assert.Single(await desk.ReconcileAsync(split));
        Assert.Equal("the broker holds 15 of AAA, the fills in the ledger add up to 30", found.Text);
    }

    /// <summary>Orders of any kind, prices that move, a stop somewhere: no limit is ever broken by what was sent, and after the stop nothing leaves.</summary>
    [Fact]
    public Task Flood_OfOrdersAndFills_BreaksNoLimit() =>
        Gen.Select(Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int[1, 400], Gen.Int[0, 9]).Array[40], Gen.Int[5, 39])
            .SampleAsync(
                async (steps, stop) =>
                {
                    await using Ledger ledger = await Ledger.OpenAsync(":memory:");
                    await using Ledger store = await Ledger.OpenAsync(":memory:");
                    PaperBroker paper = await PaperBroker.OpenAsync(
                        store,
                        _time,
                        new PaperBrokerOptions
                        {
                            CostBps = 0,
                            Leverage = 4,
                            BorrowBpsPerYear = 0,
                        }
                    );
                    foreach (string symbol in Symbols)
                    {
                        await paper.MarkAsync(symbol, 100);
                    }

                    var line = new UncertainBroker(paper);
                    var limits = new RiskLimits
                    {
                        MaxOrdersPerMinute = 1_000,
                        MaxDailyLoss = 1,
                        MaxDrawdown = 1,
                    };
                    using var desk = new TradingDesk(line, ledger, _time, limits);
                    var day = new DateOnly(2025, 1, 7);
                    int left = 0;
                    foreach ((int index, (int symbol, bool buy, int shares, int move)) in steps.Index())
                    {
                        if (index == stop)
                        {
                            await desk.HaltAsync("enough");
                            left = line.Arrived.Count;
                        }

                        // Prices stand still, so that what was within the limits stays so.
                        desk.Mark(Symbols[symbol], 100);
                        Order order = Buy($"o{index}", shares) with
                        {
                            Symbol = Symbols[symbol],
                            Side = buy ? OrderSide.Buy : OrderSide.Sell,
                        };
                        await desk.SubmitAsync(move == 1 ? order with { Quantity = null, Notional = shares * 100 } : order);
                        if (move == 0)
                        {
                            foreach (string each in Symbols)
                            {
                                await ShowAsync(paper, each, day, 100);
                            }

                            day = day.AddDays(1);
                        }

                        await WithinAsync(paper, limits);
                    }

                    Assert.Equal(left, line.Arrived.Count);
                },
                iter: 60
            );

    private static async Task WithinAsync(PaperBroker paper, RiskLimits limits)
    {
        BrokerAccount account = await paper.GetAccountAsync();
        IReadOnlyList<BrokerPosition> positions = await paper.GetPositionsAsync();
        double equity = (double)account.Equity;
        Assert.All(
            positions,
            p => Assert.InRange(Math.Abs((double)p.MarketValue) / equity, 0, limits.MaxPositionFraction + 1e-9)
        );
        Assert.InRange((double)account.GrossExposure / equity, 0, limits.MaxGrossExposure + 1e-9);
        Assert.InRange(Math.Abs((double)positions.Sum(p => p.MarketValue)) / equity, 0, limits.MaxNetExposure + 1e-9);
        Assert.InRange((double)account.Cash / equity, limits.CashReserve - 1e-9, double.MaxValue);
    }

    private static EquityMark Mark(int day, decimal equity) =>
        new()
        {
            Session = new DateOnly(2025, 1, day),
            Equity = equity,
            Cash = equity,
            At = new DateTimeOffset(2025, 1, day, 21, 0, 0, TimeSpan.Zero),
        };

    private TradingDesk Desk(RiskLimits? limits = null)
    {
        var desk = new TradingDesk(_broker, _ledger, _time, limits);
        desk.Mark("AAA", 100);
        return desk;
    }

    private Order Buy(string id, decimal shares) =>
        new()
        {
            ClientOrderId = id,
            Symbol = "AAA",
            Side = OrderSide.Buy,
            Quantity = shares,
            CreatedAt = _time.GetUtcNow(),
        };

    private Task ShowAsync(DateOnly session, decimal price) => ShowAsync(Paper, "AAA", session, price);

    private static Task ShowAsync(PaperBroker paper, string symbol, DateOnly session, decimal price)
    {
        var open = new DateTimeOffset(session, new TimeOnly(14, 30), TimeSpan.Zero);
        var bar = new Bar(open, open.AddHours(6.5), price, price, price, price, 1_000_000);
        return paper.ShowAsync(new BarSeries(symbol, [bar]), bar);
    }

    /// <summary>Lets the clock run until a task that waits for it is done.</summary>
    private async Task<T> WaitAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await task;
    }
}
