using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using Rlaif.Decisions.Llm.Calls;
using ChatResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>Says to a provider's client what a request means for the model at hand.</summary>
internal static class ChatOptionsFactory
{
    private static readonly string[] HostsOfNewLimit = ["openai.com", "azure.com"];

    /// <summary>The options of a call: only what the model takes is in them.</summary>
    public static ChatOptions Create(ModelRequest request, ModelSetup setup)
    {
        ModelCard card = setup.Card;
        bool tools = request.Tools.Count > 0 && card.Tools != ToolSupport.Never;
        var options = new ChatOptions
        {
            Instructions = request.System,
            ModelId = setup.Options.Model,
            MaxOutputTokens = setup.Options.MaxOutputTokens,
            Temperature = card.TakesTemperature ? (float?)request.Temperature : null,
            Tools = tools ? [.. request.Tools] : null,
            Reasoning = Reasoning(setup, tools) is { } effort ? new ReasoningOptions { Effort = effort } : null,
            ResponseFormat = request.Schema is { } schema ? Format(schema, card.Schema) : null,
        };
        if (setup.Options.Provider == ProviderClients.OpenAi)
        {
            // Without it OpenAI takes a schema as a hint.
            options.AdditionalProperties = new AdditionalPropertiesDictionary { ["strict"] = true };
            options.RawRepresentationFactory = _ => Raw(setup, tools && card.Tools == ToolSupport.WithoutThinking);
        }

        return options;
    }

    private static ChatResponseFormatJson? Format(ReplySchema schema, SchemaSupport support) =>
        support switch
        {
            SchemaSupport.JsonSchema => ChatResponseFormat.ForJsonSchema(schema.Schema, schema.Name),
            SchemaSupport.JsonObject => ChatResponseFormat.Json,
            _ => null,
        };

    private static ReasoningEffort? Reasoning(ModelSetup setup, bool tools) =>
        tools && setup.Card.Tools == ToolSupport.WithoutEffort ? ReasoningEffort.None
        : !setup.Card.TakesEffort || (tools && setup.Card.Tools == ToolSupport.WithoutThinking) ? null
        : setup.Options.Effort switch
        {
            "low" => ReasoningEffort.Low,
            "medium" => ReasoningEffort.Medium,
            "high" => ReasoningEffort.High,
            _ => null,
        };

    // The client limits output by max_completion_tokens. Many servers know max_tokens only, ignore the other, and never stop; OpenAI's own
    // newer models refuse max_tokens.
    private static ChatCompletionOptions Raw(ModelSetup setup, bool noThinking)
    {
        var raw = new ChatCompletionOptions();
#pragma warning disable SCME0001 // The patch is the client's way to send what it does not know.
        if (
            setup.Options.BaseUrl is { } url
            && !HostsOfNewLimit.Any(h => url.Host.EndsWith(h, StringComparison.OrdinalIgnoreCase))
        )
        {
            raw.Patch.Set("$.max_tokens"u8, setup.Options.MaxOutputTokens);
        }

        if (noThinking)
        {
            raw.Patch.Set("$.thinking"u8, BinaryData.FromString("""{"type":"disabled"}"""));
        }
#pragma warning restore SCME0001

        return raw;
    }
}
