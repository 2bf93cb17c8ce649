using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Models;

/// <summary>Through the providers' own libraries, on a network that a test writes.</summary>
public sealed class ResilientChatClientTests
{
    private const string Key = "sk-ant-api03-PLANTED0123456789abcdefghijKEY";

    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(10);

    private readonly VirtualClock _clock = new();

    public static TheoryData<string> Providers => ["claude", "openai"];

    public static TheoryData<string, int, ModelFailure, bool> Statuses
    {
        get
        {
            var rows = new TheoryData<string, int, ModelFailure, bool>();
            foreach (string provider in new[] { "claude", "openai" })
            {
                rows.Add(provider, 301, ModelFailure.NotFound, false);
                rows.Add(provider, 400, ModelFailure.BadRequest, false);
                rows.Add(provider, 401, ModelFailure.Authentication, false);
                rows.Add(provider, 402, ModelFailure.Quota, false);
                rows.Add(provider, 403, ModelFailure.Permission, false);
                rows.Add(provider, 404, ModelFailure.NotFound, false);
                rows.Add(provider, 408, ModelFailure.Timeout, true);
                rows.Add(provider, 409, ModelFailure.Server, true);
                rows.Add(provider, 413, ModelFailure.TooLarge, false);
                rows.Add(provider, 422, ModelFailure.BadRequest, false);
                rows.Add(provider, 429, ModelFailure.RateLimited, true);
                rows.Add(provider, 500, ModelFailure.Server, true);
                rows.Add(provider, 502, ModelFailure.Server, true);
                rows.Add(provider, 503, ModelFailure.Overloaded, true);
                rows.Add(provider, 504, ModelFailure.Server, true);
                rows.Add(provider, 529, ModelFailure.Overloaded, true);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AskAsync_WholeReply_HasTextUsageAndFinish(string provider)
    {
        ScriptedNetwork network = Network(_ => Whole(provider, "Buy low."));
        var told = new List<string>();
        ChatResponse response = await AskAsync(provider, network, textSoFar: new Told(told));
        Assert.Equal("Buy low.", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(15, response.Usage!.InputTokenCount);
        Assert.Equal(5, response.Usage.OutputTokenCount);
        Assert.Equal(3, response.Usage.CachedInputTokenCount);
        Assert.Equal(2, response.Usage.AdditionalCounts![OpenAiGaps.CacheWrites]);
        Assert.Equal("Buy low.", told[^1]);
        Assert.Single(network.Requests);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task AskAsync_ErrorStatus_IsTriedAgainOnlyWhereThatMayHelp(
        string provider,
        int status,
        ModelFailure kind,
        bool again
    )
    {
        ScriptedNetwork network = Network(_ => ScriptedNetwork.Error(status, Body("the provider says why")));
        var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(provider, network, retries: 2));
        Assert.Equal(kind, e.Kind);
        Assert.Equal(status, e.Status);
        Assert.Equal(provider, e.Provider);
        Assert.Equal("test-model", e.Model);
        Assert.Equal(again ? 3 : 1, e.Tries);
        Assert.Equal(again ? 3 : 1, network.Requests.Count);
        Assert.Contains("the provider says why", e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Message.Split('\n').Length, 1, 2);
        Assert.Null(e.InnerException);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AskAsync_FailuresThenReply_HasNothingOfTheFailedTries(string provider)
    {
        string half =
            provider == "claude"
                ? ScriptedNetwork.ClaudeStart() + ScriptedNetwork.ClaudeText("Sell")
                : ScriptedNetwork.OpenAiText("Sell");
        ScriptedNetwork network = Network(n =>
            n switch
            {
                1 => ScriptedNetwork.Stream(half, new IOException("the connection was reset")),
                2 => ScriptedNetwork.Stream(half),
                3 => ScriptedNetwork.Stream("data: {\"id\":\n\n"),
                4 => ScriptedNetwork.Stream(""),
                5 => throw new HttpRequestException("connection refused"),
                _ => Whole(provider, "Buy."),
            }
        );
        ChatResponse response = await AskAsync(provider, network, retries: 5);
        Assert.Equal("Buy.", response.Text);
        Assert.Equal(15, response.Usage!.InputTokenCount);
        Assert.Equal(6, network.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AskAsync_BrokenConnection_SaysSo(string provider)
    {
        ScriptedNetwork network = Network(_ => throw new HttpRequestException("Name or service not known"));
        var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(provider, network, retries: 1));
        Assert.Equal(ModelFailure.Connection, e.Kind);
        Assert.Contains("Name or service not known", e.Message, StringComparison.Ordinal);
        Assert.Contains("(tried 2 times)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AskAsync_CutOrMalformedStream_IsMalformed(string provider)
    {
        foreach (string body in new[] { "", "data: {\"id\":\n\n", "<html>busy</html>", "event: message_start\ndata: [1,2]\n\n" })
        {
            var e = await Assert.ThrowsAsync<ModelCallException>(() =>
                AskAsync(provider, Network(_ => ScriptedNetwork.Stream(body)), retries: 0)
            );
            Assert.Equal(ModelFailure.Malformed, e.Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AskAsync_SilentServer_TimesOutAfterTheIdleTime(string provider)
    {
        string half = provider == "claude" ? ScriptedNetwork.ClaudeStart() : ScriptedNetwork.OpenAiText("Se");
        ScriptedNetwork network = Network(_ => ScriptedNetwork.Stream(half, hanging: true));
        var e = await Assert.ThrowsAsync<ModelCallException>(() =>
            AskAsync(provider, network, timeout: 30, horizon: TimeSpan.FromMinutes(1))
        );
        Assert.Equal(ModelFailure.Timeout, e.Kind);
        Assert.Equal(TimeSpan.FromSeconds(30), _clock.Elapsed);
        Assert.Contains("nothing came for 30 s", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("overloaded_error", ModelFailure.Overloaded, 2)]
    [InlineData("api_error", ModelFailure.Server, 2)]
    [InlineData("rate_limit_error", ModelFailure.RateLimited, 2)]
    [InlineData("invalid_request_error", ModelFailure.BadRequest, 1)]
    [InlineData("something_new", ModelFailure.Server, 2)]
    public async Task AskAsync_ErrorEventInTheStream_IsThatError(string type, ModelFailure kind, int tries)
    {
        string error = ScriptedNetwork.Event(
            "error",
            $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"told in the stream"}}"""
        );
        ScriptedNetwork network = Network(_ => ScriptedNetwork.Stream(ScriptedNetwork.ClaudeStart() + error));
        var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync("claude", network, retries: 1));
        Assert.Equal(kind, e.Kind);
        Assert.Equal(tries, network.Requests.Count);
        Assert.Contains("told in the stream", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retry-after", "7", 7.0)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("retry-after", "Mon, 05 Jan 2026 12:00:20 GMT", 20.0)]
    [InlineData("retry-after", "86400", 300.0)]
    public async Task AskAsync_RetryAfter_IsWaitedFor(string header, string value, double seconds)
    {
        ScriptedNetwork network = Network(n =>
            n == 1 ? ScriptedNetwork.Error(429, Body("slow down"), (header, value)) : Whole("claude", "Done.")
        );
        await AskAsync("claude", network, retries: 1);
        Assert.Equal(TimeSpan.FromSeconds(seconds), _clock.Elapsed);
    }

    [Fact]
    public async Task AskAsync_ProviderForbidsRetry_IsNotTriedAgain()
    {
        ScriptedNetwork network = Network(_ => ScriptedNetwork.Error(500, Body("no"), ("x-should-retry", "false")));
        await Assert.ThrowsAsync<ModelCallException>(() => AskAsync("claude", network, retries: 3));
        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task AskAsync_QuotaIsSpent_IsNotTriedAgain()
    {
        const string body =
            """{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","code":"insufficient_quota"}}""";
        ScriptedNetwork network = Network(_ => ScriptedNetwork.Error(429, body));
        var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync("openai", network, retries: 3));
        Assert.Equal(ModelFailure.Quota, e.Kind);
        Assert.Single(network.Requests);
    }

    [Theory]
    [InlineData("""{"error":{"message":"Too long.","code":"context_length_exceeded"}}""")]
    [InlineData(
        """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"""
    )]
    public async Task AskAsync_PromptTooLong_IsTooLarge(string body)
    {
        var e = await Assert.ThrowsAsync<ModelCallException>(() =>
            AskAsync("openai", Network(_ => ScriptedNetwork.Error(400, body)))
        );
        Assert.Equal(ModelFailure.TooLarge, e.Kind);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("openai")]
    public async Task AskAsync_KeyEchoedByTheProvider_IsNowhereInTheException(string provider)
    {
        string[] echoes =
        [
            $"invalid x-api-key {Key}",
            $"Incorrect API key provided: {Key[..8]}********{Key[^4..]}.",
            $"key '{Key[..12]}...{Key[^4..]}' is disabled",
            $"Authorization: Bearer {Key}",
            $"bad header: {{\"Authorization\":\"Bearer {Key}\"}}",
            $"https://example.com/?api_key={Key}&x=1",
            Key[10..30],
        ];
        foreach (string echo in echoes)
        {
            foreach (string body in new[] { echo, JsonSerializer.Serialize(new { error = new { message = echo } }) })
            {
                var e = await Assert.ThrowsAsync<ModelCallException>(() =>
                    AskAsync(provider, Network(_ => ScriptedNetwork.Error(401, body)), retries: 0)
                );
                AssertNoKey(e.ToString());
            }

            var broken = await Assert.ThrowsAsync<ModelCallException>(() =>
                AskAsync(provider, Network(_ => throw new HttpRequestException(echo)), retries: 0)
            );
            AssertNoKey(broken.ToString());
            string inStream = ScriptedNetwork.Event(
                "error",
                JsonSerializer.Serialize(new { type = "error", error = new { type = "api_error", message = echo } })
            );
            var streamed = await Assert.ThrowsAsync<ModelCallException>(() =>
                AskAsync(provider, Network(_ => ScriptedNetwork.Stream(inStream)), retries: 0)
            );
            AssertNoKey(streamed.ToString());
        }
    }

    [Fact]
    public async Task AskAsync_ServerThatNeverStops_IsCutAsTheLimitWouldHave()
    {
        string endless = string.Concat(Enumerable.Repeat(ScriptedNetwork.OpenAiText(new string('x', 1000)), 200));
        ScriptedNetwork network = Network(_ => ScriptedNetwork.Stream(endless, hanging: true));
        ChatResponse response = await AskAsync("openai", network, maxOutputTokens: 64);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.InRange(response.Text.Length, 64 * 32, (64 * 32) + 1000);
    }

    [Fact]
    public async Task AskAsync_Cancelled_StopsAtOnceAndIsNoFailureOfTheModel()
    {
        using var stop = new CancellationTokenSource();
        ScriptedNetwork network = Network(_ =>
        {
            stop.Cancel();
            return ScriptedNetwork.Stream("", hanging: true);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            AskAsync("claude", network, retries: 3, cancellationToken: stop.Token)
        );
        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task AskAsync_StormOfRefusals_EndsWithoutFailureAndWithoutHammering()
    {
        // For ten seconds each request is refused; then two at a time are served.
        ScriptedNetwork network = Network(_ =>
            _clock.Elapsed < TimeSpan.FromSeconds(10)
                ? ScriptedNetwork.Error(429, Body("slow down"), ("retry-after", "2"))
                : Whole("claude", "Done.")
        );
        using ModelRoster roster = Roster("claude", network, retries: 6);
        IChatClient client = roster[ModelRole.Manager].CreateClient();
        ChatMessage[] messages = [new(ChatRole.User, "hello")];
        Task<ChatResponse[]> all = Task.WhenAll(
            Enumerable
                .Range(0, 24)
                .Select(_ => client.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken))
        );
        ChatResponse[] responses = await _clock.RunAsync(all, Horizon);
        Assert.All(responses, r => Assert.Equal("Done.", r.Text));

        // Eight, then half as many after each pause: 8 + 4 + 2 + 1 + 1 refusals at most.
        Assert.InRange(network.Requests.Count, 24 + 1, 24 + 16);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_FailedTry_BringsTheReplyOnce()
    {
        ScriptedNetwork network = Network(n =>
            n == 1 ? ScriptedNetwork.Stream(ScriptedNetwork.OpenAiText("Half")) : Whole("openai", "Whole.")
        );
        using ModelRoster roster = Roster("openai", network, retries: 1);
        Task<ChatResponse> asked = roster[ModelRole.Manager]
            .CreateClient()
            .GetStreamingResponseAsync(
                [new ChatMessage(ChatRole.User, "hello")],
                cancellationToken: TestContext.Current.CancellationToken
            )
            .ToChatResponseAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Whole.", (await _clock.RunAsync(asked, Horizon)).Text);
    }

    private static string Body(string message) =>
        JsonSerializer.Serialize(new { type = "error", error = new { type = "some_error", message } });

    private static HttpResponseMessage Whole(string provider, string text) =>
        ScriptedNetwork.Stream(provider == "claude" ? ScriptedNetwork.ClaudeReply(text) : ScriptedNetwork.OpenAiReply(text));

    private static ScriptedNetwork Network(Func<int, HttpResponseMessage> answer) => new(answer);

    private static void AssertNoKey(string text)
    {
        for (int i = 0; i + 8 <= Key.Length; i++)
        {
            Assert.DoesNotContain(Key.Substring(i, 8), text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("*", text, StringComparison.Ordinal);
    }

    private ModelRoster Roster(
        string provider,
        ScriptedNetwork network,
        int retries,
        double timeout = 3600,
        int maxOutputTokens = 8000
    ) =>
        ModelRoster.Create(
            new Dictionary<ModelRole, ModelOptions>
            {
                [ModelRole.Manager] = new()
                {
                    Provider = provider,
                    Model = "test-model",
                    Retries = retries,
                    TimeoutSeconds = timeout,
                    MaxOutputTokens = maxOutputTokens,
                },
            },
            _ => Key,
            ModelTable.Load(),
            _clock,
            () => network
        );

    private async Task<ChatResponse> AskAsync(
        string provider,
        ScriptedNetwork network,
        int retries = 0,
        double timeout = 3600,
        int maxOutputTokens = 8000,
        IProgress<string>? textSoFar = null,
        TimeSpan? horizon = null,
        CancellationToken? cancellationToken = null
    )
    {
        using ModelRoster roster = Roster(provider, network, retries, timeout);
        Task<ChatResponse> asked = roster[ModelRole.Manager]
            .CreateClient()
            .AskAsync(
                [new ChatMessage(ChatRole.User, "hello")],
                new ChatOptions { MaxOutputTokens = maxOutputTokens },
                textSoFar,
                cancellationToken ?? TestContext.Current.CancellationToken
            );
        return await _clock.RunAsync(asked, horizon ?? Horizon);
    }

    private sealed class Told(List<string> texts) : IProgress<string>
    {
        public void Report(string value) => texts.Add(value);
    }
}
