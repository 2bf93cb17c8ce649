using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rlaif.Core;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes.Brokers;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>What is sent to Alpaca, and what its words mean.</summary>
public sealed class AlpacaBrokerTests : IAsyncLifetime
{
    private AlpacaAccount _account = null!;

    public async ValueTask InitializeAsync() => _account = await AlpacaAccount.OpenAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    public static TheoryData<string, string> Bodies =>
        new()
        {
            { "market", """type":"market","time_in_force":"day","client_order_id":"o","qty":"10"}""" },
            { "limit", """type":"limit","time_in_force":"gtc","client_order_id":"o","qty":"10","limit_price":"90.5"}""" },
            { "stop", """type":"stop","time_in_force":"day","client_order_id":"o","qty":"10","stop_price":"105"}""" },
            {
                "stop_limit",
                """type":"stop_limit","time_in_force":"day","client_order_id":"o","qty":"10","stop_price":"105","limit_price":"106"}"""
            },
            { "trail", """type":"trailing_stop","time_in_force":"day","client_order_id":"o","qty":"10","trail_price":"2.5"}""" },
            {
                "trail_fraction",
                """type":"trailing_stop","time_in_force":"day","client_order_id":"o","qty":"10","trail_percent":"5"}"""
            },
            { "close", """type":"market","time_in_force":"cls","client_order_id":"o","qty":"10"}""" },
            { "notional", """type":"market","time_in_force":"day","client_order_id":"o","notional":"500.25"}""" },
            { "fraction", """type":"market","time_in_force":"day","client_order_id":"o","qty":"0.123456789"}""" },
            {
                "bracket",
                """type":"market","time_in_force":"gtc","client_order_id":"o","qty":"10","order_class":"bracket","take_profit":{"limit_price":"110"},"stop_loss":{"stop_price":"95"}}"""
            },
            {
                "oco",
                """type":"limit","time_in_force":"gtc","client_order_id":"o","qty":"10","order_class":"oco","take_profit":{"limit_price":"110"},"stop_loss":{"stop_price":"95"}}"""
            },
        };

