using System.Text.Json;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What only Anthropic's protocol or SDK has.</summary>
public sealed class AnthropicSdkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thinking_BeforeAToolCall_IsSentBackWithItsSignature(bool stream)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            r =>
                r.HasToolResults
                    ? ModelServerReply.Text("Done.")
                    : ModelServerReply.ThinkingThen(
                        "Let me look at the last days first.",
                        ModelServerReply.ToolCall("returns", "{}")
                    )
        );
        IChatClient client = ModelClients.Create(server, ModelProtocol.Anthropic);
        List<ChatMessage> messages = [new(ChatRole.User, "How did it do?")];
        ChatResponse asked = await client.AskAsync(stream, messages);
        TextReasoningContent thinking = asked.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Single();
        FunctionCallContent call = asked.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Single();
        messages.AddRange(asked.Messages);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "{}")]));
        await client.AskAsync(stream, messages);

        Assert.Equal(("Let me look at the last days first.", AnthropicWire.Signature), (thinking.Text, thinking.ProtectedData));
        ModelServerMessage back = server.Requests[1].Messages[1];
        Assert.Equal((thinking.Text, AnthropicWire.Signature), (back.Thinking, back.Signature));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refusal_BehindAText_IsAContentFilter(bool stream)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            _ => ModelServerReply.Refusal("I cannot")
        );
        ChatResponse response = await ModelClients.Create(server, ModelProtocol.Anthropic).AskAsync(stream, "Hello");

        Assert.Equal(("I cannot", ChatFinishReason.ContentFilter), (response.Text, response.FinishReason));
        if (!stream)
        {
            Assert.Equal(
                "This request was declined.",
                Assert.IsType<Message>(response.RawRepresentation).StopDetails!.Explanation
            );
        }
    }

    [Fact]
    public async Task Effort_OfTheOptions_IsSentAsAdaptiveThinking()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            _ => ModelServerReply.Text("Hello.")
        );
        var options = new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low } };
        await ModelClients.Create(server, ModelProtocol.Anthropic).GetResponseAsync("Hello", options);

        JsonElement body = server.Requests.Single().Body;
        Assert.Equal("adaptive", body.Get("thinking")!.Value.String("type"));
        Assert.Equal("low", body.Get("output_config")!.Value.String("effort"));
    }

    [Fact]
    public async Task JsonWithoutASchema_IsDroppedByTheSdk()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            _ => ModelServerReply.Text("{}")
        );
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };
        await ModelClients.Create(server, ModelProtocol.Anthropic).GetResponseAsync("Hello", options);

        Assert.Null(server.Requests.Single().Body.Get("output_config"));
    }

    [Fact]
    public async Task Key_OfTheOptions_IsSentAsABearerToken()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            _ => ModelServerReply.Text("Hello.")
        );
        await ModelClients.Create(server, ModelProtocol.Anthropic).GetResponseAsync("Hello");

        Assert.Contains("authorization", server.Requests.Single().HeaderNames);
        Assert.DoesNotContain("x-api-key", server.Requests.Single().HeaderNames);
        Assert.Contains("anthropic-version", server.Requests.Single().HeaderNames);
    }
}
