using Microsoft.Extensions.Time.Testing;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Alpaca;
using Rlaif.Tests.Data;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Cli;

/// <summary>
/// A home with two symbols pulled from a server on this machine, and a clock that the test moves: it is Friday, 8 March 2024, 16:20 in New York, before the weekend
/// on which the clocks change to summer time.
/// </summary>
internal sealed class LiveHome : IAsyncDisposable
{
    public static readonly DateOnly Friday = new(2024, 3, 8);
    public static readonly DateOnly Monday = new(2024, 3, 11);
    public static readonly DateOnly Tuesday = new(2024, 3, 12);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(180);

    private readonly StringWriter _log = new();
    private readonly TextWriter _error;
    private int _read;

    private LiveHome(AlpacaServer server)
    {
        _error = TextWriter.Synchronized(_log);
        Server = server;
        Server.Now = Time.GetUtcNow;
        Server.Exchange = new AlpacaExchange(Time.GetUtcNow);
    }

    public TempFolder Folder { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 3, 8, 21, 20, 0, TimeSpan.Zero));

    public AlpacaServer Server { get; }

    public AlpacaExchange Exchange => Server.Exchange!;

    /// <summary>Settings that allow real money: every address but Alpaca's own paper account counts as such.</summary>
    public string Allowed => Folder.Write("live.json", """{"run":{"live":true}}""");

    public string[] Live => ["run", "--static", "--live", "--confirm", "LIVE", "--config", Allowed];

    private string Root => Folder.PathOf("home");

    public static async Task<LiveHome> OpenAsync()
    {
        var home = new LiveHome(await AlpacaServer.StartAsync());
        var random = new DeterministicRandom(3);
        foreach ((string symbol, decimal drift) in new[] { ("AAPL", 0.4m), ("MSFT", -0.3m) })
        {
            decimal price = 200;
            foreach (DateOnly session in NyseCalendar.Sessions(new DateOnly(2023, 6, 1), new DateOnly(2024, 3, 15)).Sessions)
            {
                price += drift + Math.Round((decimal)((random.NextDouble() * 4) - 2), 2);
                home.Server.Content.AddBar("1Day", symbol, $"{session:yyyy-MM-dd}T05:00:00Z", price, volume: 1_000_000);
            }

            home.Server.Content.LatestTrades[symbol] = AlpacaContent.Trade("2024-03-08T20:59:00Z", price, 1);
        }

        int code = await home.StartAsync(
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
        Assert.True(code == 0, home._log.ToString());
        return home;
    }

    /// <summary>A process that runs, while the test does something, until that is done.</summary>
    public async Task RunAsync(string[] args, Func<Task, Task> meanwhile)
    {
        _read = Log().Length;
        using var stop = new CancellationTokenSource();
        Task<int> run = Task.Run(() => StartAsync(stop.Token, args));
        try
        {
            await meanwhile(run);
        }
        finally
        {
            await stop.CancelAsync();
            long since = TimeProvider.System.GetTimestamp();
            // What is under way may wait for the clock.
            while (!run.IsCompleted && TimeProvider.System.GetElapsedTime(since) < MostPatience)
            {
                Time.Advance(TimeSpan.FromMilliseconds(50));
                await Task.WhenAny(run, Task.Delay(5));
            }
        }

        int code = await run.WaitAsync(MostPatience);
        Assert.True(code == 0, $"exit code {code}: {Log()}");
    }

    public async Task<int> StartAsync(CancellationToken cancellationToken, params string[] args)
    {
        var host = new CliHost
        {
            Out = TextWriter.Null,
            Error = _error,
            Time = Time,
            Environment = Environment(Server, Folder.PathOf("profile")),
        };
        return await RlaifCommand.RunAsync([.. args, "--home", Root], host, cancellationToken);
    }

    /// <summary>The environment in which everything is asked of a server on this machine.</summary>
    public static Dictionary<string, string> Environment(AlpacaServer server, string profile) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["RLAIF__Alpaca__DataUrl"] = $"{server.Url}",
            ["RLAIF__Alpaca__TradingUrl"] = $"{server.Url}",
            ["RLAIF__Alpaca__StreamUrl"] = $"{server.SocketUrl}",
            ["RLAIF__Alpaca__Retries"] = "0",
            ["HOME"] = profile,
            [AlpacaKeys.IdVariable] = AlpacaServer.KeyId,
            [AlpacaKeys.SecretVariable] = AlpacaServer.Secret,
        };

    /// <summary>Moves the clock in small steps, as time goes: Quartz is to see each of them.</summary>
    public async Task AdvanceToAsync(DateTimeOffset moment, string expected, Task run)
    {
        await WaitAsync("the schedule runs", run);
        while (Time.GetUtcNow() < moment)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await WaitAsync(expected, run);
    }

    public Task WaitAsync(string expected, Task run) =>
        UntilAsync(() => Task.FromResult(Log()[_read..].Contains(expected, StringComparison.Ordinal)), run, expected);

    public async Task UntilAsync(Func<Task<bool>> isSo, Task run, string expected = "what is waited for")
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.False(run.IsCompleted, $"ended without '{expected}': {Log()}");
            Assert.True(TimeProvider.System.GetElapsedTime(start) < MostPatience, $"'{expected}' did not come: {Log()}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
            Time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    public string Log()
    {
        // The synchronized writer locks itself.
        lock (_error)
        {
            return _log.ToString();
        }
    }

    public async Task<IReadOnlyList<T>> ReadAsync<T>()
        where T : ILedgerRecord
    {
        await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(Root, "rlaif.db"));
        return await ledger.ReadAsync<T>();
    }

    /// <summary>The close of the last bar that is stored.</summary>
    public async Task<decimal> LastCloseAsync(string symbol)
    {
        await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(Root, "rlaif.db"));
        BarSeries bars = await (await new BarStore(ledger).LoadAsync()).GetBarsAsync(symbol, DateTimeOffset.MaxValue);
        return bars[bars.Count - 1].Close;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    public void AssertNoKeyAnywhere()
    {
        Assert.DoesNotContain(AlpacaServer.Secret, Log(), StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Folder.PathOf(string.Empty), "*", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(AlpacaServer.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(AlpacaServer.KeyId, text, StringComparison.Ordinal);
        }
    }
}
