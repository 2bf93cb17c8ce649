using Microsoft.AspNetCore.Http;
using Rlaif.Core;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes.Brokers;
using Rlaif.Tests.Data.Alpaca;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>A broker with an account at the Alpaca of tests, on a clock that passes waits at once.</summary>
internal sealed class AlpacaAccount : IAsyncDisposable
{
    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(10);

    private AlpacaAccount(AlpacaServer server, int retries)
    {
        Server = server;
        Server.Now = Clock.GetUtcNow;
        Exchange = new AlpacaExchange(Clock.GetUtcNow);
        Server.Exchange = Exchange;
        // No time-outs: on this clock they would come before any reply.
        Options = Server.Options() with
        {
            TimeoutSeconds = 3600,
            Retries = retries,
        };
        Broker = new AlpacaBroker(AlpacaServer.Keys, Options, Clock);
    }

    public AlpacaServer Server { get; }

    public VirtualClock Clock { get; } = new();

    public AlpacaExchange Exchange { get; }

    public AlpacaOptions Options { get; }

    public AlpacaBroker Broker { get; private set; }

    /// <summary>How often something was sent with a method.</summary>
    public int Sent(string method) => Server.Requests.Count(r => r.Method == method);

    public static async Task<AlpacaAccount> OpenAsync(int retries = 0) => new(await AlpacaServer.StartAsync(), retries);

    /// <summary>As after a restart: nothing is remembered.</summary>
    public void Restart()
    {
        Broker.Dispose();
        Broker = new AlpacaBroker(AlpacaServer.Keys, Options, Clock);
    }

    public Task<T> RunAsync<T>(Task<T> task) => Clock.RunAsync(task, Horizon);

    public Task<OrderState> SubmitAsync(Order order) => RunAsync(Broker.SubmitAsync(order));

    public Task<OrderState?> FindAsync(string id) => RunAsync(Broker.FindAsync(id));

    /// <summary>A market order of a day.</summary>
    public Order Order(string id, OrderSide side = OrderSide.Buy, decimal? quantity = 10) =>
        new()
        {
            ClientOrderId = id,
            Symbol = "AAPL",
            Side = side,
            Quantity = quantity,
            CreatedAt = Clock.GetUtcNow(),
        };

    /// <summary>A limit order that stays.</summary>
    public Order Limit(string id, decimal limit = 90) =>
        Order(id) with
        {
            Type = OrderType.Limit,
            LimitPrice = limit,
            TimeInForce = TimeInForce.Gtc,
        };

    public Order Bracket(string id) =>
        Order(id) with
        {
            Class = OrderClass.Bracket,
            TargetPrice = 110,
            StopLossPrice = 95,
            TimeInForce = TimeInForce.Gtc,
        };

    /// <summary>Lets time pass, and fills.</summary>
    public void Fill(string id, decimal quantity, decimal price)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        Exchange.Fill(Exchange[id], quantity, price);
    }

    /// <summary>The next request with a method is answered in another way, once.</summary>
    public void Once(string method, Func<AlpacaServer.Asked, HttpContext, Task<bool>> answer)
    {
        int left = 1;
        Server.Instead = (asked, http) =>
            asked.Method == method && Interlocked.Decrement(ref left) >= 0 ? answer(asked, http) : Task.FromResult(false);
    }

    public async ValueTask DisposeAsync()
    {
        Broker.Dispose();
        await Server.DisposeAsync();
    }
}
