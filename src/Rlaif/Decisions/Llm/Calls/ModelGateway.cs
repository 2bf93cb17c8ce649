using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>The one door to language models: everything that is asked passes through it.</summary>
public sealed class ModelGateway : IAsyncDisposable
{
    private readonly ModelRoster _roster;

    /// <summary>Creates a gateway.</summary>
    public ModelGateway(ModelRoster roster) => _roster = roster;

    /// <summary>The model of a role.</summary>
    public ModelSetup Setup(ModelRole role) => _roster[role];

    /// <summary>Asks a model.</summary>
    /// <param name="request">The question.</param>
    /// <param name="textSoFar">Told the text as it grows; a replayed reply is told at once.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<ModelReply> AskAsync(
        ModelRequest request,
        IProgress<string>? textSoFar = null,
        CancellationToken cancellationToken = default
    )
    {
        ModelSetup setup = Setup(request.Role);
        var options = new ChatOptions
        {
            Instructions = request.System,
            MaxOutputTokens = setup.Options.MaxOutputTokens,
            ModelId = setup.Options.Model,
            Temperature = setup.Card.TakesTemperature ? (float?)request.Temperature : null,
            Tools = [.. request.Tools],
            ResponseFormat = request.Schema is { } schema ? ChatResponseFormat.ForJsonSchema(schema.Schema, schema.Name) : null,
        };
        ChatResponse response = await setup.CreateClient().GetResponseAsync(request.Messages, options, cancellationToken);
        ChatMessage message = response.Messages[^1];
        textSoFar?.Report(message.Text);
        return new ModelReply
        {
            Fingerprint = ContentId.Create("llm", request.System, request.Messages[^1].Text, $"{request.Sample}"),
            Message = message,
            End =
                response.FinishReason == ChatFinishReason.ToolCalls ? ReplyEnd.ToolCalls
                : response.FinishReason == ChatFinishReason.Length ? ReplyEnd.Length
                : response.FinishReason == ChatFinishReason.ContentFilter ? ReplyEnd.Refusal
                : ReplyEnd.Stop,
            Usage = new TokenUsage(response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0),
            Replayed = false,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _roster.Dispose();
        return ValueTask.CompletedTask;
    }
}
