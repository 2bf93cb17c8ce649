using System.Net;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Cli.Hosting;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Cli;

/// <summary><c>rlaif run</c> on the real clock when things do not go as they should.</summary>
public sealed class LiveRunTroubleTests : IAsyncLifetime
{
    private static readonly string[] Paper = ["run", "--static"];
    private static readonly DateTimeOffset FridayEvening = Utc(LiveHome.Friday, "21:30:05");

    private LiveHome _home = null!;

    public async ValueTask InitializeAsync() => _home = await LiveHome.OpenAsync();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Run_BrokerIsDownWhenDecisionsAreDue_DecidesOnceWhenItIsBack()
    {
        bool isDown = false;
        _home.Server.Instead = (asked, http) =>
            Volatile.Read(ref isDown) && asked.Path == "/v2/account"
                ? AlpacaServer.RefuseAsync(http, 503, "maintenance")
                : Task.FromResult(false);
        await _home.RunAsync(
            _home.Live,
            async run =>
            {
                await _home.WaitAsync("the schedule runs", run);
                Volatile.Write(ref isDown, true);
                await _home.AdvanceToAsync(FridayEvening, "decisions are held up", run);
                Assert.Empty(_home.Exchange.Taken);
                Volatile.Write(ref isDown, false);
                await _home.AdvanceToAsync(Utc(LiveHome.Friday, "21:31:05"), "): 2 decisions", run);
            }
        );
        Assert.Equal(2, (await _home.ReadAsync<TradingDecision>()).Count);
        Assert.NotEmpty(_home.Exchange.Taken);
        Assert.Equal((await _home.ReadAsync<Order>()).Select(o => o.ClientOrderId).Order(), _home.Exchange.Taken.Order());
        JobRun decided = Assert.Single(await _home.ReadAsync<JobRun>(), r => r.Job == ProductionJob.Decisions);
        Assert.Equal((Utc(LiveHome.Friday, "21:30:00"), JobOutcome.Done), (decided.DueAt, decided.Outcome));
    }

    [Fact]
    public async Task Run_BarOfOneSymbolIsMissing_DecidesOnTheOtherAlone()
    {
        _home.Server.Content.Hide("MSFT", LiveHome.Friday);
        await _home.RunAsync(Paper, run => _home.AdvanceToAsync(FridayEvening, "MSFT has no bar of 2024-03-08", run));
        Assert.Equal("AAPL", Assert.Single(await _home.ReadAsync<TradingDecision>()).Symbol);
    }

    [Fact]
    public async Task Run_BarOfOneSymbolComesADayLate_StillFillsItsOrderAtThatOpen()
    {
        await _home.RunAsync(Paper, run => _home.AdvanceToAsync(FridayEvening, "): 2 decisions", run));
        string late = (await _home.ReadAsync<Order>())[0].Symbol;
        Action show = _home.Server.Content.Hide(late, LiveHome.Monday);
        _home.Time.SetUtcNow(Utc(LiveHome.Monday, "20:29:00"));
        await _home.RunAsync(Paper, run => _home.AdvanceToAsync(Utc(LiveHome.Monday, "20:30:05"), "): 0 decisions", run));
        Assert.DoesNotContain(await _home.ReadAsync<Fill>(), f => f.Symbol == late);

        show();
        _home.Time.SetUtcNow(Utc(LiveHome.Tuesday, "20:29:00"));
        await _home.RunAsync(Paper, run => _home.AdvanceToAsync(Utc(LiveHome.Tuesday, "20:30:05"), "): 0 decisions", run));
        IReadOnlyList<Fill> fills = await _home.ReadAsync<Fill>();
        Assert.Equal((await _home.ReadAsync<Order>()).Count, fills.Count);
        Assert.All(fills, f => Assert.Equal(NyseCalendar.Hours(LiveHome.Monday).Open, f.At));
    }

