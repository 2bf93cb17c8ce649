using System.Text.Json.Nodes;
using Rlaif.Data.Alpaca;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>The stream of what happens to orders, in binary frames.</summary>
public sealed class AlpacaTradeStreamTests : IAsyncLifetime
{
    private readonly VirtualClock _clock = new(DateTimeOffset.Parse("2022-04-19T17:45:06Z"));
    private AlpacaServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AlpacaServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private StreamRun<AlpacaTradeUpdate> Open(AlpacaKeys? keys = null) =>
        new(_server, _clock, (client, status) => new AlpacaTradeStream(client, status).ReadAsync(), null, keys);

    // As in the documentation.
    private static JsonObject Order(string id, string status, string filled, string updatedAt) =>
        new()
        {
            ["asset_class"] = "us_equity",
            ["asset_id"] = "1cf35270-99ee-44e2-a77f-6fab902c7f80",
            ["cancel_requested_at"] = null,
            ["canceled_at"] = null,
            ["client_order_id"] = "4642fd68-d59a-47d7-a9ac-e22f536828d1",
            ["created_at"] = "2022-04-19T13:45:04.981350886-04:00",
            ["expired_at"] = null,
            ["extended_hours"] = false,
            ["failed_at"] = null,
            ["filled_at"] = status == "filled" ? updatedAt : null,
            ["filled_avg_price"] = filled == "0" ? null : "105.8988475",
            ["filled_qty"] = filled,
            ["hwm"] = null,
            ["id"] = id,
            ["legs"] = null,
            ["limit_price"] = null,
            ["notional"] = null,
            ["order_class"] = "",
            ["order_type"] = "market",
            ["qty"] = "10",
            ["replaced_at"] = null,
            ["replaced_by"] = null,
            ["replaces"] = null,
            ["side"] = "sell",
            ["status"] = status,
            ["stop_price"] = null,
            ["submitted_at"] = "2022-04-19T13:45:04.980944666-04:00",
            ["symbol"] = "AAPL",
            ["time_in_force"] = "gtc",
            ["trail_percent"] = null,
            ["trail_price"] = null,
            ["type"] = "market",
            ["updated_at"] = updatedAt,
        };

    private static string Message(string name, JsonObject order, string? execution = null, string qty = "4")
    {
        var data = new JsonObject { ["event"] = name, ["order"] = order };
        if (execution is not null)
        {
            data["execution_id"] = execution;
            data["position_qty"] = "-6";
            data["price"] = "105.8988475";
            data["qty"] = qty;
            data["timestamp"] = "2022-04-19T17:45:05.024916716Z";
        }

        return new JsonObject { ["stream"] = "trade_updates", ["data"] = data }.ToJsonString();
    }

    private static string Words(AlpacaTradeUpdate u) =>
        $"{u.Event} {u.Order.Id} {u.Order.Status} {u.Order.FilledQty}{(u.IsStale ? " stale" : "")}";

