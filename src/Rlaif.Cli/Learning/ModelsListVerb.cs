using System.Text.Json.Nodes;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models list</c>.</summary>
internal sealed class ModelsListVerb()
    : Verb(
        "list",
        "The versions, oldest first, with their standing and their accuracy on decisions that nothing was fitted to",
        "rlaif models list --json"
    )
{
    public override string JsonFields =>
        "models[{version,created_at,status (candidate|champion|retired),tags[],pruned,training_pairs,best_epoch,accuracy,accuracy_ci,verdict}]; the last three null when a model was not judged";

    private sealed record Row(
        string Version,
        DateTimeOffset CreatedAt,
        ModelStatus Status,
        IReadOnlyList<string> Tags,
        bool Pruned,
        int TrainingPairs,
        int BestEpoch,
        JsonNode? Accuracy,
        JsonNode? AccuracyCi,
        JsonNode? Verdict
    );

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        IReadOnlyList<ModelVersion> versions = await registry.ListAsync(context.CancellationToken);
        Row[] rows =
        [
            .. versions.Select(v => new Row(
                v.Version,
                v.CreatedAt,
                v.Status,
                v.Tags,
                v.IsPruned,
                v.Report.TrainingPairs,
                v.Report.BestEpoch,
                v.Validation?["accuracy"],
                v.Validation?["accuracy_ci"],
                v.Validation?["verdict"]
            )),
        ];
        context.Output.Result(new { Models = rows }, console => Show(console, rows));
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, Row[] rows)
    {
        if (rows.Length == 0)
        {
            console.WriteLine("no models yet: rlaif train");
            return;
        }

        Table table = new Table().AddColumns(
            "version",
            "created (UTC)",
            "status",
            "tags",
            "training pairs",
            "accuracy",
            "verdict"
        );
        foreach (Row r in rows)
        {
            string accuracy = r.Accuracy is { } a ? $"{100 * a.GetValue<double>():0.0}%" : "-";
            string mark = r.Status == ModelStatus.Champion ? "* " : string.Empty;
            string pruned = r.Pruned ? ", pruned" : string.Empty;
            table.AddRow(
                $"{mark}{r.Version}",
                $"{r.CreatedAt:yyyy-MM-dd HH:mm}",
                $"{$"{r.Status}".ToLowerInvariant()}{pruned}",
                string.Join(", ", r.Tags),
                $"{r.TrainingPairs}",
                accuracy,
                $"{r.Verdict ?? "-"}"
            );
        }

        console.Write(table);
        console.WriteLine(
            rows.Any(r => r.Status == ModelStatus.Champion)
                ? "* guides decisions unless another is named"
                : "no champion yet: rlaif models promote V"
        );
    }
}