    private Order Make(string kind)
    {
        Order order = _account.Order("o");
        return kind switch
        {
            "limit" => _account.Limit("o", 90.50m),
            "stop" => order with { Type = OrderType.Stop, StopPrice = 105 },
            "stop_limit" => order with { Type = OrderType.StopLimit, StopPrice = 105, LimitPrice = 106 },
            "trail" => order with { Type = OrderType.TrailingStop, TrailPrice = 2.5m },
            "trail_fraction" => order with { Type = OrderType.TrailingStop, TrailFraction = 0.05m },
            "close" => order with { TimeInForce = TimeInForce.Close },
            "notional" => order with { Quantity = null, Notional = 500.25m },
            "fraction" => order with { Quantity = 0.123456789m },
            "bracket" => _account.Bracket("o"),
            "oco" => _account.Limit("o", 110) with { Side = OrderSide.Sell, Class = OrderClass.Oco, StopLossPrice = 95 },
            _ => order,
        };
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Submit_EachKind_IsSentAsDocumentedAndAccepted(string kind, string body)
    {
        Order order = Make(kind);
        OrderState state = await _account.SubmitAsync(order);
        Assert.Equal((OrderStatus.Accepted, "o", "AAPL"), (state.Status, state.ClientOrderId, state.Symbol));
        Assert.Equal((order.Side, order.Quantity, order.Notional), (state.Side, state.Quantity, state.Notional));
        AlpacaServer.Asked sent = Assert.Single(_account.Server.Requests, r => r.Method == "POST");
        string side = kind == "oco" ? "sell" : "buy";
        Assert.Equal($$"""{"symbol":"AAPL","side":"{{side}}","{{body}}""", sent.Body);
        Assert.Equal(state, await _account.FindAsync("o"));
    }

    [Theory]
    [InlineData("new", OrderStatus.Accepted)]
    [InlineData("accepted", OrderStatus.Accepted)]
    [InlineData("pending_new", OrderStatus.Accepted)]
    [InlineData("accepted_for_bidding", OrderStatus.Accepted)]
    [InlineData("stopped", OrderStatus.Accepted)]
    [InlineData("suspended", OrderStatus.Accepted)]
    [InlineData("calculated", OrderStatus.Accepted)]
    [InlineData("done_for_day", OrderStatus.Accepted)]
    [InlineData("pending_cancel", OrderStatus.Accepted)]
    [InlineData("pending_replace", OrderStatus.Accepted)]
    [InlineData("invented_tomorrow", OrderStatus.Accepted)]
    [InlineData("held", OrderStatus.Held)]
    [InlineData("filled", OrderStatus.Filled)]
    [InlineData("canceled", OrderStatus.Canceled)]
    [InlineData("expired", OrderStatus.Expired)]
    [InlineData("replaced", OrderStatus.Replaced)]
    [InlineData("rejected", OrderStatus.Rejected)]
    public async Task Find_EachStatus_HasItsMeaning(string theirs, OrderStatus ours)
    {
        await _account.SubmitAsync(_account.Order("o"));
        _account.Exchange.Set(_account.Exchange["o"], theirs);
        Assert.Equal(ours, (await _account.FindAsync("o"))!.Status);
    }

    [Fact]
    public async Task Fill_InParts_IsSeenInStateFillsPositionsAndAccount()
    {
        await _account.SubmitAsync(_account.Order("o"));
        _account.Fill("o", 4, 100);
        OrderState state = (await _account.FindAsync("o"))!;
        Assert.Equal((OrderStatus.PartiallyFilled, 4m, 100m), (state.Status, state.FilledQuantity, state.AveragePrice));
        _account.Fill("o", 6, 101);
        state = (await _account.FindAsync("o"))!;
        Assert.Equal((OrderStatus.Filled, 10m, 100.6m), (state.Status, state.FilledQuantity, state.AveragePrice));
        IReadOnlyList<Fill> fills = await _account.RunAsync(_account.Broker.GetFillsAsync(DateTimeOffset.MinValue));
        Assert.Equal([("o", 4m, 100m), ("o", 6m, 101m)], fills.Select(f => (f.ClientOrderId, f.Quantity, f.Price)));
        Assert.Equal(_account.Exchange.Fills.Select(f => (string)f["id"]!), fills.Select(f => f.FillId));
        Assert.All(fills, f => Assert.Equal(TimeSpan.Zero, f.At.Offset));
        Assert.Equal(fills.Skip(1), await _account.RunAsync(_account.Broker.GetFillsAsync(fills[1].At)));
        Assert.Equal([new BrokerPosition("AAPL", 10, 101, 101)], await _account.RunAsync(_account.Broker.GetPositionsAsync()));
        Assert.Equal(
            new BrokerAccount(998_994, 1_000_004, 1010, 1_000_000),
            await _account.RunAsync(_account.Broker.GetAccountAsync())
        );
    }

    [Fact]
    public async Task Fill_OfAShortSale_IsASaleAndThePositionNegative()
    {
        await _account.SubmitAsync(_account.Order("o", OrderSide.Sell));
        _account.Fill("o", 10, 100);
        Assert.Equal("sell_short", (string?)_account.Exchange.Fills[0]["side"]);
        Fill fill = Assert.Single(await _account.RunAsync(_account.Broker.GetFillsAsync(DateTimeOffset.MinValue)));
        Assert.Equal((OrderSide.Sell, 10m), (fill.Side, fill.Quantity));
        BrokerPosition held = Assert.Single(await _account.RunAsync(_account.Broker.GetPositionsAsync()));
        Assert.Equal((-10m, -1000m), (held.Quantity, held.MarketValue));
        Assert.Equal(1000m, (await _account.RunAsync(_account.Broker.GetAccountAsync())).GrossExposure);
    }

    [Fact]
    public async Task Notional_Filled_HasSharesAndWhatIsLeft()
    {
        await _account.SubmitAsync(_account.Order("o", quantity: null) with { Notional = 500 });
        _account.Fill("o", 2, 100);
        OrderState state = (await _account.FindAsync("o"))!;
        Assert.Equal(
            (OrderStatus.PartiallyFilled, null, 300m, 2m),
            (state.Status, state.Quantity, state.Notional, state.FilledQuantity)
        );
    }

    [Fact]
    public async Task Bracket_Legs_HaveTheNamesOfThePaperBroker()
    {
        await _account.SubmitAsync(_account.Bracket("o"));
        Assert.Equal(["o Accepted", "o/target Held", "o/stop Held"], await OpenAsync());
        _account.Fill("o", 10, 100);
        // After a restart, too, when the entry is closed and no longer among the open orders.
        _account.Restart();
        Assert.Equal(["o/target Accepted", "o/stop Held"], await OpenAsync());
        Assert.Equal((OrderSide.Sell, 10m), await SideAsync("o/stop"));
        _account.Fill("o/stop", 10, 95);
        _account.Restart();
        Assert.Equal(OrderStatus.Filled, (await _account.FindAsync("o/stop"))!.Status);
        Assert.Equal(OrderStatus.Canceled, (await _account.FindAsync("o/target"))!.Status);
        IReadOnlyList<Fill> fills = await _account.RunAsync(_account.Broker.GetFillsAsync(DateTimeOffset.MinValue));
        Assert.Equal(["o", "o/stop"], fills.Select(f => f.ClientOrderId));
        Assert.Empty(await OpenAsync());
        Assert.Null(await _account.FindAsync("other/stop"));

        async Task<(OrderSide, decimal?)> SideAsync(string id)
        {
            OrderState state = (await _account.FindAsync(id))!;
            return (state.Side, state.Quantity);
        }
    }

    [Fact]
    public async Task Oco_Legs_TheOrderIsTheTarget()
    {
        await _account.SubmitAsync(Make("oco"));
        Assert.Equal(["o Accepted", "o/stop Held"], await OpenAsync());
        _account.Fill("o", 4, 110);
        Assert.Equal(6, (await _account.FindAsync("o/stop"))!.Quantity);
        OrderState canceled = await _account.RunAsync(_account.Broker.CancelAsync("o/stop"));
        Assert.Equal(OrderStatus.Canceled, canceled.Status);
        Assert.Empty(await OpenAsync());
    }

    private async Task<string[]> OpenAsync() =>
        [.. (await _account.RunAsync(_account.Broker.GetOpenOrdersAsync())).Select(o => $"{o.ClientOrderId} {o.Status}")];

    [Fact]
    public async Task Cancel_OpenAndFilled_EndsOrStaysAsItIs()
    {
        await _account.SubmitAsync(_account.Limit("a"));
        await _account.SubmitAsync(_account.Limit("b"));
        Assert.Equal(OrderStatus.Canceled, (await _account.RunAsync(_account.Broker.CancelAsync("a"))).Status);
        _account.Fill("b", 10, 90);
        Assert.Equal(OrderStatus.Filled, (await _account.RunAsync(_account.Broker.CancelAsync("b"))).Status);
        Assert.Equal(1, _account.Sent("DELETE"));
        var error = await Assert.ThrowsAsync<RlaifInputException>(() => _account.RunAsync(_account.Broker.CancelAsync("c")));
        Assert.Contains("does not know the order 'c'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_FilledMeanwhile_TellsSo()
    {
        await _account.SubmitAsync(_account.Limit("a"));
        _account.Once(
            "DELETE",
            (_, _) =>
            {
                _account.Fill("a", 10, 90);
                return Task.FromResult(false);
            }
        );
        Assert.Equal(OrderStatus.Filled, (await _account.RunAsync(_account.Broker.CancelAsync("a"))).Status);
    }

    [Fact]
    public async Task Cancel_Slow_IsOpenUntilItIsDone()
    {
        _account.Exchange.CancelsSlowly = true;
        await _account.SubmitAsync(_account.Limit("a"));
        OrderState state = await _account.RunAsync(_account.Broker.CancelAsync("a"));
        Assert.Equal((OrderStatus.Accepted, "pending_cancel"), (state.Status, state.Reason));
        _account.Exchange.FinishCancels();
        Assert.Equal(OrderStatus.Canceled, (await _account.FindAsync("a"))!.Status);
    }

    [Fact]
    public async Task Replace_Open_IsAnotherOrderAndTheSameAgain()
    {
        await _account.SubmitAsync(_account.Limit("a"));
        _account.Fill("a", 4, 90);
        OrderState next = await ReplaceAsync("a", "b", new OrderChange(20, 91));
        Assert.Equal((OrderStatus.PartiallyFilled, "b", 20m), (next.Status, next.ClientOrderId, next.Quantity));
        Assert.Equal(91, _account.Exchange["b"].LimitPrice);
        Assert.Equal(OrderStatus.Replaced, (await _account.FindAsync("a"))!.Status);
        Assert.Equal(next, await ReplaceAsync("a", "b", new OrderChange(20, 91)));
        Assert.Equal(1, _account.Sent("PATCH"));
        // What is required of a limit order is sent, changed or not.
        await ReplaceAsync("b", "c", new OrderChange(30));
        Assert.Equal(
            """{"client_order_id":"c","qty":"30","limit_price":"91"}""",
            _account.Server.Requests.Last(r => r.Method == "PATCH").Body
        );
    }

    [Theory]
    [InlineData(4, 91, "qty must be > filled_qty (422, code 42210000)")]
    [InlineData(20, 91.001, "limit price 91.001 has more than 2 decimals")]
    [InlineData(20.5, 91, "only whole shares can be replaced")]
    public async Task Replace_Senseless_IsRejectedAndTheOldOneStays(double quantity, double limit, string reason)
    {
        await _account.SubmitAsync(_account.Limit("a"));
        _account.Fill("a", 4, 90);
        OrderState next = await ReplaceAsync("a", "b", new OrderChange((decimal)quantity, (decimal)limit));
        Assert.Equal((OrderStatus.Rejected, "b"), (next.Status, next.ClientOrderId));
        Assert.Contains(reason, next.Reason!, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.PartiallyFilled, (await _account.FindAsync("a"))!.Status);
    }

    [Fact]
    public async Task Replace_LegAndEndedOrder_WorksAndIsRejected()
    {
        await _account.SubmitAsync(_account.Bracket("o"));
        _account.Fill("o", 10, 100);
        OrderState leg = await ReplaceAsync("o/stop", "tighter", new OrderChange(StopPrice: 97));
        Assert.Equal((OrderStatus.Held, "tighter"), (leg.Status, leg.ClientOrderId));
        _account.Restart();
        Assert.Equal(["o/target Accepted", "tighter Held"], await OpenAsync());
        OrderState late = await ReplaceAsync("o", "p", new OrderChange(20));
        Assert.Equal((OrderStatus.Rejected, "order o is Filled already"), (late.Status, late.Reason));
    }

    private Task<OrderState> ReplaceAsync(string id, string newId, OrderChange change) =>
        _account.RunAsync(_account.Broker.ReplaceAsync(id, newId, change));

    [Theory]
    [InlineData(90.001, "limit price 90.001 has more than 2 decimals")]
    [InlineData(0.90001, "limit price 0.90001 has more than 4 decimals")]
    public async Task Submit_PriceBetweenIncrements_IsRefusedHere(double limit, string reason)
    {
        OrderState state = await _account.SubmitAsync(_account.Limit("o", (decimal)limit));
        Assert.Equal(OrderStatus.Rejected, state.Status);
        Assert.StartsWith(reason, state.Reason, StringComparison.Ordinal);
        Assert.Empty(_account.Server.Requests);
        Assert.Equal(OrderStatus.Accepted, (await _account.SubmitAsync(_account.Limit("p", 0.9001m))).Status);
    }

    [Fact]
    public async Task Submit_WhatAlpacaDoesNotDocument_IsRefusedHere()
    {
        const string Parts = "parts of a share are for simple market, limit, stop and stop-limit orders of a day";
        await RefusedAsync(_account.Limit("o") with { Quantity = 1.5m }, Parts);
        await RefusedAsync(_account.Bracket("o") with { Quantity = 1.5m, TimeInForce = TimeInForce.Day }, Parts);
        await RefusedAsync(_account.Order("o", quantity: 1.0000000001m), "a quantity or notional has at most 9 decimals");
        await RefusedAsync(_account.Order(new string('x', 129)), "the id of an order has 1 to 128 characters at Alpaca, not 129");
        await RefusedAsync(_account.Order("o", quantity: null), "give either quantity or notional");
        Assert.Empty(_account.Server.Requests);
        Assert.Equal(OrderStatus.Accepted, (await _account.SubmitAsync(_account.Order(new string('x', 128)))).Status);

        async Task RefusedAsync(Order order, string reason)
        {
            OrderState state = await _account.SubmitAsync(order);
            Assert.Equal(OrderStatus.Rejected, state.Status);
            Assert.StartsWith(reason, state.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Lists_OfManyPages_AreWhole()
    {
        for (int i = 0; i < 1100; i++)
        {
            string body = new JsonObject
            {
                ["symbol"] = "AAPL",
                ["side"] = "buy",
                ["type"] = "limit",
                ["limit_price"] = "90",
                ["time_in_force"] = "gtc",
                ["qty"] = "1",
                ["client_order_id"] = $"o{i}",
            }.ToJsonString();
            _account.Exchange.Answer(new AlpacaServer.Asked(i, "/v2/orders", QueryCollection.Empty, "POST", body));
        }

        for (int i = 0; i < 250; i++)
        {
            _account.Fill($"o{i}", 1, 90);
        }

        Assert.Equal(850, (await OpenAsync()).Distinct().Count());
        IReadOnlyList<Fill> fills = await _account.RunAsync(_account.Broker.GetFillsAsync(DateTimeOffset.MinValue));
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"o{i}"), fills.Select(f => f.ClientOrderId));
    }

    [Theory]
    [InlineData("https://paper-api.alpaca.markets", false, "Alpaca's paper account at paper-api.alpaca.markets")]
    [InlineData("https://api.alpaca.markets", true, "Alpaca's live account at api.alpaca.markets")]
    [InlineData("https://proxy.example.com/alpaca", true, "Alpaca's live account at proxy.example.com")]
    public void IsLive_AnyAddressButThePaperAccounts(string url, bool isLive, string name)
    {
        using var broker = new AlpacaBroker(AlpacaServer.Keys, new AlpacaOptions { TradingUrl = new Uri(url) });
        Assert.Equal((isLive, name), (broker.IsLive, broker.Name));
    }
}
