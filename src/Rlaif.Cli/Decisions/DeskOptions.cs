using System.CommandLine;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>The options of verbs that decide: who proposes, how much, and who picks.</summary>
internal sealed class DeskOptions
{
    private readonly Option<int> _candidates = PropertyOption.Of<ManagerOptions, int>(
        "--candidates",
        "Proposals per decision",
        nameof(ManagerOptions.Candidates),
        "N"
    );

    private readonly Option<string?> _agents = new("--agents")
    {
        Description =
            "Who proposes: rules need no key; claude and openai (and every server that speaks OpenAI's chat API) are language models [default: rules]",
        HelpName = "rules|claude|openai",
    };

    private readonly Option<bool> _mask = new("--mask")
    {
        Description = "Replace names, tickers, dates and price levels before a language model sees them, and restore them after",
    };

    private readonly Option<bool> _memory = new("--memory")
    {
        Description = "Show language models the lessons of their earlier outcomes in the same run",
    };

    private readonly ModelVerbOptions _models = new();

    private readonly Option<string?> _guided = new("--guided")
    {
        Description =
            $"Let a reward model pick among the proposals: {ModelsCommand.VersionNames}; or {DeployedModel.BlendSyntax} [default: the champion, before the first promotion latest]",
        HelpName = "VERSION",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public void AddTo(Command command)
    {
        // `decide --guided AAPL` would take the symbol for a version.
        _guided.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var version }, ..] && !(version.Length > 0 && char.IsAsciiLetterLower(version[0])))
            {
                result.AddError(
                    $"--guided takes a version such as v0001, a tag, or nothing, not '{version}'. Name symbols before it."
                );
            }
        });
        command.Options.Add(_candidates);
        _agents.AcceptOnlyFromAmong([ManagerAgent.RuleBasedAgents, .. DefaultModels.Providers]);
        command.Options.Add(_agents);
        command.Options.Add(_mask);
        command.Options.Add(_memory);
        _models.AddTo(command);
        command.Options.Add(_guided);
    }

    /// <summary>Whether to ask before spending, and how.</summary>
    public ModelVerbOptions Models => _models;

    /// <summary>The team that was asked for.</summary>
    /// <param name="context">The verb.</param>
    /// <param name="market">What it decides on.</param>
    /// <param name="live">Told who of a team of language models speaks.</param>
    /// <exception cref="RlaifInputException">An option or a setting is not valid.</exception>
    public async Task<AgentTeam> AssembleAsync(CommandContext context, IMarketData market, IProgress<DebateEvent> live)
    {
        ManagerOptions limits = new ManagerOptions { Candidates = context.Get(_candidates), Seed = context.Seed }.Validated();
        string agents = context.Get(_agents) ?? ManagerAgent.RuleBasedAgents;
        if (agents == ManagerAgent.RuleBasedAgents)
        {
            return AgentTeam.OfRules(limits, context.Threads);
        }

        LlmOptions options = AgentSettings.Read(context.Settings, context.Get(_mask), context.Get(_memory));
        ModelAccess access = await _models.OpenAsync(context, agents);
        try
        {
            return await AgentTeam.OfModelsAsync(context, agents, access, options, limits, market, live);
        }
        catch
        {
            await access.DisposeAsync();
            throw;
        }
    }

    /// <summary>The reward model that was asked for; null when none was.</summary>
    /// <exception cref="NotEnoughDataException">There is no model yet.</exception>
    /// <exception cref="RlaifInputException">There is no such version.</exception>
    public async Task<ModelGuide?> LoadGuideAsync(CommandContext context)
    {
        if (!context.Has(_guided))
        {
            return null;
        }

        var registry = new ModelRegistry(context.Home.Models, context.Time);
        (RewardBlend rewards, string version) = await DeployedModel.LoadAsync(context, registry, context.Get(_guided));
        return new ModelGuide(rewards, version);
    }
}
