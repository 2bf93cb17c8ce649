using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Rlaif.Tests.Decisions.Llm.Calls;

public sealed class ReplyStreamTests
{
    public static TheoryData<string?, bool, ReplyEnd> Ends =>
        new()
        {
            { "stop", false, ReplyEnd.Stop },
            { "stop", true, ReplyEnd.ToolCalls },
            { "tool_calls", true, ReplyEnd.ToolCalls },
            { "length", false, ReplyEnd.Length },
            { "length", true, ReplyEnd.Length },
            { "content_filter", false, ReplyEnd.Refusal },
            { "something new", false, ReplyEnd.Other },
            { null, false, ReplyEnd.Other },
        };

    [Theory]
    [MemberData(nameof(Ends))]
    public void End_FinishReason_IsMapped(string? reason, bool calls, ReplyEnd expected)
    {
        AIContent[] contents = calls ? [new FunctionCallContent("1", "f")] : [new TextContent("x")];
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            FinishReason = reason is null ? null : new ChatFinishReason(reason),
        };
        Assert.Equal(expected, ReplyStream.End(response));
    }

    [Theory]
    [InlineData("Refusal", ReplyEnd.Refusal)]
    [InlineData("overloaded", ReplyEnd.Other)]
    public void End_ErrorContent_IsARefusalOrSomethingElse(string code, ReplyEnd expected)
    {
        var error = new ErrorContent("I can't help with that.") { ErrorCode = code };
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [error])) { FinishReason = ChatFinishReason.Stop };
        Assert.Equal(expected, ReplyStream.End(response));
    }

    [Fact]
    public async Task ReadAsync_RefusalStreamedByOpenAi_IsARefusalWithItsWords()
    {
        var client = new StreamedChatClient((_, _) => Refusing("I can't ", "help."));
        var received = new List<ChatResponseUpdate>();
        ChatResponse response = await ReplyStream.ReadAsync(
            client,
            [],
            new ChatOptions(),
            received,
            null,
            null,
            CancellationToken.None
        );
        Assert.Equal(ReplyEnd.Refusal, ReplyStream.End(response));
        Assert.Equal("I can't help.", ReplyContents.Restore(ReplyContents.Keep(response)).Text);
    }

    [Fact]
    public void Usage_CacheFields_AreTaken() =>
        Assert.Equal(new TokenUsage(1_000, 200, 600, 100), ReplyStream.Usage(CallFixture.ToolReply().Usage));

    [Fact]
    public void Usage_None_IsZero() => Assert.Equal(default, ReplyStream.Usage(null));

    [Fact]
    public void Usage_AbsurdCounts_AreBounded()
    {
        var usage = new UsageDetails
        {
            InputTokenCount = 10,
            OutputTokenCount = long.MaxValue,
            CachedInputTokenCount = 20,
            AdditionalCounts = new AdditionalPropertiesDictionary<long> { ["CacheCreationInputTokens"] = -5 },
        };
        Assert.Equal(new TokenUsage(10, 1_000_000_000, 10, 0), ReplyStream.Usage(usage));
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Refusing(params string[] parts)
    {
        foreach (string part in parts)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, [])
            {
                MessageId = "1",
                RawRepresentation = ModelReaderWriter.Read<StreamingChatCompletionUpdate>(
                    BinaryData.FromString(
                        $$$"""{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"refusal":"{{{part}}}"}}]}"""
                    )
                ),
            };
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { MessageId = "1", FinishReason = ChatFinishReason.Stop };
    }
}
