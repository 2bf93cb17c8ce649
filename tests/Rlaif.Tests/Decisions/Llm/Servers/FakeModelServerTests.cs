using System.Net;
using System.Text;
using System.Text.Json;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>The local servers themselves, over plain HTTP: what they check, what they count, what they send.</summary>
public sealed class FakeModelServerTests
{
    private const string Good = """{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"Hello"}]}""";

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Request_WithoutTheKey_IsRefusedAndNotCounted(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Text("Hello."));
        (HttpStatusCode wrong, _) = await PostAsync(server, protocol, Good, key: "test-other");
        (HttpStatusCode none, _) = await PostAsync(server, protocol, Good, key: null);
        (HttpStatusCode right, _) = await PostAsync(server, protocol, Good);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (wrong, none, right));
        Assert.Equal((3, 1, 1), (server.Received, server.Requests.Count, server.Completed));
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Request_WithoutAKey_IsServedWhereNoneIsAskedFor(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Text("Hello."),
            key: null
        );

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, protocol, Good, key: null)).Status);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Request_OfAnotherPathOrMethod_IsNotFound(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Text("Hello."));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer test-key");

        using HttpResponseMessage path = await http.PostAsync(new Uri(server.BaseUrl, "/v1/other"), new StringContent(Good));
        using HttpResponseMessage method = await http.GetAsync(Url(server, protocol));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (path.StatusCode, method.StatusCode));
    }

    [Theory]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":"x"}]}""", "model: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", "max_tokens: Field required")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[]}""", "at least one message")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"system","content":"x"}]}""", "Unexpected role")]
    [InlineData("""{"model":"m","max_tokens":1,"temperature":1.5,"messages":[{"role":"user","content":"x"}]}""", "temperature")]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""",
        "non-empty"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"n","input":{}}]},{"role":"user","content":"x"}]}""",
        "`tool_use` ids were found without `tool_result` blocks immediately after: t1"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t9","content":"x"}]}]}""",
        "unexpected `tool_use_id` found in `tool_result` blocks: t9"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"number","minimum":0,"maximum":1}},"required":["a"],"additionalProperties":false}}}}""",
        "For 'number' type, properties maximum, minimum are not supported"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{}}}}}""",
        "'additionalProperties' must be explicitly set to false"
    )]
    [InlineData("not json", "not valid JSON")]
    public async Task Anthropic_BadBody_IsRefusedInItsWords(string body, string message)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            _ => ModelServerReply.Empty()
        );
        (HttpStatusCode status, string text) = await PostAsync(server, ModelProtocol.Anthropic, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        JsonElement error = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal("error", error.String("type"));
        Assert.Equal("invalid_request_error", error.Get("error")!.Value.String("type"));
        Assert.Contains(message, error.Get("error")!.Value.String("message"), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model", "you must provide a model parameter")]
    [InlineData("""{"model":"m"}""", "messages", "Missing required parameter")]
    [InlineData("""{"model":"m","messages":[]}""", "messages", "empty array")]
    [InlineData("""{"model":"m","messages":[{"role":"boss","content":"x"}]}""", "messages.[0].role", "Invalid value: 'boss'")]
    [InlineData(
        """{"model":"m","messages":[{"role":"tool","tool_call_id":"c1","content":"x"}]}""",
        "messages.[0].role",
        "'tool_calls'"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"n","arguments":"{}"}}]},{"role":"user","content":"x"}]}""",
        "messages.[1].role",
        "did not have response messages: c1"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}""",
        "stream_options",
        "only allowed when 'stream'"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"}}""",
        "messages",
        "must contain the word 'json'"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}}}}""",
        "response_format",
        "Missing 'a'"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string","maxLength":5}},"required":["a"],"additionalProperties":false}}}}""",
        "response_format",
        "'maxLength' is not permitted"
    )]
    public async Task OpenAi_BadBody_IsRefusedInItsWords(string body, string parameter, string message)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Empty()
        );
        (HttpStatusCode status, string text) = await PostAsync(server, ModelProtocol.OpenAi, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        JsonElement error = JsonSerializer.Deserialize<JsonElement>(text).Get("error")!.Value;
        Assert.Equal(("invalid_request_error", parameter), (error.String("type"), error.String("param")));
        Assert.Contains(message, error.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anthropic_Stream_HasTheDocumentedEventsInOrder()
    {
        ModelServerReply reply = ModelServerReply.ThinkingThen("Hm.", ModelServerReply.Text("Hello."));
        await using FakeModelServer server = await FakeModelServer.StartAsync(ModelProtocol.Anthropic, _ => reply);
        (_, string text) = await PostAsync(
            server,
            ModelProtocol.Anthropic,
            Good.Replace("\"model\"", "\"stream\":true,\"model\"")
        );

        string[] events = [.. text.Split('\n').Where(l => l.StartsWith("event: ", StringComparison.Ordinal)).Select(l => l[7..])];
        Assert.Equal(
            [
                "message_start",
                "content_block_start",
                "ping",
                "content_block_delta",
                "content_block_delta",
                "content_block_stop",
                "content_block_start",
                "content_block_delta",
                "content_block_stop",
                "message_delta",
                "message_stop",
            ],
            events
        );
        string[] deltas = ["thinking_delta", "signature_delta", "text_delta"];
        Assert.All(deltas, d => Assert.Contains($"\"type\":\"{d}\"", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(",\"stream_options\":{\"include_usage\":true}", 1)]
    public async Task OpenAi_Stream_EndsWithDoneAndHasUsageOnlyOnRequest(string options, int usages)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Text("Hello.")
        );
        (_, string text) = await PostAsync(
            server,
            ModelProtocol.OpenAi,
            Good.Replace("\"max_tokens\":10", $"\"stream\":true{options}")
        );

        string[] data = [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(d => d["data: ".Length..])];
        Assert.Equal("[DONE]", data[^1]);
        JsonElement[] chunks = [.. data[..^1].Select(d => JsonSerializer.Deserialize<JsonElement>(d))];
        Assert.All(chunks, c => Assert.Equal("chat.completion.chunk", c.String("object")));
        Assert.Equal(usages, chunks.Count(c => c.Get("usage") is not null));
        Assert.Equal(usages, chunks.Count(c => !c.Items("choices").Any()));
        Assert.Equal("stop", chunks.SelectMany(c => c.Items("choices")).Last().String("finish_reason"));
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Requests_BeyondTheLimit_AreRefusedWhileOthersAreInFlight(ModelProtocol protocol)
    {
        using var release = new ManualResetEventSlim();
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ =>
            {
                release.Wait();
                return ModelServerReply.Text("Hello.");
            },
            maxInFlight: 2
        );
        List<Task<(HttpStatusCode Status, string Body)>> calls =
        [
            .. Enumerable.Range(0, 5).Select(_ => PostAsync(server, protocol, Good)),
        ];
        var refused = new List<HttpStatusCode>();
        for (int i = 0; i < 3; i++)
        {
            Task<(HttpStatusCode Status, string Body)> done = await Task.WhenAny(calls);
            calls.Remove(done);
            refused.Add((await done).Status);
        }
        release.Set();
        (HttpStatusCode Status, string Body)[] served = await Task.WhenAll(calls);

        Assert.All(refused, s => Assert.Equal(HttpStatusCode.TooManyRequests, s));
        Assert.All(served, s => Assert.Equal(HttpStatusCode.OK, s.Status));
        Assert.Equal((2, 3, 5), (server.Completed, server.Refused, server.Requests.Count));
        Assert.InRange(server.PeakInFlight, 3, 5);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Client_ThatAsksOneByOne_IsNeverCountedTwice(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Text("Hello."),
            maxInFlight: 1
        );
        for (int i = 0; i < 50; i++)
        {
            string body = i % 2 == 0 ? Good : Good.Replace("\"model\"", "\"stream\":true,\"model\"");
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, protocol, body)).Status);
            Assert.Equal(i + 1, server.Completed);
        }
        Assert.Equal((1, 0), (server.PeakInFlight, server.Refused));
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Headers_OfEveryResponse_AreTheDocumentedOnes(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Error(429, TimeSpan.FromMilliseconds(1500))
        );
        using var http = new HttpClient();
        using HttpRequestMessage request = Request(server, protocol, Good, "test-key");
        using HttpResponseMessage response = await http.SendAsync(request);

        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        string[] names =
            protocol == ModelProtocol.Anthropic
                ? ["request-id", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-tokens-reset"]
                : ["x-request-id", "x-ratelimit-remaining-requests", "x-ratelimit-reset-tokens", "retry-after-ms"];
        Assert.All(names, n => Assert.True(response.Headers.Contains(n), n));
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(
        FakeModelServer server,
        ModelProtocol protocol,
        string body,
        string? key = "test-key"
    )
    {
        using var http = new HttpClient();
        using HttpRequestMessage request = Request(server, protocol, body, key);
        using HttpResponseMessage response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Request(FakeModelServer server, ModelProtocol protocol, string body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url(server, protocol))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("anthropic-version", "2023-06-01");
        if (key is not null && protocol == ModelProtocol.Anthropic)
        {
            request.Headers.Add("x-api-key", key);
        }
        else if (key is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {key}");
        }
        return request;
    }

    private static Uri Url(FakeModelServer server, ModelProtocol protocol) =>
        new(server.BaseUrl, protocol == ModelProtocol.Anthropic ? "/v1/messages" : "/v1/chat/completions");
}
