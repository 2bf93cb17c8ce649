using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>A server on this machine that speaks a provider's protocol over HTTP and answers what a test says.</summary>
internal sealed class FakeModelServer : IAsyncDisposable
{
    private static readonly TimeSpan UsualRetryAfter = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly IModelWire _wire;
    private readonly Func<ModelServerRequest, ModelServerReply> _answer;
    private readonly TimeSpan _latency;
    private readonly int _maxInFlight;
    private readonly string? _key;
    private readonly TimeSpan _retryAfter;
    private readonly ConcurrentQueue<ModelServerRequest> _requests = new();
    private readonly Lock _counts = new();
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _read;
    private int _received;
    private int _inFlight;
    private int _accepted;

    private FakeModelServer(
        ModelProtocol protocol,
        Func<ModelServerRequest, ModelServerReply> answer,
        TimeSpan latency,
        int maxInFlight,
        string? key,
        TimeSpan retryAfter,
        bool fillsUp
    )
    {
        _wire = protocol == ModelProtocol.Anthropic ? new AnthropicWire() : new OpenAiWire();
        (_answer, _latency, _maxInFlight, _key, _retryAfter) = (answer, latency, maxInFlight, key, retryAfter);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<SocketTransportOptions>(NetworkHands.HoldNothingBack);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (!fillsUp)
        {
            _full.SetResult();
        }

        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>The address of the API, as a user would configure it: with <c>/v1</c> for OpenAI's protocol, without for Anthropic's.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The requests with a valid key and body, in the order of their arrival, those that were refused for too many in flight included.</summary>
    public IReadOnlyList<ModelServerRequest> Requests => [.. _requests.OrderBy(r => r.Index)];

    /// <summary>Most requests that were in the server's hands at once, refused ones included.</summary>
    public int PeakInFlight { get; private set; }

    /// <summary>Replies with status 200 that were sent to the end.</summary>
    public int Completed { get; private set; }

    /// <summary>Requests that were refused because too many were in flight.</summary>
    public int Refused { get; private set; }

    /// <summary>All requests over HTTP, the invalid ones included.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Starts a server.</summary>
    /// <param name="protocol">What it speaks.</param>
    /// <param name="answer">What it answers; called by many threads.</param>
    /// <param name="latency">Time before the first byte of every reply.</param>
    /// <param name="maxInFlight">Requests beyond that many at once get 429; null for no limit.</param>
    /// <param name="key">The key that is required; null for none.</param>
    /// <param name="retryAfter">What a 429 for too many in flight asks for; default 1 s. Anthropic's protocol knows whole seconds only.</param>
    /// <param name="fillsUp">Answers nothing until a request was refused for too many in flight: how fast the machine is decides then on nothing.</param>
    public static async Task<FakeModelServer> StartAsync(
        ModelProtocol protocol,
        Func<ModelServerRequest, ModelServerReply> answer,
        TimeSpan? latency = null,
        int? maxInFlight = null,
        string? key = "test-key",
        TimeSpan? retryAfter = null,
        bool fillsUp = false
    )
    {
        var server = new FakeModelServer(
            protocol,
            answer,
            latency ?? TimeSpan.Zero,
            maxInFlight ?? int.MaxValue,
            key,
            retryAfter ?? UsualRetryAfter,
            fillsUp
        );
        await server._app.StartAsync();
        server.BaseUrl = new Uri(
            ((IApplicationBuilder)server._app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single()
                + server._wire.BasePath
        );
        return server;
    }

    /// <summary>Stops the server; what is in flight is cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        string requestId = $"req_{Interlocked.Increment(ref _received):D6}";
        try
        {
            if (await ReadAsync(http) is var (request, error) && error is not null)
            {
                await RefuseAsync(http, error, requestId, null);
                return;
            }
            await AnswerAsync(http, request!, requestId);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has left; there is nobody to answer.
        }
    }

    private async Task<(ModelServerRequest? Request, WireError? Error)> ReadAsync(HttpContext http)
    {
        string? key = _wire.Key(http.Request.Headers);
        if (http.Request.Path != _wire.Path || !HttpMethods.IsPost(http.Request.Method))
        {
            return (null, _wire.Error(StatusCodes.Status404NotFound, null, null, key));
        }
        if (_key is not null && key != _key)
        {
            return (null, _wire.Error(StatusCodes.Status401Unauthorized, null, null, key));
        }
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            return _wire.Read(Interlocked.Increment(ref _read) - 1, document.RootElement.Clone(), http.Request.Headers);
        }
        catch (JsonException)
        {
            const string Message = "The request body is not valid JSON";
            return (null, new WireError(StatusCodes.Status400BadRequest, "invalid_request_error", Message));
        }
    }

