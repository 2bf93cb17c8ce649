using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Rlaif.Tests.Decisions.Llm.Models;

/// <summary>What a provider's client is connected to in place of a network: each request is answered by what a test writes.</summary>
internal sealed class ScriptedNetwork(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly ConcurrentQueue<(Uri Address, HttpRequestHeaders Headers, string Body)> _requests = new();
    private int _count;

    public IReadOnlyList<(Uri Address, HttpRequestHeaders Headers, string Body)> Requests => [.. _requests];

    public bool Disposed { get; private set; }

    /// <summary>A whole streamed reply of Anthropic's API.</summary>
    public static string ClaudeReply(string text = "Hello there.") => ClaudeStart() + ClaudeText(text) + ClaudeEnd;

    public static string ClaudeStart() =>
        Event(
            "message_start",
            """
            {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-test","content":[],
            "stop_reason":null,"stop_sequence":null,
            "usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":1}}}
            """
        )
        + Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");

    public static string ClaudeText(string text) =>
        Event(
            "content_block_delta",
            $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}"""
        );

    public static string ClaudeEnd { get; } =
        Event("content_block_stop", """{"type":"content_block_stop","index":0}""")
        + Event(
            "message_delta",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}"""
        )
        + Event("message_stop", """{"type":"message_stop"}""");

    /// <summary>A whole streamed reply of OpenAI's API.</summary>
    public static string OpenAiReply(string text = "Hello there.") => OpenAiText(text) + OpenAiEnd;

    public static string OpenAiText(string text) =>
        Chunk($$$"""[{"index":0,"delta":{"role":"assistant","content":"{{{text}}}"},"finish_reason":null}]""");

    public static string OpenAiEnd { get; } =
        Chunk("""[{"index":0,"delta":{},"finish_reason":"stop"}]""")
        + Chunk(
            "[]",
            """
            {"prompt_tokens":15,"completion_tokens":5,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2}}
            """
        )
        + "data: [DONE]\n\n";

    public static string Event(string name, string json) => $"event: {name}\ndata: {json.ReplaceLineEndings("")}\n\n";

    /// <summary>A reply as a stream of events, which may break or stay silent after its end; <paramref name="silent"/> is told 1 when somebody waits in vain, and -1 when he gave up.</summary>
    public static HttpResponseMessage Stream(
        string body,
        Exception? brokenAfter = null,
        bool hanging = false,
        Action<int>? silent = null
    )
    {
        var content = new StreamContent(new ScriptedStream(Encoding.UTF8.GetBytes(body), brokenAfter, hanging, silent));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    public static HttpResponseMessage Error(int status, string body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach ((string name, string value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _requests.Enqueue((request.RequestUri!, request.Headers, body));
        return answer(Interlocked.Increment(ref _count));
    }

    protected override void Dispose(bool disposing)
    {
        Disposed = true;
        base.Dispose(disposing);
    }

    private static string Chunk(string choices, string usage = "null") =>
        $$$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"test","choices":{{{choices}}},"usage":{{{usage.ReplaceLineEndings("")}}}}"""
        + "\n\n";

    // Gives what it has, and then ends, breaks or stays silent.
    private sealed class ScriptedStream(byte[] bytes, Exception? brokenAfter, bool hanging, Action<int>? silent)
        : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0 && brokenAfter is not null)
            {
                throw brokenAfter;
            }

            if (read == 0 && hanging)
            {
                silent?.Invoke(1);
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    silent?.Invoke(-1);
                }
            }

            return read;
        }
    }
}