    /// <summary>The paper broker holds the old shares until the day's bar: a last trade at a quarter of the price is no loss of three quarters, and one of the day before no gain.</summary>
    [Theory]
    [InlineData("2024-03-12T19:58:00Z", 4)]
    [InlineData("2024-03-11T19:58:00Z", 1)]
    public async Task Run_PaperOnTheDayOfASplit_EquityIsThatOfTheEveningBefore(string tradedAt, int newShares)
    {
        await _home.RunAsync(Paper, run => _home.AdvanceToAsync(FridayEvening, "): 2 decisions", run));
        _home.Time.SetUtcNow(Utc(LiveHome.Monday, "20:29:00"));
        await _home.RunAsync(Paper, run => _home.AdvanceToAsync(Utc(LiveHome.Monday, "20:30:05"), "): 0 decisions", run));
        foreach (string symbol in (string[])["AAPL", "MSFT"])
        {
            _home.Server.Content.AddSplit(symbol, $"{LiveHome.Tuesday:yyyy-MM-dd}", 4, 1);
            _home.Server.Content.LatestTrades[symbol] = AlpacaContent.Trade(
                tradedAt,
                await _home.LastCloseAsync(symbol) / newShares,
                1
            );
        }

        _home.Time.SetUtcNow(Utc(LiveHome.Tuesday, "19:58:30"));
        await _home.RunAsync(
            Paper,
            async run =>
            {
                await _home.AdvanceToAsync(Utc(LiveHome.Tuesday, "20:00:05"), "the schedule runs", run);
                await _home.UntilAsync(
                    async () => (await _home.ReadAsync<EquityMark>()).Any(m => m.Session == LiveHome.Tuesday),
                    run
                );
            }
        );
        EquityMark[] marks = [.. await _home.ReadAsync<EquityMark>()];
        Assert.Equal([LiveHome.Friday, LiveHome.Monday, LiveHome.Tuesday], marks.Select(m => m.Session));
        Assert.NotEmpty(await _home.ReadAsync<Fill>());
        Assert.Equal(marks[1].Equity, marks[2].Equity);
    }

    /// <summary>At Alpaca, before the open: the new shares explain what would look like somebody's trade, and the stops follow in new shares at their price.</summary>
    [Fact]
    public async Task Run_LiveOnTheMorningOfASplit_AcceptsNothingAndGuardsTheNewShares()
    {
        string[] args = [.. _home.Live, "--stop", "0.05"];
        int entries = await EnterOnMondayAsync(args);
        await _home.RunAsync(
            args,
            async run =>
            {
                await _home.AdvanceToAsync(Utc(LiveHome.Monday, "13:32:05"), "the schedule runs", run);
                await _home.UntilAsync(async () => (await StopsAsync()).Length == entries, run);
            }
        );
        Order[] stops = await StopsAsync();
        foreach (Order stop in stops)
        {
            _home.Server.Content.AddSplit(stop.Symbol, $"{LiveHome.Tuesday:yyyy-MM-dd}", 4, 1);
            decimal price = await _home.LastCloseAsync(stop.Symbol);
            _home.Exchange.Hold(stop.Symbol, _home.Exchange.SharesOf(stop.Symbol) * 4, price / 4);
        }

        _home.Time.SetUtcNow(Utc(LiveHome.Tuesday, "12:58:30"));
        await _home.RunAsync(
            [.. args, "--accept-holdings"],
            async run =>
            {
                await _home.AdvanceToAsync(Utc(LiveHome.Tuesday, "13:02:05"), "broker and ledger agree", run);
                await _home.UntilAsync(async () => (await StopsAsync()).Length == 2 * stops.Length, run);
            }
        );
        Assert.DoesNotContain("taken over", _home.Log(), StringComparison.Ordinal);
        foreach (Order renewed in (await StopsAsync())[stops.Length..])
        {
            Order before = stops.Single(s => s.Symbol == renewed.Symbol);
            Assert.Equal(before.Quantity * 4, renewed.Quantity);
            Assert.InRange(renewed.StopPrice!.Value - (before.StopPrice!.Value / 4), -0.01m, 0.01m);
            Assert.True(_home.Exchange[renewed.ClientOrderId].IsOpen);
            Assert.False(_home.Exchange[before.ClientOrderId].IsOpen);
        }
    }

