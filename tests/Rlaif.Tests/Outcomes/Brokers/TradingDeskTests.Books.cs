using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <content>Doubts, stops, and books that do not agree.</content>
public sealed partial class TradingDeskTests
{
    [Fact]
    public async Task Submit_StoppedWhileInDoubt_IsNotSentAgain()
    {
        using TradingDesk desk = Desk();
        _broker.Break(arrives: false);
        Task<DeskResult> sending = desk.SubmitAsync(Buy("a", 10));
        await new HaltSwitch(_ledger, _time).SwitchAsync(true, "news", flatten: false);
        Assert.Equal(new DeskResult(null, null), await WaitAsync(sending));
        Assert.Empty(_broker.Arrived);
    }

    [Fact]
    public async Task Submit_BeforeTheBooksWereCompared_IsRefusedWhereThatIsAskedFor()
    {
        using TradingDesk desk = Desk();
        desk.AwaitReconciliation();
        Assert.Equal("reconciliation", (await desk.SubmitAsync(Buy("a", 10))).Refusal!.Rule);
        Assert.Empty(await desk.ReconcileAsync(new Dictionary<string, BarSeries>()));
        Assert.Null((await desk.SubmitAsync(Buy("b", 10))).Refusal);
    }

    [Fact]
    public async Task Submit_InDoubtAndTheBooksNotCompared_IsHeldBackAndSentLater()
    {
        using (TradingDesk desk = Desk())
        {
            for (int i = 0; i < 5; i++)
            {
                _broker.Break(arrives: false);
            }

            await WaitAsync(desk.SubmitAsync(Buy("a", 10)));
        }

        using TradingDesk later = Desk();
        later.AwaitReconciliation();
        Assert.Equal("reconciliation", (await later.SubmitAsync(Buy("a", 10))).Refusal!.Rule);
        Assert.Equal(
            "order_unknown_to_broker",
            Assert.Single(await later.ReconcileAsync(new Dictionary<string, BarSeries>())).Kind
        );
        // At the same moment it stays refused, whatever has changed since.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(OrderStatus.Accepted, (await later.SubmitAsync(Buy("a", 10))).State!.Status);
        Assert.Equal(["a"], _broker.Arrived);
    }

    /// <summary>A broker that says that an order is filled before it tells the fill.</summary>
    [Fact]
    public async Task Journal_FilledWithoutItsFills_HasNotEnded()
    {
        var journal = new TradeJournal(_ledger);
        Order order = Buy("a", 10);
        var fill = new Fill
        {
            FillId = "f",
            ClientOrderId = "a",
            Symbol = "AAA",
            Side = OrderSide.Buy,
            Quantity = 10,
            Price = 100,
            Costs = 0,
            At = _time.GetUtcNow(),
        };
        var filled = new OrderState
        {
            ClientOrderId = "a",
            Symbol = "AAA",
            Side = OrderSide.Buy,
            Status = OrderStatus.Filled,
            Quantity = 10,
            FilledQuantity = 10,
            AveragePrice = 100,
            UpdatedAt = _time.GetUtcNow(),
        };
        await _ledger.AppendAsync(new LedgerBatch().Add(order).Add(OrderUpdate.Of(filled)));
        await journal.RefreshAsync(CancellationToken.None);
        Assert.Null(journal.EndOf("a"));
        Assert.Equal(["a"], journal.Pending);
        Assert.Equal(["AAA"], journal.SymbolsTraded);

        await _ledger.AppendAsync([fill]);
        await journal.RefreshAsync(CancellationToken.None);
        Assert.Equal(OrderStatus.Filled, journal.EndOf("a")!.Status);
        Assert.Empty(journal.Pending);
    }

    /// <summary>The paper broker counts by each symbol's own bars: one whose bar of the day of its split is late is in old shares, whatever others have.</summary>
    [Fact]
    public async Task Reconcile_BarOfASplitIsLate_CountsThatSymbolInOldShares()
    {
        using TradingDesk desk = Desk();
        await desk.SubmitAsync(Buy("a", 10));
        await ShowAsync(new DateOnly(2025, 1, 7), 100);
        var split = new CorporateAction(new DateOnly(2025, 1, 8), CorporateActionKind.Split, 3);
        Bar[] days = [.. new[] { 7, 8 }.Select(d => Day(new DateOnly(2025, 1, d)))];
        var bars = new Dictionary<string, BarSeries>(StringComparer.Ordinal)
        {
            ["AAA"] = new("AAA", days[..1], [split]),
            ["BBB"] = new("BBB", days),
        };
        _time.SetUtcNow(days[1].CloseTime);
        Assert.Empty(await desk.ReconcileAsync(bars));
        bars["AAA"] = new BarSeries("AAA", days, [split]);
        Assert.Single(await desk.ReconcileAsync(bars));
        await Paper.ShowAsync(bars["AAA"], days[1]);
        Assert.Empty(await desk.ReconcileAsync(bars));

        static Bar Day(DateOnly day) =>
            new(NyseCalendar.Hours(day).Open, NyseCalendar.Hours(day).Close, 100, 100, 100, 100, 1_000);
    }

    /// <summary>A ratio that is no decimal number: ten shares become three and a third.</summary>
    [Fact]
    public async Task Reconcile_RatioThatIsNoDecimalNumber_Agrees()
    {
        using TradingDesk desk = Desk();
        await desk.SubmitAsync(Buy("a", 12));
        await desk.SubmitAsync(Buy("b", 10));
        await ShowAsync(new DateOnly(2025, 1, 7), 100);
        (DateTimeOffset open, DateTimeOffset close) = NyseCalendar.Hours(new DateOnly(2025, 1, 8));
        var bar = new Bar(open, close, 300, 300, 300, 300, 1_000);
        var series = new BarSeries(
            "AAA",
            [bar],
            [new CorporateAction(new DateOnly(2025, 1, 8), CorporateActionKind.Split, 1m / 3)]
        );
        await Paper.ShowAsync(series, bar);
        _time.SetUtcNow(close);
        Assert.Empty(await desk.ReconcileAsync(new Dictionary<string, BarSeries>(StringComparer.Ordinal) { ["AAA"] = series }));
        Assert.Equal(7.333333m, Assert.Single(await Paper.GetPositionsAsync()).Quantity);
    }

    [Fact]
    public async Task Reconcile_SomebodyBoughtByHand_PausesTradingUntilTheHoldingsAreAccepted()
    {
        using TradingDesk desk = Desk();
        var day = new DateOnly(2025, 1, 7);
        await Paper.SubmitAsync(Buy("not ours", 5));
        await ShowAsync(day, 100);
        var bars = new Dictionary<string, BarSeries>(StringComparer.Ordinal);
        Assert.Contains(
            "the broker holds 5 of AAA, the fills in the ledger add up to 0",
            Assert.Single(await desk.ReconcileAsync(bars)).Text,
            StringComparison.Ordinal
        );
        DeskResult refused = await desk.SubmitAsync(Buy("o1", 1));
        Assert.Equal("reconciliation", refused.Refusal!.Rule);

        Assert.Single((await desk.AcceptHoldingsAsync(bars)).Taken);
        Assert.Empty((await desk.AcceptHoldingsAsync(bars)).Taken);
        Assert.Empty(await desk.ReconcileAsync(bars));
        Assert.Null((await desk.SubmitAsync(Buy("o2", 1))).Refusal);
    }
}
