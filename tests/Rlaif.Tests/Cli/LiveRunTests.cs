using Microsoft.Extensions.Time.Testing;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Data;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Cli;

/// <summary><c>rlaif run</c> on a clock that the test moves, with the prices of a server on this machine, over the weekend on which New York changes to summer time.</summary>
public sealed class LiveRunTests : IAsyncLifetime
{
    private static readonly DateOnly Friday = new(2024, 3, 8);
    private static readonly DateOnly Monday = new(2024, 3, 11);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2024, 3, 8, 21, 20, 0, TimeSpan.Zero));
    private readonly StringWriter _log = new();
    private readonly TextWriter _error;
    private int _read;
    private AlpacaServer _server = null!;

    public LiveRunTests() => _error = TextWriter.Synchronized(_log);

    private string Home => _folder.PathOf("home");

    public async ValueTask InitializeAsync()
    {
        _server = await AlpacaServer.StartAsync();
        _server.Now = _time.GetUtcNow;
        _server.Exchange = new AlpacaExchange(_time.GetUtcNow);
        var random = new DeterministicRandom(3);
        foreach ((string symbol, decimal drift) in new[] { ("AAPL", 0.4m), ("MSFT", -0.3m) })
        {
            decimal price = 200;
            foreach (DateOnly session in NyseCalendar.Sessions(new DateOnly(2023, 6, 1), new DateOnly(2024, 3, 15)).Sessions)
            {
                price += drift + Math.Round((decimal)((random.NextDouble() * 4) - 2), 2);
                _server.Content.AddBar("1Day", symbol, $"{session:yyyy-MM-dd}T05:00:00Z", price, volume: 1_000_000);
            }

            _server.Content.LatestTrades[symbol] = AlpacaContent.Trade("2024-03-08T20:59:00Z", price, 1);
        }

        int code = await StartAsync(
            CancellationToken.None,
            "data",
            "pull",
            "--source",
            "alpaca",
            "--symbols",
            "AAPL,MSFT",
            "--from",
            "2023-06-01",
            "--to",
            $"{Friday.AddDays(-1):yyyy-MM-dd}"
        );
        Assert.True(code == 0, _log.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_Paper_DecidesAfterTheCloseAndFillsAtTheNextOpenAcrossTheChangeOfClocks()
    {
        using (var stop = new CancellationTokenSource())
        {
            Task<int> run = Task.Run(() => StartAsync(stop.Token, "run", "--static"));
            await AdvanceToAsync(new DateTimeOffset(2024, 3, 8, 21, 30, 5, TimeSpan.Zero), "): 2 decisions", run);
            await stop.CancelAsync();
            await EndAsync(run);
        }

        IReadOnlyList<Order> orders = await ReadAsync<Order>();
        Assert.NotEmpty(orders);
        Assert.Empty(await ReadAsync<Fill>());

        _read = Log().Length;
        // Another process on Monday: what it missed is made up, and the exchange's clock has changed.
        _time.SetUtcNow(new DateTimeOffset(2024, 3, 11, 20, 29, 0, TimeSpan.Zero));
        using (var stop = new CancellationTokenSource())
        {
            Task<int> run = Task.Run(() => StartAsync(stop.Token, "run", "--static"));
            await AdvanceToAsync(new DateTimeOffset(2024, 3, 11, 20, 30, 5, TimeSpan.Zero), "): 0 decisions", run);
            await stop.CancelAsync();
            await EndAsync(run);
        }

        IReadOnlyList<Fill> fills = await ReadAsync<Fill>();
        Assert.Equal(orders.Count, fills.Count);
        Assert.All(fills, f => Assert.Equal(NyseCalendar.Hours(Monday).Open, f.At));
        Assert.Equal(fills.Count, (await ReadAsync<PositionOpened>()).Count);
        JobRun[] decisions = [.. (await ReadAsync<JobRun>()).Where(r => r.Job == ProductionJob.Decisions)];
        Assert.Equal([TimeSpan.FromHours(21.5), TimeSpan.FromHours(20.5)], decisions.Select(r => r.DueAt.TimeOfDay));
        Assert.Contains(await ReadAsync<EquityMark>(), m => m.Session == Monday);
        AssertNoKeyAnywhere();
    }

    [Fact]
    public async Task Run_Live_SendsMarketOrdersOnceAndTakesInTheFills()
    {
        string config = _folder.Write("live.json", """{"run":{"live":true}}""");
        string[] args = ["run", "--static", "--live", "--confirm", "LIVE", "--config", config];
        AlpacaExchange exchange = _server.Exchange!;
        using (var stop = new CancellationTokenSource())
        {
            Task<int> run = Task.Run(() => StartAsync(stop.Token, args));
            await AdvanceToAsync(new DateTimeOffset(2024, 3, 8, 21, 30, 5, TimeSpan.Zero), "): 2 decisions", run);
            await stop.CancelAsync();
            await EndAsync(run);
        }

        _read = Log().Length;
        IReadOnlyList<Order> orders = await ReadAsync<Order>();
        Assert.Equal(orders.Select(o => o.ClientOrderId).Order(), exchange.Taken.Order());
        _time.SetUtcNow(new DateTimeOffset(2024, 3, 11, 13, 31, 0, TimeSpan.Zero));
        foreach (ExchangeOrder open in exchange.Open.ToArray())
        {
            exchange.Fill(open, open.Qty!.Value, 190);
        }

        using (var stop = new CancellationTokenSource())
        {
            Task<int> run = Task.Run(() => StartAsync(stop.Token, args));
            await WaitAsync("broker and ledger agree", run);
            await stop.CancelAsync();
            await EndAsync(run);
        }

        Assert.Equal(orders.Count, (await ReadAsync<Fill>()).Count(f => f.Price == 190));
        Assert.Equal(orders.Count, exchange.Taken.Count);
        AssertNoKeyAnywhere();
    }

    [Theory]
    [InlineData("Trading real money is not allowed here", "--live", "--confirm", "LIVE")]
    [InlineData("that needs --live", "--broker", "alpaca")]
    [InlineData("exclude each other", "--live", "--paper")]
    [InlineData("leave out --broker and --live", "--replay", "2024-01-02..2024-02-01", "--live")]
    public async Task Run_RealMoneyWithoutConsent_SendsNothing(string expected, params string[] args)
    {
        Assert.Equal(2, await StartAsync(CancellationToken.None, ["run", .. args]));
        Assert.Contains(expected, _log.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Exchange!.Taken);
    }

    [Fact]
    public async Task Run_LiveWithAnotherWord_SendsNothing()
    {
        string config = _folder.Write("live.json", """{"run":{"live":true}}""");
        Assert.Equal(2, await StartAsync(CancellationToken.None, "run", "--live", "--confirm", "yes", "--config", config));
        Assert.Contains("the word is LIVE", _log.ToString(), StringComparison.Ordinal);
        // Nobody is there to type it.
        Assert.Equal(2, await StartAsync(CancellationToken.None, "run", "--live", "--config", config));
        Assert.Contains("--confirm LIVE", _log.ToString(), StringComparison.Ordinal);
    }

    private async Task EndAsync(Task<int> run)
    {
        int code = await run.WaitAsync(MostPatience);
        Assert.True(code == 0, $"exit code {code}: {Log()}");
    }

    private async Task<int> StartAsync(CancellationToken cancellationToken, params string[] args)
    {
        var host = new CliHost
        {
            Out = TextWriter.Null,
            Error = _error,
            Time = _time,
            Environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["RLAIF__Alpaca__DataUrl"] = $"{_server.Url}",
                ["RLAIF__Alpaca__TradingUrl"] = $"{_server.Url}",
                ["RLAIF__Alpaca__StreamUrl"] = $"{_server.SocketUrl}",
                ["RLAIF__Alpaca__Retries"] = "0",
                ["HOME"] = _folder.PathOf("profile"),
                [AlpacaKeys.IdVariable] = AlpacaServer.KeyId,
                [AlpacaKeys.SecretVariable] = AlpacaServer.Secret,
            },
        };
        return await RlaifCommand.RunAsync([.. args, "--home", Home], host, cancellationToken);
    }

    /// <summary>Moves the clock in small steps, as time goes: Quartz is to see each of them.</summary>
    private async Task AdvanceToAsync(DateTimeOffset moment, string expected, Task run)
    {
        await WaitAsync("the schedule runs", run);
        while (_time.GetUtcNow() < moment)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await WaitAsync(expected, run);
    }

    private async Task WaitAsync(string expected, Task run)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!Log()[_read..].Contains(expected, StringComparison.Ordinal))
        {
            Assert.False(run.IsCompleted, $"ended without '{expected}': {Log()}");
            Assert.True(TimeProvider.System.GetElapsedTime(start) < MostPatience, $"'{expected}' did not come: {Log()}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    private string Log()
    {
        // The synchronized writer locks itself.
        lock (_error)
        {
            return _log.ToString();
        }
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>()
        where T : ILedgerRecord
    {
        await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(Home, "rlaif.db"));
        return await ledger.ReadAsync<T>();
    }

    private void AssertNoKeyAnywhere()
    {
        Assert.DoesNotContain(AlpacaServer.Secret, Log(), StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(_folder.PathOf(string.Empty), "*", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(AlpacaServer.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(AlpacaServer.KeyId, text, StringComparison.Ordinal);
        }
    }
}
