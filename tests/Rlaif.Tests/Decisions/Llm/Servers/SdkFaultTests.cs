using System.Text.Json;
using Anthropic.Exceptions;
using Microsoft.Extensions.AI;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What the official SDKs do when something goes wrong in the middle of a reply.</summary>
public sealed class SdkFaultTests
{
    private const string Text = "This reply is long enough that its end never comes: it is cut off in the middle of a sentence.";
    private const int After = 40;

    private static readonly string Begun = Text[..After];

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Connection_CutInMidStream_ThrowsBehindWhatWasSaid(ModelProtocol protocol)
    {
        (string text, Exception? thrown, _) = await ReadAsync(protocol, ModelServerReply.BrokenStream(Text, After));

        Assert.Equal(Begun, text);
        Assert.Equal(HttpRequestError.ResponseEnded, Assert.IsType<HttpIOException>(thrown).HttpRequestError);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Connection_CutInMidBody_Throws(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.BrokenStream(Text, After)
        );
        IChatClient client = ModelClients.Create(server, protocol);

        await Assert.ThrowsAsync<HttpIOException>(() => client.GetResponseAsync("Hello"));
        Assert.Equal(0, server.Completed);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Stream_ThatEndsEarlyInGoodOrder_HasNoFinish(ModelProtocol protocol)
    {
        (string text, Exception? thrown, ChatFinishReason? finish) = await ReadAsync(
            protocol,
            ModelServerReply.EndedEarly(Text, After)
        );

        Assert.Equal(Begun, text);
        Assert.Null(thrown);
        Assert.Null(finish);
    }

    [Fact]
    public async Task Anthropic_ErrorEvent_ThrowsWithItsType()
    {
        (string text, Exception? thrown, _) = await ReadAsync(
            ModelProtocol.Anthropic,
            ModelServerReply.ErrorInStream(Text, After)
        );

        Assert.Equal(Begun, text);
        var exception = Assert.IsType<AnthropicSseException>(thrown);
        Assert.Contains("overloaded_error", exception.Message, StringComparison.Ordinal);
        Assert.Equal("Overloaded", exception.ApiMessage);
    }

    [Fact]
    public async Task OpenAi_ErrorEvent_IsSwallowedAndLeavesNoFinish()
    {
        (string text, Exception? thrown, ChatFinishReason? finish) = await ReadAsync(
            ModelProtocol.OpenAi,
            ModelServerReply.ErrorInStream(Text, After, 500)
        );

        Assert.Equal(Begun, text);
        Assert.Null(thrown);
        Assert.Null(finish);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Data_ThatIsNotJson_Throws(ModelProtocol protocol)
    {
        (string text, Exception? thrown, _) = await ReadAsync(protocol, ModelServerReply.MalformedStream(Text, After));

        Assert.Equal(Begun, text);
        Exception? parser =
            protocol == ModelProtocol.Anthropic ? Assert.IsType<AnthropicInvalidDataException>(thrown).InnerException : thrown;
        Assert.IsAssignableFrom<JsonException>(parser);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Body_ThatIsNotJson_Throws(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.MalformedStream());
        IChatClient client = ModelClients.Create(server, protocol);

        await Assert.ThrowsAnyAsync<JsonException>(() => client.GetResponseAsync("Hello"));
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Server_ThatFallsSilent_IsLeftByCancellation(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            _ => ModelServerReply.Stalled(Text, After)
        );
        using var leave = new CancellationTokenSource();
        string text = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            IChatClient client = ModelClients.Create(server, protocol);
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("Hello", null, leave.Token))
            {
                text += update.Text;
                if (text.Length == After)
                {
                    await leave.CancelAsync();
                }
            }
        });

        Assert.Equal(Begun, text);
        Assert.Equal(0, server.Completed);
    }

    private static async Task<(string Text, Exception? Thrown, ChatFinishReason? Finish)> ReadAsync(
        ModelProtocol protocol,
        ModelServerReply reply
    )
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => reply);
        string text = "";
        ChatFinishReason? finish = null;
        Exception? thrown = await Record.ExceptionAsync(async () =>
        {
            await foreach (ChatResponseUpdate update in ModelClients.Create(server, protocol).GetStreamingResponseAsync("Hello"))
            {
                text += update.Text;
                finish = update.FinishReason ?? finish;
            }
        });
        return (text, thrown, finish);
    }
}
