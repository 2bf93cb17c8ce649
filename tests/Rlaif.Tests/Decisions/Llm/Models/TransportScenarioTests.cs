using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Tests.Decisions.Llm.Servers;

namespace Rlaif.Tests.Decisions.Llm.Models;

/// <summary>Over HTTP, through the providers' own libraries, against servers that speak the two protocols.</summary>
public sealed class TransportScenarioTests
{
    private const string Key = "sk-proj-PLANTED0123456789abcdefghijKEY";
    private const string Text = "Buy a little, for the trend is up and the risk is small.";

    private static readonly ReplySchema Schema = new(
        "view",
        JsonElement.Parse(
            """{"type":"object","properties":{"score":{"type":"number"}},"required":["score"],"additionalProperties":false}"""
        )
    );

    // Back-offs pass in no time; time-outs (an hour) never come unless a test is about them.
    private readonly VirtualClock _clock = new();

    public static TheoryData<ModelProtocol> Protocols => [ModelProtocol.Anthropic, ModelProtocol.OpenAi];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task AReply_ArrivesWholeWithUsage(ModelProtocol protocol)
    {
        var usage = new TokenUsage(1000, 200, CachedInput: 600, CacheWrite: protocol == ModelProtocol.Anthropic ? 300 : 0);
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Text(Text) with { Usage = usage },
            key: Key
        );
        ChatResponse response = await AskAsync(server, protocol, schema: Schema);
        Assert.Equal(Text, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(1000, response.Usage!.InputTokenCount);
        Assert.Equal(600, response.Usage.CachedInputTokenCount);
        Assert.Equal(200, response.Usage.OutputTokenCount);
        Assert.Equal(usage.CacheWrite, response.Usage.AdditionalCounts?.GetValueOrDefault(OpenAiGaps.CacheWrites) ?? 0);
        ModelServerRequest request = Assert.Single(server.Requests);
        Assert.True(request.Stream);
        Assert.Equal("You decide.", request.System);
        Assert.NotNull(request.Schema);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task WhateverBreaks_TheNextTryStartsOver(ModelProtocol protocol)
    {
        ModelServerReply[] replies =
        [
            ModelServerReply.BrokenStream("Sell everything now", 9),
            ModelServerReply.EndedEarly("Sell everything now", 9),
            ModelServerReply.ErrorInStream("Sell everything now", 9),
            ModelServerReply.MalformedStream("Sell everything now", 9),
            ModelServerReply.Error(529),
            ModelServerReply.Error(500),
            ModelServerReply.Error(429, TimeSpan.FromSeconds(3)),
            ModelServerReply.Text(Text),
        ];
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, r => replies[r.Index], key: Key);
        ChatResponse response = await AskAsync(server, protocol, retries: 7);
        Assert.Equal(Text, response.Text);
        Assert.Equal(8, server.Received);
        Assert.True(_clock.Elapsed >= TimeSpan.FromSeconds(3));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task EveryErrorStatus_BecomesOneExceptionThatSaysWhatToDo(ModelProtocol protocol)
    {
        foreach (int status in new[] { 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529 })
        {
            await using FakeModelServer server = await FakeModelServer.StartAsync(
                protocol,
                _ => ModelServerReply.Error(status),
                key: Key
            );
            var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(server, protocol, retries: 2));
            Assert.Equal(status, e.Status);
            bool again = status is 408 or 409 or 429 or >= 500;
            Assert.Equal(again ? 3 : 1, server.Received);
            Assert.Equal(again ? 3 : 1, e.Tries);
            Assert.Equal(2, e.Message.Split('\n').Length);
            AssertNoKey(e);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task AWrongKey_IsSaidWithoutTheKey(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Text(Text),
            key: "another"
        );
        var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(server, protocol, retries: 2));
        Assert.Equal(ModelFailure.Authentication, e.Kind);
        Assert.Contains("TEST_KEY", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Received);
        AssertNoKey(e);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task AServerThatFallsSilent_IsGivenUp(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Stalled(Text, 10),
            key: Key
        );
        var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(server, protocol, retries: 1, timeout: 20));
        Assert.Equal(ModelFailure.Timeout, e.Kind);
        Assert.Equal(2, e.Tries);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task AServerThatIsGone_IsSaidWithItsAddress(ModelProtocol protocol)
    {
        FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Text(Text), key: Key);
        await server.DisposeAsync();
        var e = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(server, protocol, retries: 1));
        Assert.Equal(ModelFailure.Connection, e.Kind);
        Assert.Contains(server.BaseUrl.Authority, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Endings_AreToldApart(ModelProtocol protocol)
    {
        ModelServerReply[] replies =
        [
            ModelServerReply.Refusal("I cannot help with that."),
            ModelServerReply.Filtered("Half a sen"),
            ModelServerReply.Cut("Too lo"),
            ModelServerReply.ToolCall("returns", """{"days":5}"""),
            ModelServerReply.Empty(),
        ];
        ChatFinishReason[] expected =
        [
            ChatFinishReason.ContentFilter,
            ChatFinishReason.ContentFilter,
            ChatFinishReason.Length,
            ChatFinishReason.ToolCalls,
            ChatFinishReason.Stop,
        ];
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, r => replies[r.Index], key: Key);
        for (int i = 0; i < replies.Length; i++)
        {
            ChatResponse response = await AskAsync(server, protocol);
            Assert.Equal(expected[i], response.FinishReason);
            Assert.Equal(replies[i].Content, response.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task AStormOfRefusals_EndsWithoutAFailureOrAnExceededLimit(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Text(Text),
            latency: TimeSpan.FromMilliseconds(5),
            maxInFlight: 3,
            key: Key
        );
        using ModelRoster roster = Roster(server, protocol, retries: 6, timeout: 3600);
        IChatClient client = roster[ModelRole.Manager].CreateClient();
        Task<ChatResponse[]> all = Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(_ => client.GetResponseAsync("Decide.", cancellationToken: TestContext.Current.CancellationToken))
        );
        ChatResponse[] responses = await _clock.RunAsync(all, TimeSpan.FromMinutes(10));
        Assert.All(responses, r => Assert.Equal(Text, r.Text));
        Assert.Equal(60, server.Completed);
        Assert.InRange(server.PeakInFlight, 1, 8);
        Assert.InRange(server.Refused, 1, 60);
    }

    private static void AssertNoKey(Exception e)
    {
        for (int i = 0; i + 6 <= Key.Length; i++)
        {
            Assert.DoesNotContain(Key.Substring(i, 6), e.ToString(), StringComparison.Ordinal);
        }
    }

    private ModelRoster Roster(FakeModelServer server, ModelProtocol protocol, int retries, double timeout) =>
        ModelRoster.Create(
            new Dictionary<ModelRole, ModelOptions>
            {
                [ModelRole.Manager] = new()
                {
                    Provider = protocol == ModelProtocol.Anthropic ? "claude" : "openai",
                    Model = "test-model",
                    BaseUrl = server.BaseUrl,
                    KeyVariable = "TEST_KEY",
                    Retries = retries,
                    TimeoutSeconds = timeout,
                },
            },
            name => name == "TEST_KEY" ? Key : null,
            ModelTable.Load(),
            _clock
        );

    private async Task<ChatResponse> AskAsync(
        FakeModelServer server,
        ModelProtocol protocol,
        int retries = 0,
        double timeout = 3600,
        ReplySchema? schema = null
    )
    {
        using ModelRoster roster = Roster(server, protocol, retries, timeout);
        ModelSetup setup = roster[ModelRole.Manager];
        var request = new ModelRequest
        {
            Role = ModelRole.Manager,
            Subject = "a test",
            System = "You decide.",
            Messages = [new ChatMessage(ChatRole.User, "Decide.")],
            Schema = schema,
            Temperature = 0.5,
        };
        Task<ChatResponse> asked = setup
            .CreateClient()
            .AskAsync(request.Messages, ChatOptionsFactory.Create(request, setup), null, TestContext.Current.CancellationToken);
        return await _clock.RunAsync(asked, TimeSpan.FromMinutes(10));
    }
}
