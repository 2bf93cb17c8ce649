using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Calls;

/// <summary>Requests and models for tests of the gateway.</summary>
internal static class CallFixture
{
    public static ModelOptions Options { get; } =
        new()
        {
            Provider = "claude",
            Model = "test-model",
            MaxOutputTokens = 1_000,
        };

    /// <summary>A dollar per million tokens in, five per million out.</summary>
    public static ModelCard Card { get; } =
        new()
        {
            Provider = "claude",
            Model = "test-model",
            InputUsd = 1,
            OutputUsd = 5,
        };

    public static ReplySchema Schema { get; } =
        new("view", JsonElement.Parse("""{"type":"object","properties":{"score":{"type":"number"}},"required":["score"]}"""));

    public static ModelSetup Setup(ModelOptions? options = null, ModelCard? card = null, IChatClient? client = null) =>
        new(options ?? Options, card ?? Card, () => client ?? throw new RlaifInputException("Set ANTHROPIC_API_KEY."));

    public static ModelRoster Roster(IChatClient? client, ModelOptions? options = null, ModelCard? card = null) =>
        new(Enum.GetValues<ModelRole>().ToDictionary(r => r, _ => Setup(options, card, client)));

    public static ModelRequest Request(string text = "What now?", ModelRole role = ModelRole.Manager) =>
        new()
        {
            Role = role,
            Subject = "AAPL 2024-06-28 manager, candidate 2",
            System = "You decide.",
            Messages = [new ChatMessage(ChatRole.User, text)],
        };

    public static AIFunctionDeclaration Tool(string name = "volatility", string description = "Volatility of a symbol") =>
        AIFunctionFactory.CreateDeclaration(name, description, JsonElement.Parse("""{"type":"object","properties":{}}"""));

    /// <summary>What a model may say: reasoning with its signature, text, a tool call.</summary>
    public static ChatResponse ToolReply(string callId = "toolu_1") =>
        new(
            new ChatMessage(
                ChatRole.Assistant,
                [
                    new TextReasoningContent("Let me see.") { ProtectedData = "c2lnbmVk" },
                    new TextContent("I need the volatility. é 😀"),
                    new FunctionCallContent(
                        callId,
                        "volatility",
                        new Dictionary<string, object?>
                        {
                            ["symbol"] = "AAPL",
                            ["days"] = 20,
                            ["level"] = 1.50,
                            ["options"] = JsonElement.Parse("""{"b":[1,2.0],"a":null}"""),
                        }
                    ),
                ]
            )
        )
        {
            FinishReason = ChatFinishReason.ToolCalls,
            Usage = new UsageDetails
            {
                InputTokenCount = 1_000,
                OutputTokenCount = 200,
                CachedInputTokenCount = 600,
                AdditionalCounts = new AdditionalPropertiesDictionary<long> { ["CacheCreationInputTokens"] = 100 },
            },
        };

    public static Task<ModelGateway> OpenAsync(
        IChatClient? client,
        LlmMode mode,
        string path,
        SpendBook? spend = null,
        BudgetOptions? budget = null,
        TimeProvider? clock = null,
        ModelCard? card = null
    ) => ModelGateway.OpenAsync(Roster(client, card: card), mode, path, spend, budget, clock ?? TimeProvider.System);

    /// <summary>A message as JSON, to compare.</summary>
    public static string Json(ChatMessage message) => JsonSerializer.Serialize(message, AIJsonUtilities.DefaultOptions);
}
