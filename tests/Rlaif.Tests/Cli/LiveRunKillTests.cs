using System.Collections.Concurrent;
using System.Diagnostics;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes.Brokers;
using Rlaif.Tests.Data;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Cli;

/// <summary><c>rlaif run</c> as a process of its own on this machine's clock, killed in the middle of a job.</summary>
public sealed class LiveRunKillTests : IAsyncLifetime
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(300);

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _log = new();
    private AlpacaServer _server = null!;
    private bool _stalls;

    private string Home => _folder.PathOf("home");

    public async ValueTask InitializeAsync()
    {
        _server = await AlpacaServer.StartAsync();
        _server.Exchange = new AlpacaExchange(() => DateTimeOffset.UtcNow);
        _server.Instead = (asked, http) =>
            Volatile.Read(ref _stalls) && asked.Path == "/v2/orders:by_client_order_id"
                ? AlpacaServer.StallAsync(http)
                : Task.FromResult(false);
        await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(Directory.CreateDirectory(Home).FullName, "rlaif.db"));
        DateOnly last = NyseCalendar.LastClosed(DateTimeOffset.UtcNow);
        await new BarStore(ledger).AddAsync([
            new BarSeries(
                "AAPL",
                NyseCalendar
                    .Sessions(last.AddDays(-100), last)
                    .Sessions.Select(s => new Bar(
                        NyseCalendar.Hours(s).Open,
                        NyseCalendar.Hours(s).Close,
                        100,
                        101,
                        99,
                        100,
                        1_000_000
                    ))
            ),
        ]);
        // It was written down and never arrived: each job asks the broker for it.
        await ledger.AppendAsync([
            new Order
            {
                ClientOrderId = "o",
                Symbol = "AAPL",
                Side = OrderSide.Buy,
                Quantity = 1,
                CreatedAt = DateTimeOffset.UtcNow,
            },
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_KilledInTheMiddleOfAJob_DoesThatJobAtTheNextStart()
    {
        await WithProcessAsync(async first =>
        {
            await UntilAsync(first, async () => (await DueTimesAsync()).Count > 0);
            Volatile.Write(ref _stalls, true);
            int asked = Asked();
            await UntilAsync(first, () => Task.FromResult(Asked() > asked));
        });
        DateTimeOffset broken = (await DueTimesAsync())[^1].AddSeconds(2);
        Volatile.Write(ref _stalls, false);
        await WithProcessAsync(second => UntilAsync(second, async () => (await DueTimesAsync()).Contains(broken)));
        Assert.Empty(_server.Exchange!.Taken);
    }

    /// <summary>A process that is killed when the test has seen what it wants to see, or fails.</summary>
    private async Task WithProcessAsync(Func<Process, Task> meanwhile)
    {
        using Process process = Start();
        try
        {
            await meanwhile(process);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start()
    {
        string schedule = _folder.Write("schedule.json", """{ "settlement": "0/2 * * * * ?" }""");
        string config = _folder.Write("live.json", """{"run":{"live":true}}""");
        Process process = CliProcess.Start(
            LiveHome.Environment(_server, _folder.PathOf("profile")),
            ["run", "--static", "--live", "--confirm", "LIVE", "--config", config, "--schedule", schedule, "--home", Home]
        );
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? string.Empty);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private int Asked() => _server.Requests.Count(r => r.Path == "/v2/orders:by_client_order_id");

    private async Task<IReadOnlyList<DateTimeOffset>> DueTimesAsync()
    {
        await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(Home, "rlaif.db"));
        return [.. (await ledger.ReadAsync<JobRun>()).Where(r => r.Job == ProductionJob.Settlement).Select(r => r.DueAt)];
    }

    private async Task UntilAsync(Process process, Func<Task<bool>> isSo)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.False(process.HasExited, $"the process ended: {string.Join('\n', _log)}");
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < MostPatience,
                $"what is waited for did not come: {string.Join('\n', _log)}"
            );
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
