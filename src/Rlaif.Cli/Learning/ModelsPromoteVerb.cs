using System.CommandLine;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models promote</c>.</summary>
internal sealed class ModelsPromoteVerb : Verb
{
    private readonly Argument<string> _version = new("V") { Description = $"The version: {ModelsCommand.VersionNames}" };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Promote whatever the criteria say; the history records them and that it was forced",
    };

    private readonly Option<string?> _metric = new("--metric")
    {
        Description =
            "What says which side of a pair did better when champion and challenger are compared, a name or an expression [default: the metric that the challenger was trained on]",
        HelpName = "NAME|EXPRESSION",
    };

    public ModelsPromoteVerb()
        : base(
            "promote",
            "Make a version the champion, which guides decisions, if it passes the gate; exits with 3 and says why if not",
            "rlaif models promote latest"
        )
    {
        Arguments.Add(_version);
        Options.Add(_force);
        Options.Add(_metric);
    }

    public override string JsonFields =>
        "version, promoted, champion (from now on)|null, previous (the champion that was replaced)|null, forced, metric (by which it was compared with the champion)|null, criteria[{name,value|null,threshold,passed,text}] (empty when it was champion already)";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (context.Get(_metric) is { } metric)
        {
            ComparisonMetric.Parse(metric);
        }

        var registry = new ModelRegistry(context.Home.Models, context.Time);
        ModelVersion challenger = await registry.GetAsync(context.Get(_version)!, context.CancellationToken);
        string version = challenger.Version;
        bool forced = context.Get(_force);

        // Said before any criterion: no figure and no force makes a champion of a file that cannot be read. Force may take one whose encoder is elsewhere.
        if (forced)
        {
            await registry.InspectAsync(version, context.CancellationToken);
        }
        else
        {
            await context.LoadModelAsync(registry, version);
        }

        ModelDuel? duel = null;
        PromotionTrial trial =
            challenger.Status == ModelStatus.Champion
                ? new PromotionTrial(version, [])
                : await PromotionTrial.RunAsync(
                    challenger.Validation,
                    registry.FindChampion(),
                    async c =>
                    {
                        duel = await ModelDuel.RunAsync(context, registry, c, version, context.Get(_metric));
                        return duel.Comparison;
                    }
                );
        bool isAllowed = trial.Passed || forced;
        ModelEvent? happened = isAllowed
            ? await registry.PromoteAsync(version, trial.Criteria, trial.Champion, forced, context.CancellationToken)
            : null;
        context.Output.Result(
            new
            {
                Version = version,
                Promoted = happened is not null,
                Champion = isAllowed ? version : trial.Champion,
                Previous = happened?.Previous,
                Forced = forced,
                Metric = duel?.Comparison is null ? null : duel.Metric,
                trial.Criteria,
            },
            console =>
            {
                trial.Show(console);
                if (duel?.Comparison is not null)
                {
                    console.WriteLine($"compared with {trial.Champion} by metric {duel.Metric}");
                }

                if (isAllowed)
                {
                    console.WriteLine(
                        happened is null
                            ? $"{version} is champion already"
                            : $"{version} is champion now (before: {happened.Previous ?? "none"})"
                    );
                }
            }
        );
        if (isAllowed)
        {
            return ExitCode.Done;
        }

        context.Output.Warn(
            $"{version} is not promoted: {trial.Criteria.Count(c => !c.Passed)} of {trial.Criteria.Count} criteria fail. --force promotes all the same, and records it"
        );
        return ExitCode.NotEnoughData;
    }
}