    /// <summary>Written down, and then the line was dead, or the process: a stop that nobody has is sent again.</summary>
    [Fact]
    public async Task Run_StopsThatNeverArrived_AreSentOnceTheLineIsBack()
    {
        bool isDead = true;
        _home.Server.Instead = (asked, http) =>
            Volatile.Read(ref isDead) && asked.Method == "POST" && asked.Body.Contains("stop_price", StringComparison.Ordinal)
                ? AlpacaServer.RefuseAsync(http, 503, "maintenance")
                : Task.FromResult(false);
        string[] args = [.. _home.Live, "--stop", "0.05"];
        int entries = await EnterOnMondayAsync(args);
        await _home.RunAsync(
            args,
            async run =>
            {
                await _home.WaitAsync("the schedule runs", run);
                await _home.UntilAsync(async () => (await StopsAsync()).Length == entries, run);
            }
        );
        Assert.Equal(entries, _home.Exchange.Taken.Count);

        Volatile.Write(ref isDead, false);
        await _home.RunAsync(args, run => _home.UntilAsync(() => Task.FromResult(_home.Exchange.Open.Count == entries), run));
        Assert.Equal((await StopsAsync()).Select(o => o.ClientOrderId).Order(), _home.Exchange.Taken[entries..].Order());
    }

    /// <summary>What was filled on Monday is known on the morning of the split only: its stops would be of old shares.</summary>
    [Fact]
    public async Task Run_PaperOnTheMorningOfASplit_SendsNothingUntilThatDaysBar()
    {
        string[] args = [.. Paper, "--stop", "0.05"];
        await _home.RunAsync(args, run => _home.AdvanceToAsync(FridayEvening, "): 2 decisions", run));
        foreach (string symbol in (string[])["AAPL", "MSFT"])
        {
            _home.Server.Content.AddSplit(symbol, $"{LiveHome.Tuesday:yyyy-MM-dd}", 4, 1);
            _home.Server.Content.Hide(symbol, LiveHome.Tuesday);
            decimal price = decimal.Round(await _home.LastCloseAsync(symbol) / 4, 2);
            _home.Server.Content.AddBar("1Day", symbol, $"{LiveHome.Tuesday:yyyy-MM-dd}T05:00:00Z", price, volume: 1_000_000);
        }

        _home.Time.SetUtcNow(Utc(LiveHome.Tuesday, "13:00:30"));
        await _home.RunAsync(args, run => _home.AdvanceToAsync(Utc(LiveHome.Tuesday, "13:06:05"), "settlement", run));
        IReadOnlyList<Fill> fills = await _home.ReadAsync<Fill>();
        Assert.NotEmpty(fills);
        Assert.DoesNotContain(await _home.ReadAsync<Order>(), o => o.StopPrice is not null);

        _home.Time.SetUtcNow(Utc(LiveHome.Tuesday, "20:29:00"));
        await _home.RunAsync(args, run => _home.AdvanceToAsync(Utc(LiveHome.Tuesday, "20:30:05"), "): 0 decisions", run));
        Assert.Equal(
            fills.Select(f => (f.Symbol, f.Quantity * 4)).Order(),
            (await _home.ReadAsync<Order>())
                .Where(o => o.StopPrice is not null)
                .Select(o => (o.Symbol, o.Quantity!.Value))
                .Order()
        );
    }

    [Fact]
    public async Task Run_SomebodyBoughtByHand_IsUnwellUntilTheHoldingsAreAccepted()
    {
        _home.Exchange.Hold("MSFT", 5, 190);
        string port = $"{HealthServerTests.FreePort()}";
        await _home.RunAsync(
            [.. _home.Live, "--health-port", port],
            async run =>
            {
                await _home.AdvanceToAsync(FridayEvening, "): 2 decisions, 0 orders", run);
                (HttpStatusCode code, string text) = await HealthAsync(port);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
                Assert.Contains("\"degraded\"", text, StringComparison.Ordinal);
                Assert.Contains("the broker holds 5 of MSFT", text, StringComparison.Ordinal);
            }
        );
        Assert.Empty(_home.Exchange.Taken);
        Assert.NotEmpty(await _home.ReadAsync<RiskRefusal>());
        await _home.RunAsync(
            [.. _home.Live, "--health-port", port, "--accept-holdings"],
            async run =>
            {
                await _home.WaitAsync("the holdings of MSFT are taken over from the broker", run);
                await _home.WaitAsync("the schedule runs", run);
                (HttpStatusCode code, string text) = await HealthAsync(port);
                Assert.True(code == HttpStatusCode.OK, text);
            }
        );
        Fill taken = Assert.Single(await _home.ReadAsync<Fill>());
        Assert.Equal(("MSFT", 5m, 190m), (taken.Symbol, taken.Quantity, taken.Price));
        _home.AssertNoKeyAnywhere();
    }

