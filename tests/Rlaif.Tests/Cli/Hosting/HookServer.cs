using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rlaif.Tests.Cli.Hosting;

/// <summary>Takes what is posted to it on this machine, and answers what a test wants.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Post> _posts = new();

    private HookServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    internal sealed record Post(string Method, string Path, string Body, byte[] Bytes)
    {
        public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
    }

    public string BaseUrl { get; private set; } = "";

    public IReadOnlyList<Post> Posts => [.. _posts];

    /// <summary>Sets status and headers; the number counts from 1.</summary>
    public Action<int, HttpResponse> Answer { get; set; } = (_, _) => { };

    public static async Task<HookServer> StartAsync()
    {
        var server = new HookServer();
        await server._app.StartAsync();
        server.BaseUrl = ((IApplicationBuilder)server._app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    public Uri At(string path) => new(BaseUrl + path);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _posts.Enqueue(new Post(http.Request.Method, http.Request.Path, Encoding.UTF8.GetString(body.ToArray()), body.ToArray()));
        Answer(_posts.Count, http.Response);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
