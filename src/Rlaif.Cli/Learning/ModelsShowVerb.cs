using System.CommandLine;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models show</c>.</summary>
internal sealed class ModelsShowVerb : Verb
{
    private readonly Argument<string> _version = new("V") { Description = "The version, such as v0001, or latest" };

    public ModelsShowVerb()
        : base("show", "One version: what it was trained on, how, and what it showed", "rlaif models show latest") =>
        Arguments.Add(_version);

    public override string JsonFields =>
        "version, created_at, status, path, encoder, features{version,names[]}, metadata{library_version,data_hash,model{...},training{...},...}, training{history[],...}, validation{as of train}|null";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        string name = registry.Resolve(context.Get(_version)!);
        ModelVersion version = (await registry.ListAsync(context.CancellationToken)).First(v => v.Version == name);
        RewardModel model = await context.LoadModelAsync(registry, name);
        context.Output.Result(
            new
            {
                version.Version,
                version.CreatedAt,
                version.Status,
                Path = Path.Combine(context.Home.Models, name),
                Encoder = model.Encoder.Id,
                Features = new { model.Schema.Version, Names = model.MarketFeatureNames },
                model.Metadata,
                Training = version.Report,
                version.Validation,
            },
            console => Show(console, version, model)
        );
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, ModelVersion version, RewardModel model)
    {
        TrainingReport report = version.Report;
        console.WriteLine(
            $"{version.Version}, {$"{version.Status}".ToLowerInvariant()}, created {version.CreatedAt:yyyy-MM-dd HH:mm} UTC"
        );
        console.WriteLine(
            $"trained on {report.TrainingPairs} pairs of {report.TrainingContexts} contexts, stopped on {report.StoppingPairs} pairs"
        );
        console.WriteLine($"{report.Parameters} parameters, {report.Features} features, texts by {model.Encoder.Id}");
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
        console.WriteLine(
            version.Validation is { } v
                ? $"on unseen pairs: accuracy {100 * v["accuracy"]!.GetValue<double>():0.0}%, {v["verdict"]}"
                : "not judged on unseen pairs"
        );
    }
}
