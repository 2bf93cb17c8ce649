using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Models;

/// <summary>What reaches the provider, as the official libraries write it.</summary>
public sealed class ChatOptionsFactoryTests
{
    private static readonly ReplySchema Schema = new(
        "view",
        JsonElement.Parse(
            """{"type":"object","properties":{"score":{"type":"number"}},"required":["score"],"additionalProperties":false}"""
        )
    );

    private static readonly AIFunctionDeclaration Tool = AIFunctionFactory.CreateDeclaration(
        "returns",
        "Returns of a symbol.",
        JsonElement.Parse("""{"type":"object","properties":{"days":{"type":"integer"}},"required":["days"]}""")
    );

    [Fact]
    public async Task Create_Claude_SendsSystemSchemaEffortAndLimitButNoTemperature()
    {
        JsonNode body = await BodyAsync("claude", "claude-opus-5-5", effort: "medium");
        Assert.Equal("claude-opus-5-5", (string?)body["model"]);
        Assert.Equal(1234, (int?)body["max_tokens"]);
        Assert.Contains("You are the manager.", body["system"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("json_schema", (string?)body["output_config"]!["format"]!["type"]);
        Assert.Equal("medium", (string?)body["output_config"]!["effort"]);
        Assert.Null(body["temperature"]);
        Assert.True((bool?)body["stream"]);
    }

    [Fact]
    public async Task Create_ClaudeWithoutEffort_SendsNeitherEffortNorThinking()
    {
        JsonNode old = await BodyAsync("claude", "claude-haiku-4-5", effort: "high");
        Assert.Null(old["output_config"]!["effort"]);
        Assert.Null(old["thinking"]);
        JsonNode unset = await BodyAsync("claude", "claude-opus-5-5");
        Assert.Null(unset["output_config"]!["effort"]);
        Assert.Null(unset["thinking"]);
    }

    [Fact]
    public async Task Create_OpenAi_SendsAStrictSchemaAndTheNewLimit()
    {
        JsonNode body = await BodyAsync("openai", "gpt-4.1");
        Assert.Equal(1234, (int?)body["max_completion_tokens"]);
        Assert.Null(body["max_tokens"]);
        Assert.Equal("view", (string?)body["response_format"]!["json_schema"]!["name"]);
        Assert.True((bool?)body["response_format"]!["json_schema"]!["strict"]);
        Assert.Equal(0.5, (double?)body["temperature"]);
        Assert.True((bool?)body["stream_options"]!["include_usage"]);
        Assert.Equal("You are the manager.", (string?)body["messages"]![0]!["content"]);
    }

    [Fact]
    public async Task Create_OtherServer_SendsTheOldLimitToo()
    {
        JsonNode body = await BodyAsync("openai", "llama3", baseUrl: "http://localhost:11434/v1");
        Assert.Equal(1234, (int?)body["max_tokens"]);
        Assert.Equal(1234, (int?)body["max_completion_tokens"]);
        JsonNode azure = await BodyAsync("openai", "gpt-4.1", baseUrl: "https://mine.openai.azure.com/openai/v1");
        Assert.Null(azure["max_tokens"]);
    }

    [Theory]
    [InlineData(SchemaSupport.JsonSchema, "json_schema")]
    [InlineData(SchemaSupport.JsonObject, "json_object")]
    [InlineData(SchemaSupport.Prompt, null)]
    public async Task Create_SchemaSupport_DecidesOnTheFormat(SchemaSupport support, string? type)
    {
        JsonNode body = await BodyAsync("openai", "gpt-4.1", schema: support);
        Assert.Equal(type, (string?)body["response_format"]?["type"]);
    }

    [Theory]
    [InlineData("gpt-6-luna", true, "none")]
    [InlineData("gpt-6.2-sol", false, "high")]
    [InlineData("gpt-5-mini", true, "high")]
    [InlineData("gpt-4.1", true, null)]
    public async Task Create_Tools_AreOfferedInTheWayTheModelTakesThem(string model, bool offered, string? effort)
    {
        JsonNode body = await BodyAsync("openai", model, effort: "high", tools: [Tool]);
        Assert.Equal(offered ? "returns" : null, (string?)body["tools"]?[0]?["function"]?["name"]);
        Assert.Equal(effort, (string?)body["reasoning_effort"]);
    }

    [Fact]
    public async Task Create_NoToolsOffered_KeepsTheEffort()
    {
        JsonNode body = await BodyAsync("openai", "gpt-6-luna", effort: "low");
        Assert.Equal("low", (string?)body["reasoning_effort"]);
        Assert.Null(body["tools"]);
    }

    [Fact]
    public async Task Create_DeepSeekWithTools_SwitchesThinkingOff()
    {
        JsonNode body = await BodyAsync(
            "openai",
            "deepseek-flash",
            effort: "high",
            baseUrl: "https://api.deepseek.com",
            tools: [Tool]
        );
        Assert.Equal("disabled", (string?)body["thinking"]!["type"]);
        Assert.Null(body["reasoning_effort"]);
        Assert.Equal("json_object", (string?)body["response_format"]!["type"]);
        JsonNode without = await BodyAsync("openai", "deepseek-flash", effort: "high", baseUrl: "https://api.deepseek.com");
        Assert.Null(without["thinking"]);
        Assert.Equal("high", (string?)without["reasoning_effort"]);
    }

    private static async Task<JsonNode> BodyAsync(
        string provider,
        string model,
        string? effort = null,
        string? baseUrl = null,
        SchemaSupport? schema = null,
        IReadOnlyList<AIFunctionDeclaration>? tools = null
    )
    {
        var options = new ModelOptions
        {
            Provider = provider,
            Model = model,
            Effort = effort,
            BaseUrl = baseUrl is null ? null : new Uri(baseUrl),
            Schema = schema,
            MaxOutputTokens = 1234,
            Retries = 0,
        };
        var network = new ScriptedNetwork(_ =>
            ScriptedNetwork.Stream(provider == "claude" ? ScriptedNetwork.ClaudeReply() : ScriptedNetwork.OpenAiReply())
        );
        using ModelRoster roster = ModelRoster.Create(
            new Dictionary<ModelRole, ModelOptions> { [ModelRole.Manager] = options },
            _ => "key-of-a-test",
            ModelTable.Load(),
            TimeProvider.System,
            () => network
        );
        ModelSetup setup = roster[ModelRole.Manager];
        var request = new ModelRequest
        {
            Role = ModelRole.Manager,
            Subject = "a test",
            System = "You are the manager.",
            Messages = [new ChatMessage(ChatRole.User, "Decide.")],
            Schema = Schema,
            Tools = tools ?? [],
            Temperature = 0.5,
        };
        await setup
            .CreateClient()
            .AskAsync(request.Messages, ChatOptionsFactory.Create(request, setup), null, TestContext.Current.CancellationToken);
        return JsonNode.Parse(Assert.Single(network.Requests).Body)!;
    }
}
