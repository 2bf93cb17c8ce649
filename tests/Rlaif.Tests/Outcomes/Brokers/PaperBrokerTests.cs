using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Tests.Outcomes.Brokers;

public sealed class PaperBrokerTests
{
    [Fact]
    public async Task Market_IsFilledAtTheNextOpenWithCosts()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync(new PaperBrokerOptions { CostBps = 5 });
        OrderState sent = await desk.BuyAsync(100);
        Assert.Equal(OrderStatus.Accepted, sent.Status);
        await desk.DayAsync(101, 105, 99, 104);
        OrderState state = await desk.StateAsync("buy_100");
        Assert.Equal((OrderStatus.Filled, 100m, 101m), (state.Status, state.FilledQuantity, state.AveragePrice));
        Assert.Equal(100_000m - 10_100m - 5.05m, await desk.CashAsync());
        BrokerAccount account = await desk.Broker.GetAccountAsync();
        Assert.Equal(100_000m - 10_100m - 5.05m + 10_400m, account.Equity);
        Assert.Equal(10_400m, account.GrossExposure);
    }

    [Fact]
    public async Task Submit_TheSameIdAgain_ChangesNothing()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.BuyAsync(100);
        await desk.BuyAsync(100);
        await desk.DayAsync(100, 101, 99, 100);
        OrderState again = await desk.BuyAsync(100);
        await desk.DayAsync(100, 101, 99, 100);
        Assert.Equal((OrderStatus.Filled, 100m), (again.Status, await desk.SharesAsync()));
    }

    [Theory]
    // A better open is the price; a touch is at the limit; else it waits.
    [InlineData(OrderSide.Buy, 98, 97, 99, 95, 97.0)]
    [InlineData(OrderSide.Buy, 98, 99, 100, 97, 98.0)]
    [InlineData(OrderSide.Buy, 98, 99, 100, 98.5, null)]
    [InlineData(OrderSide.Sell, 102, 103, 105, 101, 103.0)]
    [InlineData(OrderSide.Sell, 102, 101, 103, 100, 102.0)]
    [InlineData(OrderSide.Sell, 102, 101, 101.5, 100, null)]
    public async Task Limit_IsFilledAtItsPriceOrBetter(
        OrderSide side,
        double limit,
        double open,
        double high,
        double low,
        double? expected
    ) => await ExpectAsync(side, OrderType.Limit, (decimal)limit, null, (open, high, low), expected);

    [Theory]
    // A worse open is the price.
    [InlineData(OrderSide.Buy, 102, 103, 104, 101, 103.0)]
    [InlineData(OrderSide.Buy, 102, 101, 103, 100, 102.0)]
    [InlineData(OrderSide.Buy, 102, 101, 101.5, 100, null)]
    [InlineData(OrderSide.Sell, 98, 97, 99, 96, 97.0)]
    [InlineData(OrderSide.Sell, 98, 99, 100, 97, 98.0)]
    [InlineData(OrderSide.Sell, 98, 99, 100, 98.5, null)]
    public async Task Stop_IsFilledAtItsPriceOrWorse(
        OrderSide side,
        double stop,
        double open,
        double high,
        double low,
        double? expected
    ) => await ExpectAsync(side, OrderType.Stop, null, (decimal)stop, (open, high, low), expected);

    [Fact]
    public async Task StopLimit_BeyondItsLimit_WaitsForTheLimit()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        Order order = desk.Order("s", OrderSide.Buy, 10, OrderType.StopLimit) with
        {
            StopPrice = 102,
            LimitPrice = 103,
            TimeInForce = TimeInForce.Gtc,
        };
        await desk.SubmitAsync(order);
        await desk.DayAsync(100, 101, 99, 100);
        Assert.Equal(OrderStatus.Accepted, (await desk.StateAsync("s")).Status);
        await desk.DayAsync(105, 107, 104, 106);
        Assert.Equal(OrderStatus.Accepted, (await desk.StateAsync("s")).Status);
        await desk.RestartAsync();
        await desk.DayAsync(104, 104, 101, 102);
        Assert.Equal(103m, (await desk.StateAsync("s")).AveragePrice);
    }

    [Fact]
    public async Task TrailingStop_FollowsTheBestPriceAndIsFilledBehindIt()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.BuyAsync(10);
        Order order = desk.Order("t", OrderSide.Sell, 10, OrderType.TrailingStop) with
        {
            TrailFraction = 0.1m,
            TimeInForce = TimeInForce.Gtc,
        };
        await desk.DayAsync(100, 100, 100, 100);
        await desk.SubmitAsync(order);
        await desk.DayAsync(100, 120, 95, 118);
        await desk.RestartAsync();
        Assert.Equal(OrderStatus.Accepted, (await desk.StateAsync("t")).Status);
        await desk.DayAsync(115, 116, 107, 110);
        Assert.Equal(108m, (await desk.StateAsync("t")).AveragePrice);
        Assert.Equal(0, await desk.SharesAsync());
    }

    [Fact]
    public async Task Day_ExpiresWithItsSessionAndGtcWaits()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        Order day = desk.Order("day", OrderSide.Buy, 10, OrderType.Limit) with { LimitPrice = 90 };
        await desk.SubmitAsync(day);
        await desk.SubmitAsync(day with { ClientOrderId = "gtc", TimeInForce = TimeInForce.Gtc });
        await desk.DayAsync(100, 101, 99, 100);
        Assert.Equal(OrderStatus.Accepted, (await desk.StateAsync("day")).Status);
        await desk.DayAsync(89, 90, 88, 89);
        Assert.Equal(OrderStatus.Expired, (await desk.StateAsync("day")).Status);
        Assert.Equal(
            (OrderStatus.Filled, 89m),
            ((await desk.StateAsync("gtc")).Status, (await desk.StateAsync("gtc")).AveragePrice)
        );
        Assert.Equal(10, await desk.SharesAsync());
    }

    [Fact]
    public async Task Volume_LimitsWhatIsFilledAndTheRestWaits()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(desk.Order("big", OrderSide.Buy, 250) with { TimeInForce = TimeInForce.Gtc });
        await desk.SubmitAsync(desk.Order("late", OrderSide.Buy, 50) with { TimeInForce = TimeInForce.Gtc });
        await desk.DayAsync(100, 101, 99, 100, volume: 1_000);
        Assert.Equal(
            (OrderStatus.PartiallyFilled, 100m),
            ((await desk.StateAsync("big")).Status, (await desk.StateAsync("big")).FilledQuantity)
        );
        // The bar again, as after a restart: the one that had no room gets none now either.
        await desk.RestartAsync();
        await desk.ShowAsync(0);
        Assert.Equal(100, await desk.SharesAsync());
        await desk.DayAsync(110, 111, 109, 110, volume: 1_800);
        OrderState big = await desk.StateAsync("big");
        Assert.Equal((OrderStatus.Filled, 250m), (big.Status, big.FilledQuantity));
        Assert.Equal(((100m * 100) + (150 * 110)) / 250, big.AveragePrice);
        Assert.Equal(30m, (await desk.StateAsync("late")).FilledQuantity);
        await desk.DayAsync(110, 111, 109, 110, volume: 0);
        Assert.Equal(30m, (await desk.StateAsync("late")).FilledQuantity);
    }

    [Theory]
    [InlineData(104, 104.5, 99, 95.0)] // neither
    [InlineData(104, 106, 99, 105.0)] // target
    [InlineData(104, 104.5, 94, 95.0)] // stop
    [InlineData(104, 106, 94, 95.0)] // both: the stop
    [InlineData(107, 108, 94, 107.0)] // opens beyond the target: that comes first
    public async Task Bracket_ClosesAtItsTargetOrStopOnce(double open, double high, double low, double price)
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(
            desk.Order("b", OrderSide.Buy, 10) with
            {
                Class = OrderClass.Bracket,
                TargetPrice = 105,
                StopLossPrice = 95,
            }
        );
        Assert.Equal(OrderStatus.Held, (await desk.StateAsync("b/target")).Status);
        await desk.DayAsync(100, 101, 99, 100);
        Assert.Equal(10, await desk.SharesAsync());
        await desk.DayAsync((decimal)open, (decimal)high, (decimal)low, 100);
        bool closed = high >= 105 || low <= 95;
        Assert.Equal(closed ? 0 : 10, await desk.SharesAsync());
        Fill[] exits = [.. (await desk.Broker.GetFillsAsync(DateTimeOffset.MinValue)).Where(f => f.Side == OrderSide.Sell)];
        Assert.Equal(closed ? [(decimal)price] : [], exits.Select(f => f.Price));
        Assert.Equal(closed ? 0 : 2, (await desk.Broker.GetOpenOrdersAsync()).Count);
        await desk.DayAsync(90, 120, 80, 100);
        Assert.Equal(0, await desk.SharesAsync());
    }

    [Fact]
    public async Task Bracket_TouchedOnTheDayOfItsEntry_ClosesThatDay()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(
            desk.Order("b", OrderSide.Sell, 10) with
            {
                Class = OrderClass.Bracket,
                TargetPrice = 90,
                StopLossPrice = 110,
            }
        );
        await desk.DayAsync(100, 101, 89, 95);
        Assert.Equal(0, await desk.SharesAsync());
        Assert.Equal(100_000m + 100, await desk.CashAsync());
    }

    [Fact]
    public async Task Oco_PartlyFilled_LeavesTheRestToBoth()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.BuyAsync(100);
        await desk.DayAsync(100, 100, 100, 100);
        await desk.SubmitAsync(
            desk.Order("o", OrderSide.Sell, 100, OrderType.Limit) with
            {
                Class = OrderClass.Oco,
                LimitPrice = 105,
                StopLossPrice = 95,
                TimeInForce = TimeInForce.Gtc,
            }
        );
        await desk.DayAsync(104, 106, 103, 104, volume: 400);
        Assert.Equal((60m, 60m), (await desk.SharesAsync(), (await desk.StateAsync("o/stop")).Quantity));
        await desk.DayAsync(94, 96, 93, 94);
        Assert.Equal(0, await desk.SharesAsync());
        Assert.Equal(OrderStatus.Canceled, (await desk.StateAsync("o")).Status);
        Assert.Equal(100_000m - 10_000 + (40 * 105) + (60 * 94), await desk.CashAsync());
    }

    [Fact]
    public async Task Split_ScalesHoldingsAndWaitingOrdersOnce()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.BuyAsync(10);
        await desk.DayAsync(1500, 1500, 1500, 1500);
        await desk.SubmitAsync(
            desk.Order("target", OrderSide.Sell, 10, OrderType.Limit) with
            {
                LimitPrice = 1800,
                TimeInForce = TimeInForce.Gtc,
            }
        );
        desk.Actions.Add(new CorporateAction(PaperDesk.Session(1), CorporateActionKind.Split, 15));
        desk.Actions.Add(new CorporateAction(PaperDesk.Session(1), CorporateActionKind.Dividend, 0.2m));
        await desk.DayAsync(101, 102, 100, 101);
        await desk.RestartAsync();
        await desk.ShowAsync(1);
        Assert.Equal(150, await desk.SharesAsync());
        // The dividend is for the shares after the split.
        Assert.Equal(100_000m - 15_000 + 30, await desk.CashAsync());
        Assert.Equal(150m, (await desk.StateAsync("target")).Quantity);
        await desk.DayAsync(119, 121, 118, 120);
        Assert.Equal(120m, (await desk.StateAsync("target")).AveragePrice);
        Assert.Equal(100_000m + 3_000 + 30, await desk.CashAsync());
    }

    [Fact]
    public async Task Short_PaysDividendsAndTheNightsItIsBorrowed()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync(new PaperBrokerOptions { CostBps = 0, BorrowBpsPerYear = 365 });
        await desk.SubmitAsync(desk.Order("s", OrderSide.Sell, 100));
        await desk.DayAsync(100, 100, 100, 100);
        desk.Actions.Add(new CorporateAction(PaperDesk.Session(3), CorporateActionKind.Dividend, 1));
        await desk.DayAsync(90, 90, 90, 90, skip: 2);
        // 10,000 at 365 bp for three nights, and 100 of dividend.
        Assert.Equal(100_000m + 10_000 - 3 - 100, await desk.CashAsync());
        Assert.Equal(100_000m + 1_000 - 3 - 100, (await desk.Broker.GetAccountAsync()).Equity);
    }

    [Fact]
    public async Task BuyingPower_IsSharedByHoldingsAndWaitingOrders()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync(new PaperBrokerOptions { CostBps = 0, Leverage = 1 });
        Assert.Equal(OrderStatus.Accepted, (await desk.BuyAsync(600)).Status);
        Assert.Equal(40_000m, (await desk.Broker.GetAccountAsync()).BuyingPower);
        OrderState refused = await desk.BuyAsync(401);
        Assert.Equal(OrderStatus.Rejected, refused.Status);
        Assert.Contains("buying power 40000.00 does not cover 40100.00", refused.Reason, StringComparison.Ordinal);
        await desk.DayAsync(100, 100, 100, 100);
        // Closing needs none, turning round needs it for what is new.
        Assert.Equal(OrderStatus.Accepted, (await desk.SubmitAsync(desk.Order("close", OrderSide.Sell, 600))).Status);
        Assert.Equal(OrderStatus.Rejected, (await desk.SubmitAsync(desk.Order("turn", OrderSide.Sell, 1_700))).Status);
    }

    [Fact]
    public async Task NoShortSales_RefusesWhatIsNotHeld()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync(new PaperBrokerOptions { AllowShort = false });
        Assert.Contains("short", (await desk.SubmitAsync(desk.Order("s", OrderSide.Sell, 1))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_IsFilledAtTheCloseOfItsSession()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(desk.Order("c", OrderSide.Buy, 10) with { TimeInForce = TimeInForce.Close });
        await desk.DayAsync(100, 110, 90, 105);
        OrderState state = await desk.StateAsync("c");
        Assert.Equal((OrderStatus.Filled, 105m), (state.Status, state.AveragePrice));
    }

    [Fact]
    public async Task Bracket_LegCancelledBeforeItsEntryFills_StaysCancelled()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(
            desk.Order("b", OrderSide.Buy, 10) with
            {
                Class = OrderClass.Bracket,
                TargetPrice = 105,
                StopLossPrice = 95,
            }
        );
        await desk.Broker.ReplaceAsync("b/stop", "tighter", new OrderChange(StopPrice: 98));
        await desk.DayAsync(100, 101, 99, 100);
        await desk.DayAsync(100, 101, 97, 100);
        Assert.Equal(0, await desk.SharesAsync());
        Assert.Equal(98m, (await desk.StateAsync("tighter")).AveragePrice);
        Assert.Equal(
            (OrderStatus.Replaced, OrderStatus.Canceled),
            ((await desk.StateAsync("b/stop")).Status, (await desk.StateAsync("b/target")).Status)
        );
    }

    [Fact]
    public async Task BuyingPower_SharesThatAnOrderCloses_AreNotThereForTheNext()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync(new PaperBrokerOptions { CostBps = 0, AllowShort = false });
        await desk.BuyAsync(100);
        await desk.DayAsync(100, 100, 100, 100);
        Assert.Equal(OrderStatus.Accepted, (await desk.SubmitAsync(desk.Order("one", OrderSide.Sell, 60))).Status);
        Assert.Equal(OrderStatus.Rejected, (await desk.SubmitAsync(desk.Order("two", OrderSide.Sell, 60))).Status);
        Assert.Equal(OrderStatus.Accepted, (await desk.SubmitAsync(desk.Order("three", OrderSide.Sell, 40))).Status);
    }

    [Fact]
    public async Task Notional_BuysForAnAmount()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(desk.Order("n", OrderSide.Buy, null) with { Notional = 1_000 });
        await desk.DayAsync(300, 301, 299, 300);
        Assert.Equal(3.333333m, await desk.SharesAsync());
        Assert.Equal(OrderStatus.Filled, (await desk.StateAsync("n")).Status);
    }

    [Fact]
    public async Task CancelAndReplace_ActOnWhatIsOpenAlone()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(
            desk.Order("a", OrderSide.Buy, 10, OrderType.Limit) with
            {
                LimitPrice = 90,
                TimeInForce = TimeInForce.Gtc,
            }
        );
        OrderState b = await desk.Broker.ReplaceAsync("a", "b", new OrderChange(LimitPrice: 95, Quantity: 20));
        Assert.Equal((OrderStatus.Accepted, 20m), (b.Status, b.Quantity));
        Assert.Equal(OrderStatus.Replaced, (await desk.StateAsync("a")).Status);
        Assert.Equal(OrderStatus.Rejected, (await desk.Broker.ReplaceAsync("a", "c", new OrderChange(Quantity: 5))).Status);
        Assert.Equal(OrderStatus.Rejected, (await desk.Broker.ReplaceAsync("b", "d", new OrderChange(Quantity: -5))).Status);
        Assert.Equal(OrderStatus.Canceled, (await desk.Broker.CancelAsync("b")).Status);
        await desk.DayAsync(80, 81, 79, 80);
        Assert.Equal(0, await desk.SharesAsync());
        Assert.Equal(OrderStatus.Canceled, (await desk.Broker.CancelAsync("b")).Status);
        await Assert.ThrowsAsync<RlaifInputException>(() => desk.Broker.CancelAsync("nobody"));
    }

    [Fact]
    public async Task Submit_WhatMakesNoSense_IsRejectedWithEveryReason()
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        Order order = desk.Order("x", OrderSide.Buy, -1, OrderType.Limit) with { StopPrice = 5 };
        string reason = (await desk.SubmitAsync(order)).Reason!;
        Assert.Contains("quantity must be positive", reason, StringComparison.Ordinal);
        Assert.Contains("limit price is missing", reason, StringComparison.Ordinal);
        Assert.Contains("stop price does not belong", reason, StringComparison.Ordinal);
        Assert.Throws<RlaifInputException>(() => order.Validated());
    }

    private static async Task ExpectAsync(
        OrderSide side,
        OrderType type,
        decimal? limit,
        decimal? stop,
        (double Open, double High, double Low) bar,
        double? expected
    )
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await desk.SubmitAsync(desk.Order("x", side, 10, type) with { LimitPrice = limit, StopPrice = stop });
        await desk.DayAsync((decimal)bar.Open, (decimal)bar.High, (decimal)bar.Low, (decimal)bar.Low);
        Assert.Equal((decimal?)expected, (await desk.StateAsync("x")).AveragePrice);
    }
}
