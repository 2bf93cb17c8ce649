using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Rlaif.Cli;

/// <summary>
/// A port for those who watch a trading process from the same machine: <c>/health</c> (200 when all is well, else 503; JSON) and <c>/metrics</c> (Prometheus). It is
/// bound to the loopback addresses, reads only, and refuses requests that do not name this machine: a web page in a browser here must not
/// read it under a name of its own.
/// </summary>
internal sealed class HealthServer : IAsyncDisposable
{
    /// <summary>The last port that there is.</summary>
    public const int HighestPort = 65_535;

    private readonly WebApplication _app;
    private readonly MeterProvider _metrics;

    private HealthServer(int port, HealthState state, ILogger log)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(RlaifTelemetry.Name)
            .AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0)
            .Build();
        // Nothing but what is asked for: no settings, no log, no files of the working folder.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(k =>
            {
                k.AddServerHeader = false;
                k.ListenLocalhost(port);
            });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.Use(GuardAsync);
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(_metrics, null, "/metrics", null, null);
        _app.Run(http => AnswerAsync(http, state, log));
    }

    /// <summary>Opens the port.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <param name="state">Says how the process is.</param>
    /// <param name="log">Told when it cannot say so.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="RlaifInputException">The port is taken, not allowed, or none.</exception>
    public static async Task<HealthServer> StartAsync(
        int port,
        HealthState state,
        ILogger log,
        CancellationToken cancellationToken = default
    )
    {
        if (port is < 1 or > HighestPort)
        {
            throw new RlaifInputException($"--health-port is {port}; it must be in 1..{HighestPort}.");
        }

        var server = new HealthServer(port, state, log);
        try
        {
            await server._app.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync();
            throw e is IOException or System.Net.Sockets.SocketException
                ? new RlaifInputException($"--health-port {port} cannot be opened: {e.Message}", e)
                : e;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _metrics.Dispose();
    }

    private static Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        // A name that somebody else may point here is not one of ours, whatever address it leads to.
        string host = http.Request.Host.Host.Trim('[', ']');
        bool isOurs = host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
        if (!isOurs)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return next(http);
    }

    private static async Task AnswerAsync(HttpContext http, HealthState state, ILogger log)
    {
        if (http.Request.Path != "/health")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        object answer;
        bool isWell = false;
        try
        {
            HealthReport report = await state.ReadAsync(http.RequestAborted);
            (answer, isWell) = (report, report.Status == HealthReport.Ok);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whoever watches has to learn that nothing can be said; the reason is for the log.
            log.LogError(e, "The health of the process cannot be told");
            answer = new { Status = HealthReport.Degraded, Version = AppVersion.Text };
        }

        http.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await http.Response.WriteAsJsonAsync(answer, RlaifJson.Compact, http.RequestAborted);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
