using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Examples;

/// <summary>Where the replies of an example come from: a recording, or the provider, within a small budget.</summary>
/// <param name="Mode">Replay without a key, record with one.</param>
/// <param name="Recording">The file.</param>
/// <param name="Server">Another server that speaks Anthropic's API; null for Anthropic's own.</param>
internal sealed record ModelDoor(LlmMode Mode, string Recording, Uri? Server = null)
{
    private const decimal MostUsd = 1;

    /// <summary>With a key in <c>ANTHROPIC_API_KEY</c> models are asked; without one what comes with the example is replayed, and it says so.</summary>
    public static ModelDoor Choose(string example, TextWriter output)
    {
        if (!string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY")))
        {
            return new ModelDoor(LlmMode.Record, Path.Combine("data", example, "recording.jsonl"));
        }

        output.WriteLine(
            "Replay: these replies were made by a scripted test server, not by a language model. They show the machinery only."
        );
        output.WriteLine($"Set ANTHROPIC_API_KEY to ask Claude; at most {MostUsd} US dollar is spent.");
        return new ModelDoor(LlmMode.Replay, Path.Combine(AppContext.BaseDirectory, "recording.jsonl"));
    }

    /// <summary>Opens it. A cheap model for the analysts, a strong one for the manager.</summary>
    public async Task<ModelGateway> OpenAsync(SpendBook spend)
    {
        ModelRole[] analysts = [ModelRole.Fundamental, ModelRole.Sentiment, ModelRole.Technical, ModelRole.Risk];
        var models = analysts.ToDictionary(role => role, _ => Claude("claude-haiku-5-5"));
        models[ModelRole.Manager] = Claude("claude-sonnet-5-5");
        var roster = ModelRoster.Create(models, Environment.GetEnvironmentVariable, ModelTable.Load(), TimeProvider.System);
        var budget = new BudgetOptions { RunUsd = MostUsd };
        return await ModelGateway.OpenAsync(roster, Mode, Recording, spend, budget, TimeProvider.System);
    }

    private ModelOptions Claude(string model) =>
        new()
        {
            Provider = "claude",
            Model = model,
            BaseUrl = Server,
            KeyVariable = "ANTHROPIC_API_KEY",
        };
}
