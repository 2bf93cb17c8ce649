using System.CommandLine;
using Rlaif.Decisions;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>The options of verbs that decide: who proposes, how much, and who picks.</summary>
internal sealed class DeskOptions
{
    private readonly Option<int?> _candidates = new("--candidates")
    {
        Description = "Proposals per decision, 1 to 64 [default: 5]",
        HelpName = "N",
    };

    private readonly Option<string?> _agents = new("--agents")
    {
        Description = "Who proposes: rules [default]",
        HelpName = "rules",
    };

    private readonly Option<string?> _guided = new("--guided")
    {
        Description = "Let a reward model pick among the proposals [default version: latest]",
        HelpName = "VERSION",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public void AddTo(Command command)
    {
        // `decide --guided AAPL` would take the symbol for a version.
        _guided.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var version }, ..] && version != "latest" && !version.StartsWith('v'))
            {
                result.AddError($"--guided takes a version such as v0001, or nothing, not '{version}'. Name symbols before it.");
            }
        });
        command.Options.Add(_candidates);
        command.Options.Add(_agents);
        command.Options.Add(_guided);
    }

    /// <summary>The team that was asked for.</summary>
    /// <exception cref="RlaifInputException">There is no such team.</exception>
    public ManagerAgent CreateManager(CommandContext context)
    {
        string agents = context.Get(_agents) ?? ManagerAgent.RuleBasedAgents;
        if (agents != ManagerAgent.RuleBasedAgents)
        {
            throw new RlaifInputException(
                $"--agents {agents} is not part of this version: only '{ManagerAgent.RuleBasedAgents}' exist, which need no key.\nDecisions of other agents come in with: rlaif decisions import FILE.jsonl"
            );
        }

        var defaults = new ManagerOptions();
        return ManagerAgent.RuleBased(
            defaults with
            {
                Candidates = context.Get(_candidates) ?? defaults.Candidates,
                Seed = context.Seed,
            }
        );
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

        var registry = new ModelRegistry(context.Home.Models);
        if ((await registry.ListAsync(context.CancellationToken)).Count == 0)
        {
            throw new NotEnoughDataException(
                $"No reward model in '{context.Home.Models}'. Decide without --guided, or train one first: rlaif train"
            );
        }

        string version = registry.Resolve(context.Get(_guided) ?? ModelRegistry.Latest);
        return new ModelGuide(await registry.LoadAsync(version, null, context.CancellationToken), version);
    }
}
