using System.CommandLine;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models show</c>.</summary>
internal sealed class ModelsShowVerb : Verb
{
    private readonly Argument<string> _version = new("V") { Description = $"The version: {ModelsCommand.VersionNames}" };

    public ModelsShowVerb()
        : base(
            "show",
            "One version: what it was trained on, how, what it showed, and what became of it",
            "rlaif models show latest"
        ) => Arguments.Add(_version);

    public override string JsonFields =>
        "version, created_at, status, tags[], pruned, path, encoder, features{version,names[]}, metadata{library_version,data_hash,model{...},training{...},...} (these three null when pruned), training{history[],...}, validation{as of train}|null, data{decisions,candidates,symbols[],first_date,last_date,metric,pairs_train,...}, split{as of train}, config{seed,model{...},training{...},metric,encoder,...} (these three null where they were not kept), "
        + "gate[{name,value|null,threshold,passed,text}] (the criteria that need no other model), history["
        + ModelsHistoryVerb.EventFields
        + "] (events that name the version)";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        ModelVersion version = await registry.GetAsync(context.Get(_version)!, context.CancellationToken);
        RewardModel? model = version.IsPruned ? null : await registry.InspectAsync(version.Version, context.CancellationToken);
        ModelEvent[] history =
        [
            .. registry.ReadHistory().Where(e => e.Version == version.Version || e.Previous == version.Version),
        ];
        context.Output.Result(
            new
            {
                version.Version,
                version.CreatedAt,
                version.Status,
                version.Tags,
                Pruned = version.IsPruned,
                Path = Path.Combine(context.Home.Models, version.Version),
                Encoder = model?.Encoder.Id,
                Features = model is null ? null : new { model.Schema.Version, Names = model.MarketFeatureNames },
                model?.Metadata,
                Training = version.Report,
                version.Validation,
                Data = version.Details?["data"],
                Split = version.Details?["split"],
                Config = version.Details?["config"],
                Gate = StoredTraining.Gate(version),
                History = history,
            },
            console => Show(console, version, model, history)
        );
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, ModelVersion version, RewardModel? model, ModelEvent[] history)
    {
        TrainingReport report = version.Report;
        string tags = string.Concat(version.Tags.Select(t => $", {t}"));
        console.WriteLine(
            $"{version.Version}, {$"{version.Status}".ToLowerInvariant()}{tags}, created {version.CreatedAt:yyyy-MM-dd HH:mm} UTC"
        );
        console.WriteLine(
            $"trained on {report.TrainingPairs} pairs of {report.TrainingContexts} contexts, stopped on {report.StoppingPairs} pairs"
        );
        console.WriteLine(
            $"{report.Parameters} parameters, {report.Features} features, {(model is null ? "weights pruned" : $"texts by {model.Encoder.Id}")}"
        );
        Table table = new Table().AddColumns("epoch", "training loss", "stopping loss", "stopping accuracy");
        foreach (EpochReport e in report.History)
        {
            string mark = e.Epoch == report.BestEpoch ? " (kept)" : string.Empty;
            table.AddRow(
                $"{e.Epoch}{mark}",
                $"{e.TrainLoss:0.0000}",
                e.ValidationLoss is { } loss ? $"{loss:0.0000}" : "-",
                e.ValidationAccuracy is { } accuracy ? $"{100 * accuracy:0.0}%" : "-"
            );
        }

        console.Write(table);
        StoredTraining.Show(console, version);
        if (history.Length > 0)
        {
            ModelsHistoryVerb.Show(console, history);
        }
    }
}
