using System.CommandLine;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Cli;

/// <summary>Language models at a verb's disposal: the roster of the settings, the recording and the spend book of the home.</summary>
internal sealed class ModelAccess : IAsyncDisposable
{
    private readonly SpendBook _spend;

    private ModelAccess(ModelRoster roster, ModelGateway gateway, SpendBook spend, PromptSet prompts)
    {
        (Roster, Gateway, _spend, Prompts) = (roster, gateway, spend, prompts);
    }

    /// <summary>Which model serves each role.</summary>
    public ModelRoster Roster { get; }

    /// <summary>The door to the models.</summary>
    public ModelGateway Gateway { get; }

    /// <summary>The prompts: those of the library, or with files of one's own.</summary>
    public PromptSet Prompts { get; }

    /// <summary>Opens the door.</summary>
    /// <param name="context">The verb.</param>
    /// <param name="provider">The provider of roles for which the settings name none.</param>
    /// <param name="mode">Where replies come from.</param>
    /// <param name="recording">The recording; null for that of the home.</param>
    public static async Task<ModelAccess> OpenAsync(CommandContext context, string provider, LlmMode mode, string? recording)
    {
        var roster = ModelRoster.Create(
            ModelSettings.Read(context.Settings, provider),
            name => context.Environment.GetValueOrDefault(name),
            ModelTable.Load(context.Settings[AgentSettings.ModelTable]),
            context.Time
        );
        PromptSet prompts = context.Settings[AgentSettings.Prompts] is { } folder ? PromptSet.Load(folder) : PromptSet.Default;
        SpendBook spend = await SpendBook.OpenAsync(context.Home.Spend, context.CancellationToken);
        try
        {
            ModelGateway gateway = await ModelGateway.OpenAsync(
                roster,
                mode,
                recording ?? context.Home.Recording,
                spend,
                BudgetSettings.Read(context.Settings),
                context.Time,
                context.CancellationToken
            );
            return new ModelAccess(roster, gateway, spend, prompts);
        }
        catch
        {
            await spend.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _spend.DisposeAsync();
    }
}
