using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What the official SDKs make of good replies, and what of a request reaches the server.</summary>
public sealed class SdkReplyTests
{
    private const string LongText =
        "A reply of more than one piece, with “quotes”, an umlaut ü, a line\nbreak and a rocket 🚀 at its end 🚀.";

    private static readonly JsonElement Shape = Parse(
        """
        {"type":"object","properties":{
          "score":{"type":"number","minimum":-1,"maximum":1,"description":"The view."},
          "note":{"type":"string","maxLength":20},
          "ids":{"type":"array","items":{"type":"string"},"minItems":2,"maxItems":3},
          "action":{"type":"string","enum":["buy","hold"]}},
         "required":["score","note","ids","action"],"additionalProperties":false}
        """
    );

    private static readonly AIFunctionDeclaration Returns = AIFunctionFactory.CreateDeclaration(
        "returns",
        "Returns of the last days.",
        Parse("""{"type":"object","properties":{"days":{"type":"integer"}},"required":["days"],"additionalProperties":false}""")
    );

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task Text_OfSeveralPieces_ArrivesWhole(ModelProtocol protocol, bool stream)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Text(LongText));
        ChatResponse response = await ModelClients.Create(server, protocol).AskAsync(stream, "Hello");

        Assert.Equal(LongText, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(1, server.Completed);
        Assert.Equal(stream, server.Requests.Single().Stream);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Stream_OfSeveralPieces_ArrivesInPieces(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Text(LongText));
        List<string> pieces = [];
        await foreach (ChatResponseUpdate update in ModelClients.Create(server, protocol).GetStreamingResponseAsync("Hello"))
        {
            pieces.Add(update.Text);
        }

        Assert.InRange(pieces.Count(p => p.Length > 0), 3, LongText.Length);
        Assert.Equal(LongText, string.Concat(pieces));
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task Request_WithEverything_ReachesTheServer(ModelProtocol protocol, bool stream)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Text("{}"));
        var options = new ChatOptions
        {
            Instructions = "You are careful.",
            ModelId = "another-model",
            MaxOutputTokens = 321,
            Temperature = 0.5f,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(Shape, "shape"),
            Tools = [Returns],
        };
        await ModelClients.Create(server, protocol).AskAsync(stream, "What now?", options);

        ModelServerRequest request = server.Requests.Single();
        Assert.Equal("another-model", request.Model);
        Assert.Equal("You are careful.", request.System);
        Assert.Equal("What now?", request.Question);
        Assert.Equal(["user"], request.Messages.Select(m => m.Role));
        Assert.Equal(321, request.MaxTokens);
        Assert.Equal(("returns", "Returns of the last days."), (request.Tools.Single().Name, request.Tools.Single().Description));
        Assert.Equal("integer", request.Tools.Single().Schema.Get("properties")?.Get("days")?.String("type"));
        Assert.Equal(["score", "note", "ids", "action"], request.Schema!.Value.Items("required").Select(r => r.GetString()!));
        // Anthropic's protocol has no name for a schema, and its SDK drops the temperature without a word.
        bool anthropic = protocol == ModelProtocol.Anthropic;
        Assert.Equal(anthropic ? null : "shape", request.SchemaName);
        Assert.Equal(anthropic ? null : 0.5, request.Temperature);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Protocols), MemberType = typeof(ProtocolData))]
    public async Task Schema_WithRanges_ArrivesWithTheRangesInItsDescriptions(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Text("{}"));
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Shape, "shape") };
        await ModelClients.Create(server, protocol).GetResponseAsync("Hello", options);

        JsonElement properties = server.Requests.Single().Schema!.Value.Get("properties")!.Value;
        JsonElement score = properties.Get("score")!.Value;
        Assert.Null(score.Get("minimum"));
        Assert.StartsWith("The view.", score.String("description"), StringComparison.Ordinal);
        Assert.Contains("minimum: -1", score.String("description"), StringComparison.Ordinal);
        Assert.Contains("maxLength: 20", properties.Get("note")!.Value.String("description"), StringComparison.Ordinal);
        Assert.Contains("maxItems: 3", properties.Get("ids")!.Value.String("description"), StringComparison.Ordinal);
        Assert.Contains("minItems: 2", properties.Get("ids")!.Value.String("description"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task ToolCalls_AndTheirResults_GoThereAndBack(ModelProtocol protocol, bool stream)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            r =>
                r.HasToolResults
                    ? ModelServerReply.Text("Done.")
                    : ModelServerReply.ToolCalls(("returns", """{"days":5}"""), ("returns", """{"days":20}"""))
        );
        IChatClient client = ModelClients.Create(server, protocol);
        var options = new ChatOptions { Tools = [Returns] };
        List<ChatMessage> messages = [new(ChatRole.User, "How did it do?")];
        ChatResponse asked = await client.AskAsync(stream, messages, options);
        FunctionCallContent[] calls = [.. asked.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
        messages.AddRange(asked.Messages);
        messages.Add(
            new ChatMessage(ChatRole.Tool, [.. calls.Select(c => new FunctionResultContent(c.CallId, $"result of {c.CallId}"))])
        );
        ChatResponse answered = await client.AskAsync(stream, messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        Assert.Equal(["5", "20"], calls.Select(c => $"{c.Arguments!["days"]}"));
        Assert.Equal("Done.", answered.Text);
        ModelServerRequest second = server.Requests[1];
        Assert.Equal(["user", "assistant", "tool"], second.Messages.Select(m => m.Role));
        Assert.Equal(calls.Select(c => c.CallId), second.Messages[1].ToolCalls.Select(c => c.Id));
        Assert.Equal(20, Parse(second.Messages[1].ToolCalls[1].Arguments).Number("days"));
        Assert.Equal(
            calls.Select(c => (c.CallId, $"result of {c.CallId}")),
            second.Messages[2].ToolResults.Select(r => (r.CallId, r.Text))
        );
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task Usage_WithCache_CountsCachedTokensAsInput(ModelProtocol protocol, bool stream)
    {
        ModelServerReply reply = ModelServerReply.Text("Hello.") with
        {
            Usage = new TokenUsage(1000, 200, CachedInput: 600, CacheWrite: 100),
            ReasoningTokens = 50,
        };
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, _ => reply);
        UsageDetails usage = (await ModelClients.Create(server, protocol).AskAsync(stream, "Hello")).Usage!;

        Assert.Equal((1000, 200, 1200), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
        Assert.Equal((600, 50), (usage.CachedInputTokenCount, usage.ReasoningTokenCount));
        if (protocol == ModelProtocol.Anthropic)
        {
            Assert.Equal(100, usage.AdditionalCounts!["CacheCreationInputTokens"]);
        }
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task Reply_ThatIsEmptyOrCut_SaysSoByItsFinish(ModelProtocol protocol, bool stream)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            protocol,
            r =>
                r.Question switch
                {
                    "empty" => ModelServerReply.Empty(),
                    "cut" => ModelServerReply.Cut("""{"score": 0."""),
                    _ => ModelServerReply.Filtered("I can"),
                }
        );
        IChatClient client = ModelClients.Create(server, protocol);
        ChatResponse empty = await client.AskAsync(stream, "empty");
        ChatResponse cut = await client.AskAsync(stream, "cut");
        ChatResponse filtered = await client.AskAsync(stream, "filtered");

        Assert.Equal(("", ChatFinishReason.Stop), (empty.Text, empty.FinishReason));
        Assert.Equal(("""{"score": 0.""", ChatFinishReason.Length), (cut.Text, cut.FinishReason));
        Assert.Equal(("I can", ChatFinishReason.ContentFilter), (filtered.Text, filtered.FinishReason));
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