    [Fact]
    public async Task Kill_WhileARunTradesAtAlpaca_CancelsThereAndNothingLeavesUntilResumed()
    {
        string[] daily = [.. _home.Live, "--every", "1"];
        await _home.RunAsync(
            daily,
            async run =>
            {
                await _home.AdvanceToAsync(FridayEvening, "): 2 decisions", run);
                Assert.NotEmpty(_home.Exchange.Open);
                Assert.Equal(0, await _home.StartAsync(CancellationToken.None, "kill", "--reason", "a drill"));
                await _home.AdvanceToAsync(Utc(LiveHome.Friday, "21:31:05"), "the schedule runs", run);
                await _home.UntilAsync(() => Task.FromResult(_home.Exchange.Open.Count == 0), run);
            }
        );
        int sent = _home.Exchange.Taken.Count;
        _home.Time.SetUtcNow(Utc(LiveHome.Monday, "20:29:00"));
        await _home.RunAsync(
            daily,
            run => _home.AdvanceToAsync(Utc(LiveHome.Monday, "20:30:05"), "): 2 decisions, 0 orders", run)
        );
        Assert.Equal(sent, _home.Exchange.Taken.Count);
        Assert.Contains(await _home.ReadAsync<RiskRefusal>(), r => r.Text.Contains("a drill", StringComparison.Ordinal));

        Assert.Equal(0, await _home.StartAsync(CancellationToken.None, "resume"));
        _home.Time.SetUtcNow(Utc(LiveHome.Tuesday, "20:29:00"));
        await _home.RunAsync(daily, run => _home.AdvanceToAsync(Utc(LiveHome.Tuesday, "20:30:05"), "): 2 decisions", run));
        Assert.True(_home.Exchange.Taken.Count > sent);
    }

    [Fact]
    public async Task Kill_NoProcessTrades_CancelsAtTheBrokerOfTheHome()
    {
        await _home.RunAsync(_home.Live, run => _home.AdvanceToAsync(FridayEvening, "): 2 decisions", run));
        Assert.NotEmpty(_home.Exchange.Open);
        Assert.Equal(0, await _home.StartAsync(CancellationToken.None, "kill"));
        Assert.Empty(_home.Exchange.Open);
        ILookup<string, OrderUpdate> updates = (await _home.ReadAsync<OrderUpdate>()).ToLookup(u => u.State.ClientOrderId);
        Assert.All(_home.Exchange.Taken, id => Assert.Contains(updates[id], u => u.State.Status == OrderStatus.Canceled));
    }

    [Fact]
    public async Task Run_HomeThatTradesElsewhere_IsRefused()
    {
        await _home.RunAsync(Paper, run => _home.WaitAsync("the schedule runs", run));
        Assert.Equal(2, await _home.StartAsync(CancellationToken.None, _home.Live));
        Assert.Contains(
            "are at the paper broker in the home, and its ledger fits no other books",
            _home.Log(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(_home.Server.Requests, r => r.Path == "/v2/account");
    }

    /// <summary>Decides on Friday evening; Monday's open fills what was ordered at Alpaca.</summary>
    /// <returns>How many entries were filled.</returns>
    private async Task<int> EnterOnMondayAsync(string[] args)
    {
        await _home.RunAsync(args, run => _home.AdvanceToAsync(FridayEvening, "): 2 decisions", run));
        _home.Time.SetUtcNow(Utc(LiveHome.Monday, "13:31:00"));
        foreach (ExchangeOrder open in _home.Exchange.Open.ToArray())
        {
            _home.Exchange.Fill(open, open.Qty!.Value, await _home.LastCloseAsync(open.Symbol));
        }

        Assert.NotEmpty(_home.Exchange.Taken);
        return _home.Exchange.Taken.Count;
    }

    private async Task<Order[]> StopsAsync() => [.. (await _home.ReadAsync<Order>()).Where(o => o.StopPrice is not null)];

    private static DateTimeOffset Utc(DateOnly day, string time) => new(day, TimeOnly.Parse(time), TimeSpan.Zero);

    private static async Task<(HttpStatusCode Code, string Text)> HealthAsync(string port)
    {
        using var http = new HttpClient();
        using HttpResponseMessage reply = await http.GetAsync(new Uri($"http://localhost:{port}/health"));
        return (reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }
}
