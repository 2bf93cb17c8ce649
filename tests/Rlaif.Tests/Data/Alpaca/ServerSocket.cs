using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>The server's end of a stream.</summary>
internal sealed class ServerSocket(WebSocket socket, HttpContext http) : IDisposable
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Runs what a test wants; that the client leaves is no error.</summary>
    public async Task RunAsync(Func<Task> script)
    {
        try
        {
            await script();
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or LeftException)
        {
            // There is nobody to talk to.
        }
    }

    /// <summary>Welcomes, checks the keys, and confirms subscriptions, as streams of market data do. Returns what was subscribed to.</summary>
    public async Task<JsonObject> WelcomeAsync()
    {
        await SendAsync("""[{"T":"success","msg":"connected"}]""");
        JsonObject auth = await ReceiveAsync();
        Assert.Equal("auth", (string?)auth["action"]);
        if ((string?)auth["key"] != AlpacaServer.KeyId || (string?)auth["secret"] != AlpacaServer.Secret)
        {
            await SendAsync("""[{"T":"error","code":402,"msg":"auth failed"}]""");
            await LeaveAsync();
        }

        await SendAsync("""[{"T":"success","msg":"authenticated"}]""");
        JsonObject subscribe = await ReceiveAsync();
        Assert.Equal("subscribe", (string?)subscribe["action"]);
        var confirmed = new JsonObject { ["T"] = "subscription" };
        foreach (string channel in (string[])["trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds"])
        {
            confirmed[channel] = subscribe[channel]?.DeepClone() ?? new JsonArray();
        }

        await SendAsync(new JsonArray(confirmed).ToJsonString());
        return subscribe;
    }

    /// <summary>Checks the keys and confirms the subscription, as the stream of trade updates does, in binary frames.</summary>
    public async Task AuthorizeAsync()
    {
        JsonObject auth = await ReceiveAsync();
        bool isKnown = (string?)auth["key"] == AlpacaServer.KeyId && (string?)auth["secret"] == AlpacaServer.Secret;
        string status = isKnown && (string?)auth["action"] == "auth" ? "authorized" : "unauthorized";
        await SendBinaryAsync($$$"""{"stream":"authorization","data":{"status":"{{{status}}}","action":"authenticate"}}""");
        if (status == "unauthorized")
        {
            await LeaveAsync();
        }

        JsonObject listen = await ReceiveAsync();
        Assert.Equal("""{"action":"listen","data":{"streams":["trade_updates"]}}""", listen.ToJsonString());
        await SendBinaryAsync("""{"stream":"listening","data":{"streams":["trade_updates"]}}""");
    }

    public Task SendAsync(string text) => SendAsync(text, WebSocketMessageType.Text);

    public Task SendBinaryAsync(string text) => SendAsync(text, WebSocketMessageType.Binary);

    /// <summary>Sends one message in several frames.</summary>
    public async Task SendInPartsAsync(string text, int parts)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int size = (bytes.Length / parts) + 1;
        for (int i = 0; i < bytes.Length; i += size)
        {
            bool isLast = i + size >= bytes.Length;
            await socket.SendAsync(
                bytes.AsMemory(i, isLast ? bytes.Length - i : size),
                WebSocketMessageType.Text,
                isLast,
                default
            );
        }
    }

    public async Task<JsonObject> ReceiveAsync()
    {
        byte[] buffer = new byte[BufferBytes];
        WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, http.RequestAborted);
        return result.MessageType == WebSocketMessageType.Close
            ? throw new LeftException()
            : JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, result.Count))!.AsObject();
    }

    /// <summary>Waits until the client leaves.</summary>
    public async Task LeaveAsync()
    {
        while (true)
        {
            await ReceiveAsync();
        }
    }

    /// <summary>Says nothing, and does not even answer pings, until the client has gone.</summary>
    public async Task FallSilentAsync()
    {
        var left = new TaskCompletionSource();
        await using (http.RequestAborted.Register(left.SetResult))
        {
            await left.Task;
        }
    }

    /// <summary>Cuts the connection without a farewell.</summary>
    public void Cut() => http.Abort();

    public void Dispose() => socket.Dispose();

    private async Task SendAsync(string text, WebSocketMessageType type) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), type, true, http.RequestAborted);

    private sealed class LeftException : Exception;
}
