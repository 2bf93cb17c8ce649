using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Calls;

public sealed class CallFingerprintTests
{
    public static TheoryData<string, ModelRequest, ModelSetup> Different =>
        new()
        {
            { "provider", Request(), Setup(CallFixture.Options with { Provider = "openai" }) },
            { "model", Request(), Setup(CallFixture.Options with { Model = "other" }) },
            { "max output", Request(), Setup(CallFixture.Options with { MaxOutputTokens = 1_001 }) },
            { "effort", Request(), Setup(CallFixture.Options with { Effort = "low" }) },
            { "schema mode", Request(), Setup(CallFixture.Options with { Schema = SchemaSupport.Prompt }) },
            { "temperature", Request() with { Temperature = 0.8 }, Setup() },
            { "no temperature", Request() with { Temperature = null }, Setup() },
            { "system", Request() with { System = "You decide!" }, Setup() },
            { "sample", Request() with { Sample = 1 }, Setup() },
            { "schema name", Request() with { Schema = CallFixture.Schema with { Name = "other" } }, Setup() },
            { "schema", Request() with { Schema = CallFixture.Schema with { Schema = JsonElement.Parse("{}") } }, Setup() },
            { "no schema", Request() with { Schema = null }, Setup() },
            { "tool name", Request() with { Tools = [CallFixture.Tool("other")] }, Setup() },
            { "tool description", Request() with { Tools = [CallFixture.Tool(description: "other")] }, Setup() },
            { "no tool", Request() with { Tools = [] }, Setup() },
            { "text", Request(text: "What then?"), Setup() },
            { "role of message", Request() with { Messages = [new ChatMessage(ChatRole.System, "What now?")] }, Setup() },
            {
                "one message more",
                Request() with
                {
                    Messages = [.. Request().Messages, new ChatMessage(ChatRole.User, "")],
                },
                Setup()
            },
            { "reasoning", WithContents(new TextReasoningContent("Hm!")), Setup() },
            { "argument", Called("c1", days: 21), Setup() },
            { "result", Called("c1", result: "0.02"), Setup() },
            { "name of call", Called("c1", name: "other"), Setup() },
            { "result of another call", Called("c1", resultOf: "c2"), Setup() },
            { "split text", WithContents(new TextContent("What"), new TextContent(" now?")), Setup() },
        };

    public static TheoryData<string, ModelRequest, ModelSetup> Same =>
        new()
        {
            { "asker", Request() with { Role = ModelRole.Risk }, Setup() },
            { "subject", Request() with { Subject = "MSFT" }, Setup() },
            { "address", Request(), Setup(CallFixture.Options with { BaseUrl = new Uri("http://localhost:1234/v1") }) },
            { "key", Request(), Setup(CallFixture.Options with { KeyVariable = "OTHER_KEY" }) },
            { "time-out", Request(), Setup(CallFixture.Options with { TimeoutSeconds = 5 }) },
            { "retries", Request(), Setup(CallFixture.Options with { Retries = 0 }) },
            {
                "limits",
                Request(),
                Setup(CallFixture.Options with { Concurrency = 1, RequestsPerMinute = 1, TokensPerMinute = 1 })
            },
            { "price", Request(), Setup(CallFixture.Options with { InputUsdPerMillion = 3 }) },
            { "cutoff", Request(), Setup(CallFixture.Options with { KnowledgeCutoff = new DateOnly(2024, 1, 1) }) },
            { "schema mode by the table", Request(), Setup(CallFixture.Options with { Schema = SchemaSupport.JsonSchema }) },
        };

    [Fact]
    public void Of_PlainQuestion_IsTheSameForEver() =>
        Assert.Equal("llm_c0e719680fe2c64f2f925b54786955e2", CallFingerprint.Of(CallFixture.Request(), CallFixture.Setup()));

    [Fact]
    public void Of_QuestionWithEverything_IsTheSameForEver() =>
        Assert.Equal("llm_9c7605617134e7c9c0fdae9610b408b4", CallFingerprint.Of(Called("c1"), Setup()));

