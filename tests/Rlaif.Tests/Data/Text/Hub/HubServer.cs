using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rlaif.Tests.Data.Text.Hub;

/// <summary>
/// A hub on this machine that serves the files of folders at <c>/OWNER/NAME/resolve/main/FILE</c>, with tags, ranges and conditions, as a real one
/// does, unless a test answers in its place.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _requests = new();

    private HubServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<SocketTransportOptions>(NetworkHands.HoldNothingBack);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public string BaseUrl { get; private set; } = "";

    /// <summary>What there is, by path.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers in place of the hub; false lets the hub answer.</summary>
    public Func<Asked, HttpContext, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Whether large files are said to be elsewhere, in a reply that names their size and hash, as Hugging Face does.</summary>
    public bool Redirects { get; set; }

    public IReadOnlyList<Asked> Requests => [.. _requests];

    public static async Task<HubServer> StartAsync(string repository, string folder)
    {
        var server = new HubServer();
        server.Put(repository, folder);
        await server._app.StartAsync();
        server.BaseUrl = ((IApplicationBuilder)server._app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    public void Put(string repository, string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            Files[$"/{repository}/resolve/main/{name}"] = File.ReadAllBytes(file);
        }
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>Sends the beginning of a file from where it was asked for, and cuts the connection.</summary>
    public async Task SendAndCutAsync(Asked asked, HttpContext http, int bytes)
    {
        (int from, byte[] content) = Begin(asked, http);
        await http.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(bytes, content.Length - from)));
        await http.Response.Body.FlushAsync();
        http.Abort();
    }

    private async Task HandleAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        var asked = new Asked(
            _requests.Count + 1,
            request.Path.Value!,
            request.GetTypedHeaders().Range?.Ranges.Single().From is { } from ? (int)from : null,
            request.Headers.IfRange.ToString(),
            request.Headers.IfNoneMatch.ToString()
        );
        _requests.Enqueue(asked);
        if (await Instead(asked, http))
        {
            return;
        }

        bool isElsewhere = asked.Path.StartsWith("/elsewhere", StringComparison.Ordinal);
        if (!Files.TryGetValue(asked.File, out byte[]? content))
        {
            http.Response.StatusCode = 404;
        }
        else if (Redirects && !isElsewhere)
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = $"/elsewhere{asked.Path}";
            http.Response.Headers["X-Linked-ETag"] = $"\"{Sha256(content)}\"";
            http.Response.Headers["X-Linked-Size"] = $"{content.Length}";
        }
        else if (asked.IfNoneMatch == Tag(content))
        {
            http.Response.StatusCode = 304;
            http.Response.Headers.ETag = Tag(content);
        }
        else
        {
            (int start, _) = Begin(asked, http);
            await http.Response.Body.WriteAsync(content.AsMemory(start));
        }
    }

    private (int From, byte[] Content) Begin(Asked asked, HttpContext http)
    {
        byte[] content = Files[asked.File];
        http.Response.Headers.ETag = Tag(content);
        int from = asked.From is { } start && asked.IfRange == Tag(content) ? start : 0;
        if (from > 0)
        {
            http.Response.StatusCode = 206;
            http.Response.Headers.ContentRange = new ContentRangeHeaderValue(from, content.Length - 1, content.Length).ToString();
        }

        http.Response.ContentLength = content.Length - from;
        return (from, content);
    }

    // Like that of a plain file server: it stands for the bytes and is no SHA-256.
    private static string Tag(byte[] content) => $"\"{Sha256(content)[..20]}\"";

    /// <summary>A request.</summary>
    internal sealed record Asked(int Number, string Path, int? From, string IfRange, string IfNoneMatch)
    {
        public string File => Path.Replace("/elsewhere", "", StringComparison.Ordinal);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
