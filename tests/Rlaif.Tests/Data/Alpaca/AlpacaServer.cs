using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rlaif.Data.Alpaca;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>
/// Alpaca on this machine, by its public documentation: the REST endpoints of market data and trading that the clients use, with keys, filters,
/// pages and rate limits, and the two kinds of streams, unless a test answers in its place.
/// </summary>
internal sealed class AlpacaServer : IAsyncDisposable
{
    public const string KeyId = "PKPLANTEDKEYID1234567890";
    public const string Secret = "plantedSecretZ9y8X7w6V5u4T3s2R1q0";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _requests = new();
    private int _sockets;

    private AlpacaServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<SocketTransportOptions>(NetworkHands.HoldNothingBack);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(HandleAsync);
    }

    public static AlpacaKeys Keys => new(KeyId, Secret);

    public Uri Url { get; private set; } = null!;

    public Uri SocketUrl => new($"ws://{Url.Authority}");

    /// <summary>What there is.</summary>
    public AlpacaContent Content { get; } = new();

    /// <summary>Takes orders; null where a test needs none.</summary>
    public AlpacaExchange? Exchange { get; set; }

    /// <summary>Data points in a reply at most, whatever limit is asked for.</summary>
    public int PageSize { get; set; } = int.MaxValue;

    /// <summary>Answers a request in place of the server; false lets the server answer.</summary>
    public Func<Asked, HttpContext, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>What a stream does: the number of the connection (1, 2, ...), the path, and the socket.</summary>
    public Func<int, string, ServerSocket, Task> Stream { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>The status with which opening a stream is refused, by the number of the connection; null accepts it.</summary>
    public Func<int, int?> SocketStatus { get; set; } = _ => null;

    /// <summary>Streams that were opened or refused.</summary>
    public int Sockets => Volatile.Read(ref _sockets);

    /// <summary>The clock of the server; null for that of this machine.</summary>
    public Func<DateTimeOffset>? Now { get; set; }

    public IReadOnlyList<Asked> Requests => [.. _requests];

    public static async Task<AlpacaServer> StartAsync()
    {
        var server = new AlpacaServer();
        await server._app.StartAsync();
        server.Url = new Uri(
            ((IApplicationBuilder)server._app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single()
        );
        return server;
    }

    public AlpacaOptions Options() =>
        new()
        {
            DataUrl = Url,
            TradingUrl = Url,
            StreamUrl = SocketUrl,
        };

    public AlpacaDataClient Client(TimeProvider? time = null, Func<AlpacaOptions, AlpacaOptions>? change = null) =>
        new(Keys, change is null ? Options() : change(Options()), time);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>Answers with a status and the message that Alpaca's errors have.</summary>
    public static async Task<bool> RefuseAsync(
        HttpContext http,
        int status,
        string message,
        params (string Name, string Value)[] headers
    )
    {
        http.Response.StatusCode = status;
        foreach ((string name, string value) in headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.WriteAsJsonAsync(new { message });
        return true;
    }

    /// <summary>Answers with a text that is no JSON.</summary>
    public static async Task<bool> PageAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html";
        await http.Response.WriteAsync(text);
        return true;
    }

    /// <summary>Sends the beginning of a reply, and cuts the connection.</summary>
    public static async Task<bool> CutAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = 1000;
        await http.Response.WriteAsync("{\"bars\":{\"AAPL\":[");
        await http.Response.Body.FlushAsync();
        http.Features.Get<IConnectionSocketFeature>()!.Socket.Shutdown(SocketShutdown.Both);
        return true;
    }

    /// <summary>Says nothing until the client leaves.</summary>
    public static async Task<bool> StallAsync(HttpContext http)
    {
        var left = new TaskCompletionSource();
        await using (http.RequestAborted.Register(left.SetResult))
        {
            await left.Task;
        }

        return true;
    }

    private async Task HandleAsync(HttpContext http)
    {
        if (Now is not null)
        {
            http.Response.Headers.Date = Now().ToString("r", CultureInfo.InvariantCulture);
        }

        if (http.WebSockets.IsWebSocketRequest)
        {
            int number = Interlocked.Increment(ref _sockets);
            if (SocketStatus(number) is { } status)
            {
                http.Response.StatusCode = status;
                return;
            }

            using var socket = new ServerSocket(await http.WebSockets.AcceptWebSocketAsync(), http);
            await socket.RunAsync(() => Stream(number, http.Request.Path, socket));
            return;
        }

        using var body = new StreamReader(http.Request.Body);
        var asked = new Asked(
            _requests.Count + 1,
            http.Request.Path.Value!,
            http.Request.Query,
            http.Request.Method,
            await body.ReadToEndAsync()
        );
        _requests.Enqueue(asked);
        if (await Instead(asked, http))
        {
            return;
        }

        if (http.Request.Headers["APCA-API-KEY-ID"] != KeyId || http.Request.Headers["APCA-API-SECRET-KEY"] != Secret)
        {
            await RefuseAsync(http, 401, "access key verification failed");
        }
        else if (Exchange?.Answer(asked) is { } answer)
        {
            http.Response.StatusCode = answer.Status;
            if (answer.Body is not null)
            {
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(answer.Body.ToJsonString());
            }
        }
        else if (Content.Answer(asked, PageSize) is { } reply)
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(reply.ToJsonString());
        }
        else
        {
            await RefuseAsync(http, 404, "Not Found");
        }
    }

    /// <summary>A request.</summary>
    internal sealed record Asked(int Number, string Path, IQueryCollection Query, string Method, string Body)
    {
        public string? this[string name] => Query.TryGetValue(name, out var value) ? value.ToString() : null;

        public string[] Symbols => this["symbols"]?.Split(',') ?? [];
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