    [Fact]
    public async Task Read_Fill_HasItsNumbers()
    {
        _server.Stream = async (_, path, socket) =>
        {
            Assert.Equal("/stream", path);
            await socket.AuthorizeAsync();
            await socket.SendBinaryAsync(
                Message("fill", Order("a", "filled", "10", "2022-04-19T13:45:05.027690731-04:00"), "x1")
            );
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaTradeUpdate> run = Open();
        AlpacaTradeUpdate update = await run.NextAsync();
        Assert.Equal("fill a filled 10", Words(update));
        Assert.Equal((105.8988475m, 4m, -6m, "x1"), (update.Price, update.Qty, update.PositionQty, update.ExecutionId));
        Assert.Equal(DateTimeOffset.Parse("2022-04-19T17:45:05.0249167Z"), update.Timestamp);
        Assert.Equal(_clock.GetUtcNow(), update.KnownAt);
        Assert.Equal(
            ("AAPL", "sell", "market", "gtc", 10m, 105.8988475m),
            (
                update.Order.Symbol,
                update.Order.Side,
                update.Order.Type,
                update.Order.TimeInForce,
                update.Order.Qty,
                update.Order.FilledAvgPrice
            )
        );
    }

    [Fact]
    public async Task Read_WrongKeys_EndsAtOnceWithoutThem()
    {
        _server.Stream = (_, _, socket) => socket.AuthorizeAsync();
        await using StreamRun<AlpacaTradeUpdate> run = Open(new AlpacaKeys(AlpacaServer.KeyId, "wrongSecretWrongSecret"));
        AlpacaException error = await run.FailAsync();
        Assert.Equal((AlpacaFailure.Authentication, 1), (error.Kind, _server.Sockets));
        Assert.DoesNotContain("wrongSecret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.KeyId, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_RepeatedAndOldUpdates_CountOnceAndSaySo()
    {
        _server.Stream = async (_, _, socket) =>
        {
            await socket.AuthorizeAsync();
            string first = Message("partial_fill", Order("a", "partially_filled", "4", "2022-04-19T17:45:01Z"), "x1");
            await socket.SendBinaryAsync(Message("new", Order("a", "new", "0", "2022-04-19T17:45:00Z")));
            await socket.SendBinaryAsync(Message("fill", Order("a", "filled", "10", "2022-04-19T17:45:02Z"), "x2", "6"));
            await socket.SendBinaryAsync(first);
            await socket.SendBinaryAsync(first);
            await socket.SendBinaryAsync(Message("new", Order("a", "new", "0", "2022-04-19T17:45:00Z")));
            await socket.SendBinaryAsync(Message("new", Order("b", "new", "0", "2022-04-19T17:45:03Z")));
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaTradeUpdate> run = Open();
        Assert.Equal("new a new 0", Words(await run.NextAsync()));
        Assert.Equal("fill a filled 10", Words(await run.NextAsync()));
        Assert.Equal("partial_fill a partially_filled 4 stale", Words(await run.NextAsync()));
        Assert.Equal("new b new 0", Words(await run.NextAsync()));
    }

    [Fact]
    public async Task Read_Cut_GivesOrdersThatChangedMeanwhileAsTheyAre()
    {
        _server.Content.Orders.Add(Order("c", "filled", "10", "2022-04-19T17:45:20Z"));
        _server.Content.Orders.Add(Order("a", "filled", "10", "2022-04-19T17:45:10Z"));
        _server.Content.Orders.Add(Order("b", "new", "0", "2022-04-19T17:45:05Z"));
        _server.Content.Orders.Add(Order("old", "filled", "10", "2022-04-18T17:45:05Z"));
        _server.Stream = async (number, _, socket) =>
        {
            await socket.AuthorizeAsync();
            if (number == 1)
            {
                await socket.SendBinaryAsync(Message("new", Order("a", "new", "0", "2022-04-19T17:45:04Z")));
                await socket.SendBinaryAsync(Message("new", Order("b", "new", "0", "2022-04-19T17:45:05Z")));
                socket.Cut();
                return;
            }

            await socket.SendBinaryAsync(Message("canceled", Order("b", "canceled", "0", "2022-04-19T17:45:40Z")));
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaTradeUpdate> run = Open();
        Assert.Equal("new a new 0", Words(await run.NextAsync()));
        Assert.Equal("new b new 0", Words(await run.NextAsync()));
        // In the order in which they changed; neither what was given already nor what is older than the gap.
        Assert.Equal("snapshot a filled 10", Words(await run.NextAsync()));
        Assert.Equal("snapshot c filled 10", Words(await run.NextAsync()));
        Assert.Equal("canceled b canceled 0", Words(await run.NextAsync()));
        Assert.Equal("Opened Lost Opened GapFilled", run.Told);
        Assert.Equal(("all", "desc"), (_server.Requests[0]["status"], _server.Requests[0]["direction"]));
    }

    [Fact]
    public async Task Read_ErrorOfTheServer_IsOpenedAgain()
    {
        _server.Stream = async (number, _, socket) =>
        {
            await socket.AuthorizeAsync();
            await socket.SendBinaryAsync("not json");
            await socket.SendBinaryAsync(
                number == 1
                    ? """{"action":"error","data":{"error_message":"internal server error"}}"""
                    : Message("new", Order("a", "new", "0", "2022-04-19T17:45:04Z"))
            );
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaTradeUpdate> run = Open();
        Assert.Equal("new a new 0", Words(await run.NextAsync()));
        Assert.Equal("Opened Unreadable Lost Opened GapFilled Unreadable", run.Told);
        Assert.Contains("500 internal server error", run.Statuses[2].Detail, StringComparison.Ordinal);
    }
}
