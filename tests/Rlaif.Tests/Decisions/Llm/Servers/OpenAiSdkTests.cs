using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What only OpenAI's protocol or SDK has.</summary>
public sealed class OpenAiSdkTests
{
    private const string No = "I am sorry, but that is not something I will write about.";

    private static readonly JsonElement Shape = JsonSerializer.Deserialize<JsonElement>(
        """{"type":"object","properties":{"a":{"type":["string","null"],"maxLength":9}},"required":["a"],"additionalProperties":false}"""
    );

    [Fact]
    public async Task Refusal_WithoutStreaming_IsAnErrorContent()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Refusal(No)
        );
        ChatResponse response = await ModelClients.Create(server, ModelProtocol.OpenAi).GetResponseAsync("Hello");

        ErrorContent refusal = response.Messages.SelectMany(m => m.Contents).OfType<ErrorContent>().Single();
        Assert.Equal((No, "Refusal"), (refusal.Message, refusal.ErrorCode));
        Assert.Equal(("", ChatFinishReason.Stop), (response.Text, response.FinishReason));
    }

    [Fact]
    public async Task Refusal_InAStream_IsOnlyInTheRawUpdates()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Refusal(No)
        );
        List<ChatResponseUpdate> updates = await ModelClients
            .Create(server, ModelProtocol.OpenAi)
            .GetStreamingResponseAsync("Hello")
            .ToListAsync();

        Assert.Equal("", updates.ToChatResponse().Text);
        Assert.DoesNotContain(updates.SelectMany(u => u.Contents), c => c is ErrorContent);
        Assert.Equal(
            No,
            string.Concat(updates.Select(u => (u.RawRepresentation as StreamingChatCompletionUpdate)?.RefusalUpdate))
        );
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("strict", true)]
    [InlineData("strictJsonSchema", false)]
    public async Task Schema_IsStrict_OnlyWhereTheOptionsSayStrict(string? property, bool expected)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Text("{}")
        );
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Shape, "shape") };
        if (property is not null)
        {
            options.AdditionalProperties = new AdditionalPropertiesDictionary { [property] = true };
        }
        await ModelClients.Create(server, ModelProtocol.OpenAi).GetResponseAsync("Hello", options);

        JsonElement schema = server.Requests.Single().Body.Get("response_format")!.Value.Get("json_schema")!.Value;
        Assert.Equal(expected, schema.Flag("strict"));
    }

    [Fact]
    public async Task JsonWithoutASchema_IsAskedForAsAnObject()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Text("{}")
        );
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };
        await ModelClients.Create(server, ModelProtocol.OpenAi).GetResponseAsync("Reply in JSON.", options);

        Assert.True(server.Requests.Single().JsonObject);
    }

    [Fact]
    public async Task OutputLimit_IsSentUnderItsNewName()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Text("Hello.")
        );
        IChatClient client = ModelClients.Create(server, ModelProtocol.OpenAi);
        await client.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 77 });

        JsonElement body = server.Requests.Single().Body;
        Assert.Equal(77, body.Number("max_completion_tokens"));
        Assert.Null(body.Get("max_tokens"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReasoningContent_OfCompatibleServers_ArrivesAndIsNotSentBack(bool stream)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.ThinkingThen("Let me think.", ModelServerReply.Text("Done."))
        );
        IChatClient client = ModelClients.Create(server, ModelProtocol.OpenAi);
        List<Microsoft.Extensions.AI.ChatMessage> messages = [new(ChatRole.User, "Hello")];
        ChatResponse response = await client.AskAsync(stream, messages);
        messages.AddRange(response.Messages);
        messages.Add(new(ChatRole.User, "And now?"));
        await client.AskAsync(stream, messages);

        TextReasoningContent thinking = response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Single();
        Assert.Equal(("Let me think.", (string?)null), (thinking.Text, thinking.ProtectedData));
        Assert.Equal("Done.", response.Text);
        Assert.Null(server.Requests[1].Messages[1].Thinking);
    }
}
