using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Rlaif.Benchmarks;

/// <summary>A server on this machine that speaks as much of Anthropic's Messages API as a streamed reply takes, each after the same time.</summary>
internal sealed class LatencyServer : IDisposable
{
    private const string Report =
        """{"reasoning":["The evidence is thin [F1]."],"analysis":"A view.","evidence":["F1"],"score":0.2,"confidence":0.5}""";

    private const string Turn = """{"statement":"The point stands on one fact.","score":0.1,"confidence":0.5}""";

    private readonly HttpListener _listener = new();
    private readonly TimeSpan _latency;
    private readonly Lock _gate = new();
    private int _inFlight;

    public LatencyServer(TimeSpan latency)
    {
        _latency = latency;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>Calls answered.</summary>
    public int Calls { get; private set; }

    /// <summary>Most calls that were in the server's hands at once.</summary>
    public int PeakInFlight { get; private set; }

    /// <summary>Forgets what was counted.</summary>
    public void Reset() => (Calls, PeakInFlight) = (0, 0);

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext http = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(http));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The server was closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext http)
    {
        lock (_gate)
        {
            PeakInFlight = Math.Max(PeakInFlight, ++_inFlight);
        }

        using var reader = new StreamReader(http.Request.InputStream, Encoding.UTF8);
        string body = await reader.ReadToEndAsync();
        await Task.Delay(_latency);
        byte[] stream = Encoding.UTF8.GetBytes(Stream(Reply(body)));
        http.Response.ContentType = "text/event-stream";
        http.Response.ContentLength64 = stream.Length;
        lock (_gate)
        {
            // Before the last byte: who asks again at once is not counted twice.
            _inFlight--;
            Calls++;
        }

        await http.Response.OutputStream.WriteAsync(stream);
        http.Response.Close();
    }

    // Quotation marks in prompts are escaped, so these names are those of the schema.
    private static string Reply(string body)
    {
        if (!body.Contains("\"main_risk\"", StringComparison.Ordinal))
        {
            return body.Contains("\"statement\"", StringComparison.Ordinal) ? Turn : Report;
        }

        bool isSale =
            body.Contains("argue for \\\"sell\\\"", StringComparison.Ordinal)
            || body.Contains("argue for \\u0022sell\\u0022", StringComparison.Ordinal);
        string evidence = Enumerable
            .Range(1, 9)
            .Select(i => $"F{i}")
            .First(f => !body.Contains($"Disregard [{f}", StringComparison.Ordinal));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"reasoning":["The reports are of two minds."],"analysis":"A small position.","evidence":["{{evidence}}"],"main_risk":"It reverses.","score":{{(isSale ? -0.3 : 0.3)}},"confidence":0.6,"action":"{{(isSale ? "sell" : "buy")}}","position_size":0.03}"""
        );
    }

    private static string Stream(string text)
    {
        string[] events =
        [
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"bench","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1000,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            $$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{JsonSerializer.Serialize(text)}} } }""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":200}}""",
            """{"type":"message_stop"}""",
        ];
        var stream = new StringBuilder();
        foreach (string data in events)
        {
            using JsonDocument json = JsonDocument.Parse(data);
            stream.Append(
                CultureInfo.InvariantCulture,
                $"event: {json.RootElement.GetProperty("type").GetString()}\ndata: {data}\n\n"
            );
        }

        return stream.ToString();
    }
}