    private async Task AnswerAsync(HttpContext http, ModelServerRequest request, string requestId)
    {
        _requests.Enqueue(request);
        string? key = _wire.Key(http.Request.Headers);
        var place = new Place(this);
        try
        {
            if (!place.Taken)
            {
                _full.TrySetResult();
                await RefuseAsync(http, _wire.Error(429, null, request, key), requestId, _retryAfter, place);
                return;
            }
            await _full.Task.WaitAsync(http.RequestAborted);
            ModelServerReply reply = _answer(request);
            await Task.Delay(_latency + reply.Latency, http.RequestAborted);
            if (reply.Status != StatusCodes.Status200OK && (reply.Fault == ModelServerFault.None || !request.Stream))
            {
                WireError error = _wire.Error(reply.Status, reply.ErrorType, request, key);
                await RefuseAsync(http, error, requestId, reply.RetryAfter, place);
                return;
            }
            _wire.SetHeaders(http.Response.Headers, requestId, null);
            await (
                request.Stream ? StreamAsync(http, request, reply, requestId, place) : WriteAsync(http, request, reply, place)
            );
        }
        finally
        {
            place.Leave();
        }
    }

    private async Task RefuseAsync(HttpContext http, WireError error, string requestId, TimeSpan? retryAfter, Place? place = null)
    {
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        _wire.SetHeaders(http.Response.Headers, requestId, retryAfter);
        place?.Leave();
        await http.Response.WriteAsync(WireText.Json(_wire.ErrorBody(error, requestId)), http.RequestAborted);
    }

    private async Task WriteAsync(HttpContext http, ModelServerRequest request, ModelServerReply reply, Place place)
    {
        http.Response.ContentType = "application/json";
        byte[] body = Encoding.UTF8.GetBytes(WireText.Json(_wire.Body(request, reply)));
        if (reply.Fault == ModelServerFault.Malformed)
        {
            body = "<html><body>Bad gateway</body></html>"u8.ToArray();
        }
        http.Response.ContentLength = body.Length;
        if (reply.Fault is ModelServerFault.Break or ModelServerFault.Stall)
        {
            await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), http.RequestAborted);
            await FailAsync(http, reply, "", place);
            return;
        }
        place.Leave(completed: true);
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private async Task StreamAsync(
        HttpContext http,
        ModelServerRequest request,
        ModelServerReply reply,
        string requestId,
        Place place
    )
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        string[] frames = [.. _wire.Frames(request, reply)];
        for (int i = 0; i < frames.Length; i++)
        {
            if (reply.Pace > TimeSpan.Zero)
            {
                await Task.Delay(reply.Pace, http.RequestAborted);
            }
            if (i == frames.Length - 1 && reply.Fault == ModelServerFault.None)
            {
                place.Leave(completed: true);
            }
            await http.Response.WriteAsync(frames[i], http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
        string error = _wire.ErrorFrame(_wire.Error(reply.Status, reply.ErrorType, request, null), requestId);
        await FailAsync(http, reply, error, place);
    }

    private static async Task FailAsync(HttpContext http, ModelServerReply reply, string errorFrame, Place place)
    {
        if (reply.Fault == ModelServerFault.None)
        {
            return;
        }
        await http.Response.Body.FlushAsync(http.RequestAborted);
        place.Leave();
        switch (reply.Fault)
        {
            case ModelServerFault.Break:
                http.Features.Get<IConnectionSocketFeature>()!.Socket.Shutdown(SocketShutdown.Send);
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
                break;
            case ModelServerFault.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
                break;
            case ModelServerFault.End:
                break;
            case ModelServerFault.Malformed:
                await http.Response.WriteAsync(
                    "event: content_block_delta\ndata: {\"type\":\"content_block_del\n\n",
                    http.RequestAborted
                );
                break;
            default:
                await http.Response.WriteAsync(errorFrame, http.RequestAborted);
                break;
        }
    }

    /// <summary>The test owns the server; Ctrl-C and the like are not its business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>
    /// A request's place among those in flight. It is left before the last byte goes out: a client that asks again at once must not be
    /// counted twice.
    /// </summary>
    private sealed class Place
    {
        private readonly FakeModelServer _server;
        private bool _left;

        public Place(FakeModelServer server)
        {
            _server = server;
            lock (server._counts)
            {
                server._inFlight++;
                server.PeakInFlight = Math.Max(server.PeakInFlight, server._inFlight);
                Taken = server._accepted < server._maxInFlight;
                server._accepted += Taken ? 1 : 0;
                server.Refused += Taken ? 0 : 1;
            }
        }

        public bool Taken { get; }

        public void Leave(bool completed = false)
        {
            lock (_server._counts)
            {
                if (_left)
                {
                    return;
                }
                _left = true;
                _server._inFlight--;
                _server._accepted -= Taken ? 1 : 0;
                _server.Completed += completed ? 1 : 0;
            }
        }
    }
}
