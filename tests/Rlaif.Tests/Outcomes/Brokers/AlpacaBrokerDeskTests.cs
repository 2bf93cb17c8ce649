using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>The desk, over the broker, over the wire: whatever the line does, an order is at Alpaca once, and the ledger knows what Alpaca knows.</summary>
public sealed class AlpacaBrokerDeskTests : IAsyncLifetime
{
    private static readonly Dictionary<string, BarSeries> NoBars = [];

    private AlpacaAccount _account = null!;
    private Ledger _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        _account = await AlpacaAccount.OpenAsync();
        _ledger = await Ledger.OpenAsync(":memory:");
    }

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    private static TradingDesk Desk(AlpacaAccount account, Ledger ledger)
    {
        var desk = new TradingDesk(
            account.Broker,
            ledger,
            account.Clock,
            new RiskLimits { MaxOrdersPerMinute = 1_000, MaxPositionFraction = 1 }
        );
        desk.Mark("AAPL", 100);
        return desk;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_CutBeforeOrAfterItWasTaken_IsThereOnce(bool taken)
    {
        using TradingDesk desk = Desk(_account, _ledger);
        _account.Once(
            "POST",
            (asked, http) =>
            {
                _ = taken ? _account.Exchange.Answer(asked) : null;
                return AlpacaServer.CutAsync(http);
            }
        );
        DeskResult result = await _account.RunAsync(desk.SubmitAsync(_account.Order("o")));
        Assert.Equal(OrderStatus.Accepted, result.State!.Status);
        Assert.Equal(["o"], _account.Exchange.Taken);
        Assert.Equal(taken ? 1 : 2, _account.Sent("POST"));
        Assert.Empty(await _account.RunAsync(desk.ReconcileAsync(NoBars)));
    }

    [Fact]
    public async Task Submit_ArrivesAfterItWasSentAgain_IsThereOnce()
    {
        using TradingDesk desk = Desk(_account, _ledger);
        AlpacaServer.Asked? late = null;
        _account.Server.Instead = (asked, http) =>
        {
            if (asked.Method != "POST")
            {
                return Task.FromResult(false);
            }

            // The first is on its way while the second is sent.
            bool isFirst = late is null;
            if (!isFirst)
            {
                _account.Exchange.Answer(late!);
            }

            late = asked;
            return isFirst ? AlpacaServer.CutAsync(http) : Task.FromResult(false);
        };
        DeskResult result = await _account.RunAsync(desk.SubmitAsync(_account.Order("o")));
        Assert.Equal(OrderStatus.Accepted, result.State!.Status);
        Assert.Equal(["o"], _account.Exchange.Taken);
    }

    [Fact]
    public async Task Submit_Rejected_StaysSoAfterARestart()
    {
        _account.Exchange.BuyingPower = 10;
        using (TradingDesk desk = Desk(_account, _ledger))
        {
            Assert.Equal(OrderStatus.Rejected, (await _account.RunAsync(desk.SubmitAsync(_account.Order("o")))).State!.Status);
        }

        _account.Exchange.BuyingPower = 1_000_000;
        _account.Restart();
        using TradingDesk again = Desk(_account, _ledger);
        DeskResult result = await _account.RunAsync(again.SubmitAsync(_account.Order("o")));
        Assert.Equal(OrderStatus.Rejected, result.State!.Status);
        Assert.Contains("insufficient buying power", result.State.Reason!, StringComparison.Ordinal);
        Assert.Empty(_account.Exchange.Taken);
        Assert.Empty(await _account.RunAsync(again.ReconcileAsync(NoBars)));
    }

    [Fact]
    public async Task Bracket_FromEntryToStop_ReconcilesAtEveryStep()
    {
        using TradingDesk desk = Desk(_account, _ledger);
        await _account.RunAsync(desk.SubmitAsync(_account.Bracket("o")));
        Assert.Empty(await _account.RunAsync(desk.ReconcileAsync(NoBars)));
        _account.Fill("o", 10, 100);
        Assert.Empty(await _account.RunAsync(desk.ReconcileAsync(NoBars)));
        _account.Restart();
        using TradingDesk again = Desk(_account, _ledger);
        Assert.Empty(await _account.RunAsync(again.ReconcileAsync(NoBars)));
        _account.Fill("o/stop", 10, 95);
        Assert.Empty(await _account.RunAsync(again.ReconcileAsync(NoBars)));
        IReadOnlyList<Fill> fills = await _ledger.ReadAsync<Fill>();
        Assert.Equal(["o", "o/stop"], fills.OrderBy(f => f.At).Select(f => f.ClientOrderId));
    }

    [Fact]
    public async Task Strangers_AreNamed()
    {
        using TradingDesk desk = Desk(_account, _ledger);
        // By hand in the dashboard: Alpaca gives the id.
        string body = """{"symbol":"AAPL","side":"buy","type":"limit","time_in_force":"gtc","qty":"5","limit_price":"90"}""";
        _account.Exchange.Answer(new AlpacaServer.Asked(0, "/v2/orders", QueryCollection.Empty, "POST", body));
        _account.Exchange.Hold("MSFT", 3, 400);
        IReadOnlyList<DeskDifference> found = await _account.RunAsync(desk.ReconcileAsync(NoBars));
        Assert.Equal(["position", "order_unknown_to_ledger"], found.Select(d => d.Kind));
    }

    [Fact]
    public async Task Halt_CancelsAndFlattens()
    {
        using TradingDesk desk = Desk(_account, _ledger);
        await _account.RunAsync(desk.SubmitAsync(_account.Bracket("held")));
        _account.Fill("held", 10, 100);
        await _account.RunAsync(desk.SubmitAsync(_account.Limit("waits")));
        await _account.RunAsync(Done(desk.HaltAsync("a test", flatten: true)));
        OrderState closing = Assert.Single(await _account.RunAsync(_account.Broker.GetOpenOrdersAsync()));
        Assert.Equal((OrderSide.Sell, 10m), (closing.Side, closing.Quantity));
        _account.Fill(closing.ClientOrderId, 10, 99);
        Assert.Empty(await _account.RunAsync(desk.ReconcileAsync(NoBars)));
        Assert.Equal(0, _account.Exchange.SharesOf("AAPL"));

        static async Task<bool> Done(Task task)
        {
            await task;
            return true;
        }
    }

    [Fact]
    public async Task Updates_OfTheStream_SayWhenToSync()
    {
        using TradingDesk desk = Desk(_account, _ledger);
        await _account.RunAsync(desk.SubmitAsync(_account.Order("o")));
        _account.Server.Stream = async (_, _, socket) =>
        {
            await socket.AuthorizeAsync();
            _account.Fill("o", 10, 100);
            // Twice, and an older one after it.
            foreach (string name in (string[])["fill", "fill", "new"])
            {
                var data = new JsonObject
                {
                    ["event"] = name,
                    ["order"] = _account.Exchange["o"].ToJson([]),
                    ["execution_id"] = name,
                };
                await socket.SendBinaryAsync(new JsonObject { ["stream"] = "trade_updates", ["data"] = data }.ToJsonString());
            }

            await socket.LeaveAsync();
        };
        await using IAsyncEnumerator<AlpacaTradeUpdate> updates = _account.Broker.ReadUpdatesAsync().GetAsyncEnumerator();
        Assert.True(await _account.RunAsync(updates.MoveNextAsync().AsTask()));
        Assert.Equal(("fill", "o"), (updates.Current.Event, updates.Current.Order.ClientOrderId));
        Assert.Single(await _account.RunAsync(desk.SyncAsync()));
    }

    /// <summary>Any orders, any faults of the line, restarts, fills, ends: once each, none lost, the same books on both sides, no key anywhere.</summary>
    [Fact]
    public Task Chaos_OfTheLine_LeavesTheSameBooks() =>
        Gen.Select(Gen.Select(Gen.Int[0, 6], Gen.Int[1, 400], Gen.Int[0, 4]).Array[12], Gen.Int[0, 9].Array[1, 60])
            .SampleAsync(RunChaosAsync, iter: 25, threads: 1);

    private static async Task RunChaosAsync((int Kind, int Shares, int Then)[] steps, int[] faults)
    {
        await using AlpacaAccount account = await AlpacaAccount.OpenAsync(retries: 1);
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var line = new BrokenLine(account.Exchange, faults);
        account.Server.Instead = line.AnswerAsync;
        TradingDesk desk = Desk(account, ledger);
        foreach ((int i, (int kind, int shares, int then)) in steps.Index())
        {
            Order order = Make(account, $"o{i}", kind, shares);
            await TryAsync(account, () => desk.SubmitAsync(order));
            if (then == 0)
            {
                desk.Dispose();
                account.Restart();
                desk = Desk(account, ledger);
            }

            Happen(account, then, shares);
            await TryAsync(account, () => desk.SyncAsync());
        }

        // The line is repaired, the process starts again, and what never arrived is sent.
        line.IsWhole = true;
        account.Clock.Advance(TimeSpan.FromMinutes(1));
        desk.Dispose();
        account.Restart();
        desk = Desk(account, ledger);
        foreach (Order order in await ledger.ReadAsync<Order>())
        {
            await account.RunAsync(desk.SubmitAsync(order));
        }

        Assert.Empty(await account.RunAsync(desk.ReconcileAsync(NoBars)));
        Assert.Equal(account.Exchange.Taken.Distinct(), account.Exchange.Taken);
        IReadOnlyList<OrderUpdate> updates = await ledger.ReadAsync<OrderUpdate>();
        string[] rejected =
        [
            .. updates.Where(u => u.State.Status == OrderStatus.Rejected).Select(u => u.State.ClientOrderId).Distinct(),
        ];
        Assert.Equal(
            (await ledger.ReadAsync<Order>()).Select(o => o.ClientOrderId).Except(rejected).Order(),
            account.Exchange.Taken.Order()
        );
        IReadOnlyList<Fill> fills = await ledger.ReadAsync<Fill>();
        Assert.Equal(account.Exchange.Fills.Select(f => (string)f["id"]!).Order(), fills.Select(f => f.FillId).Order());
        string all = string.Join('\n', fills) + string.Join('\n', updates);
        Assert.DoesNotContain(AlpacaServer.Secret[..12], all, StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.KeyId[..12], all, StringComparison.Ordinal);
        desk.Dispose();
    }

    private static Order Make(AlpacaAccount account, string id, int kind, int shares) =>
        kind switch
        {
            0 => account.Order(id, OrderSide.Buy, shares),
            1 => account.Limit(id),
            2 => account.Bracket(id),
            3 => account.Order(id, quantity: null) with { Notional = shares },
            4 => account.Order(id, OrderSide.Sell, shares) with { Symbol = "NONE" },
            5 => account.Limit(id, 90.001m),
            _ => account.Order(id, OrderSide.Sell, shares),
        };

    /// <summary>What an exchange does meanwhile with what is open.</summary>
    private static void Happen(AlpacaAccount account, int what, int shares)
    {
        account.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (ExchangeOrder order in account.Exchange.Open)
        {
            decimal rest = order.Qty - order.Filled ?? (order.Notional!.Value - order.Paid) / 100;
            if (what == 1 || (what == 2 && order.Qty is null))
            {
                account.Exchange.Fill(order, rest, 100);
                return;
            }

            if (what == 2 && rest > 1)
            {
                account.Exchange.Fill(order, Math.Floor(Math.Min(rest - 1, 1 + (shares % 7))), 100);
                return;
            }

            if (what == 3)
            {
                account.Exchange.Set(order, shares % 2 == 0 ? "expired" : "suspended");
                return;
            }
        }
    }

    /// <summary>What a process does that trades on when its broker does not answer.</summary>
    private static async Task TryAsync<T>(AlpacaAccount account, Func<Task<T>> call)
    {
        try
        {
            await account.RunAsync(call());
        }
        catch (BrokerDoubtException e)
        {
            Assert.DoesNotContain(AlpacaServer.Secret[..12], e.ToString(), StringComparison.Ordinal);
        }
    }
}