    [Fact]
    public void Of_OtherCulture_IsTheSame()
    {
        string expected = CallFingerprint.Of(Request(), Setup());
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, CallFingerprint.Of(Request(), Setup()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void Of_WhatDecidesOnTheReply_Changes(string what, ModelRequest request, ModelSetup setup)
    {
        Assert.NotEmpty(what);
        string[] bases = [CallFingerprint.Of(Request(), Setup()), CallFingerprint.Of(Called("c1"), Setup())];
        string[] reasoned = [CallFingerprint.Of(WithContents(new TextReasoningContent("Hm.")), Setup())];
        Assert.DoesNotContain(CallFingerprint.Of(request, setup), bases.Concat(reasoned));
    }

    [Theory]
    [MemberData(nameof(Same))]
    public void Of_WhatDoesNotDecideOnTheReply_Stays(string what, ModelRequest request, ModelSetup setup)
    {
        Assert.NotEmpty(what);
        Assert.Equal(CallFingerprint.Of(Request(), Setup()), CallFingerprint.Of(request, setup));
    }

    [Fact]
    public void Of_TemperatureThatDoesNotReachTheModel_IsLeftOut()
    {
        ModelSetup setup = CallFixture.Setup();
        Assert.Equal(
            CallFingerprint.Of(CallFixture.Request(), setup),
            CallFingerprint.Of(CallFixture.Request() with { Temperature = 0.9 }, setup)
        );
    }

    [Fact]
    public void Of_OtherIdsOfToolCalls_IsTheSame() =>
        Assert.Equal(CallFingerprint.Of(Called("toolu_01A"), Setup()), CallFingerprint.Of(Called("call_9"), Setup()));

    [Fact]
    public void Of_ArgumentsInOtherOrderAndType_IsTheSame()
    {
        var parsed = new Dictionary<string, object?>
        {
            ["days"] = JsonElement.Parse("20"),
            ["at"] = JsonElement.Parse("""{"b":1,"a":2}"""),
        };
        var built = new Dictionary<string, object?>
        {
            ["at"] = new Dictionary<string, int> { ["a"] = 2, ["b"] = 1 },
            ["days"] = 20,
        };
        Assert.Equal(
            CallFingerprint.Of(WithContents(new FunctionCallContent("1", "f", parsed)), Setup()),
            CallFingerprint.Of(WithContents(new FunctionCallContent("1", "f", built)), Setup())
        );
    }

    [Fact]
    public void Of_OtherSignatureOfReasoning_IsTheSame() =>
        Assert.Equal(
            CallFingerprint.Of(WithContents(new TextReasoningContent("Hm.") { ProtectedData = "a" }), Setup()),
            CallFingerprint.Of(WithContents(new TextReasoningContent("Hm.") { ProtectedData = "b" }), Setup())
        );

    [Fact]
    public void Of_HalfASurrogatePair_IsHashed() =>
        Assert.StartsWith("llm_", CallFingerprint.Of(Request(text: "cut \ud83d"), Setup()));

    private static ModelSetup Setup(ModelOptions? options = null) =>
        CallFixture.Setup(options, CallFixture.Card with { TakesTemperature = true });

    private static ModelRequest Request(string text = "What now?") =>
        CallFixture.Request(text) with
        {
            Schema = CallFixture.Schema,
            Tools = [CallFixture.Tool()],
            Temperature = 0.7,
        };

    private static ModelRequest WithContents(params AIContent[] contents) =>
        Request() with
        {
            Messages = [new ChatMessage(ChatRole.User, [.. contents])],
        };

    private static ModelRequest Called(
        string id,
        int days = 20,
        string name = "volatility",
        string result = "0.01",
        string? resultOf = null
    ) =>
        Request() with
        {
            Messages =
            [
                new ChatMessage(ChatRole.User, "What now?"),
                new ChatMessage(
                    ChatRole.Assistant,
                    [
                        new TextReasoningContent("Hm.") { ProtectedData = "x" },
                        new TextContent("Wait."),
                        new FunctionCallContent(id, name, new Dictionary<string, object?> { ["days"] = days }),
                    ]
                ),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent(resultOf ?? id, result)]),
            ],
        };
}
