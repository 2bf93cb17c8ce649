using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Tests.Cli.Hosting;

public sealed class HealthServerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2025, 1, 6, 15, 0, 0, TimeSpan.Zero);
    private static int _lastPort = 20_000 + (Environment.ProcessId % 100 * 100);
    private readonly HttpClient _http = new();
    private readonly LinesOfLog _log = new();
    private readonly int _port = FreePort();
    private Ledger _ledger = null!;
    private HealthState _state = null!;
    private HealthServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await Ledger.OpenAsync(":memory:");
        _state = new HealthState(
            new HaltSwitch(_ledger, TimeProvider.System),
            TimeProvider.System,
            new SecretScrubber((string?)null)
        );
        _server = await HealthServer.StartAsync(_port, _state, _log);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _ledger.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Health_SaysHowThingsAre()
    {
        _state.JobEnded("decide", Now, "ok", "5 decisions");
        (int code, JsonElement health) = await HealthAsync();
        Assert.Equal((200, "ok"), (code, health.GetProperty("status").GetString()));
        Assert.Equal("status,version,started_at,jobs,reconciliation,halted", CliRun.Fields(health));
        Assert.Equal("5 decisions", health.GetProperty("jobs").GetProperty("decide").GetProperty("text").GetString());

        _state.JobEnded("decide", Now, JobTelemetry.Failed);
        Assert.Equal((503, "degraded"), await StatusAsync());
        _state.JobEnded("decide", Now, "ok");
        _state.Reconciled(Now, [new DeskDifference("AAPL", "position", "3 there, 4 here")]);
        Assert.Equal((503, "degraded"), await StatusAsync());
        _state.Reconciled(Now, []);
        Assert.Equal((200, "ok"), await StatusAsync());
        await new HaltSwitch(_ledger, TimeProvider.System).SwitchAsync(true, "news", flatten: false);
        Assert.Equal((503, "halted"), await StatusAsync());
    }

    [Fact]
    public async Task Health_LedgerThatIsGone_IsDegradedAndLogged()
    {
        await _ledger.DisposeAsync();
        Assert.Equal((503, "degraded"), await StatusAsync());
        Assert.Single(_log.Lines, l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_AreThoseOfTheLibrary()
    {
        RlaifTelemetry.Account(123_456.5m, 7);
        using (JobTelemetry job = RlaifTelemetry.Job("health_test"))
        {
            job.Complete();
        }

        string text = await _http.GetStringAsync($"http://127.0.0.1:{_port}/metrics");
        Assert.Contains("rlaif_account_equity", text, StringComparison.Ordinal);
        Assert.Matches("rlaif_jobs_total\\{.*job=\"health_test\",outcome=\"ok\"\\} 1", text);
        Assert.Contains("rlaif_job_duration_seconds_bucket", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:80", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("192.168.1.2", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("localhost:9", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:8080", 200)]
    public async Task Request_ForAnotherHost_IsRefused(string host, int expected)
    {
        foreach (string path in new[] { "health", "metrics" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_port}/{path}");
            request.Headers.Host = host;
            using HttpResponseMessage reply = await _http.SendAsync(request);
            Assert.Equal(expected, (int)reply.StatusCode);
        }
    }

    [Fact]
    public async Task Request_OtherPathsAndMethods_GetNothing()
    {
        using HttpResponseMessage other = await _http.GetAsync($"http://localhost:{_port}/");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using HttpResponseMessage post = await _http.PostAsync($"http://localhost:{_port}/health", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task Port_AnswersOnLoopbackOnly()
    {
        IPAddress[] own =
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Select(a => a.Address)
                .Where(a => !IPAddress.IsLoopback(a)),
        ];
        Assert.SkipWhen(own.Length == 0, "this machine has no address but loopback");
        foreach (IPAddress address in own)
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await Assert.ThrowsAnyAsync<SocketException>(() => socket.ConnectAsync(address, _port));
        }

        if (Socket.OSSupportsIPv6)
        {
            using HttpResponseMessage six = await _http.GetAsync($"http://[::1]:{_port}/health");
            Assert.Equal(HttpStatusCode.OK, six.StatusCode);
        }
    }

    [Fact]
    public async Task Start_PortThatIsTakenOrNone_IsRefused()
    {
        foreach (int port in new[] { _port, 0, 70_000 })
        {
            RlaifInputException e = await Assert.ThrowsAsync<RlaifInputException>(() =>
                HealthServer.StartAsync(port, _state, _log)
            );
            Assert.Contains("--health-port", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// A port below those that systems give to connections, and to listeners that ask for none: what runs beside this test is not given it
    /// before it is opened.
    /// </summary>
    internal static int FreePort()
    {
        while (true)
        {
            int port = Interlocked.Increment(ref _lastPort);
            try
            {
                using var four = new TcpListener(IPAddress.Loopback, port);
                four.Start();
                using var six = new TcpListener(IPAddress.IPv6Loopback, port);
                if (Socket.OSSupportsIPv6)
                {
                    six.Start();
                }

                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The next, then.
            }
        }
    }

    private async Task<(int Code, JsonElement Json)> HealthAsync()
    {
        using HttpResponseMessage reply = await _http.GetAsync($"http://127.0.0.1:{_port}/health");
        return ((int)reply.StatusCode, JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement);
    }

    private async Task<(int Code, string? Status)> StatusAsync()
    {
        (int code, JsonElement health) = await HealthAsync();
        return (code, health.GetProperty("status").GetString());
    }
}
