using System.CommandLine;
using Rlaif.Tuning;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif export</c>.</summary>
internal sealed class ExportVerb : Verb
{
    private readonly Option<string> _task = new("--task")
    {
        Description =
            "What the data is for: dpo takes pairs of one context only, reward pairs of all pools, sft and kto single candidates",
        Required = true,
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "Whose layout; trl is the recommended one, not every format serves every task",
        DefaultValueFactory = _ => "trl",
    };

    private readonly Option<double> _minConfidence = PropertyOption.Of<TuningOptions, double>(
        "--min-confidence",
        "Smallest confidence of a pair, which is never below 0.5; dpo and reward",
        nameof(TuningOptions.MinConfidence),
        "X"
    );

    private readonly Option<int?> _max = PropertyOption.Of<TuningOptions, int?>(
        "--max",
        "Most rows: the surest pairs, or the clearest outcomes",
        nameof(TuningOptions.MaxRows),
        "N",
        otherwise: "all"
    );

    private readonly Option<string?> _out = new("--out")
    {
        Description = "The file [default: finetuning/TASK_FORMAT.jsonl in the home]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _metric = new("--metric")
    {
        Description =
            "Which pairs, by the metric or expression that formed them [default: the one that is there, of several vol_scaled]",
        HelpName = "NAME|EXPRESSION",
    };

    public ExportVerb()
        : base(
            "export",
            "Write fine-tuning data for language models, checked after writing, with a manifest beside it",
            "rlaif export --task dpo --min-confidence 0.6"
        )
    {
        _task.AcceptOnlyFromAmong("dpo", "sft", "kto", "reward");
        _format.AcceptOnlyFromAmong("trl", "openai", "bedrock", "anthropic", "together", "fireworks", "axolotl", "llamafactory");
        foreach (Option option in (Option[])[_task, _format, _minConfidence, _max, _out, _metric])
        {
            Options.Add(option);
        }
    }

    public override string JsonFields => "file, manifest, rows, dropped{reason:count}, warnings[]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var task = Enum.Parse<TuningTask>(context.Get(_task)!, ignoreCase: true);
        TuningOptions options = new TuningOptions
        {
            OutputDirectory = context.Home.FineTuning,
            Format = Enum.Parse<TuningFormat>(context.Get(_format)!, ignoreCase: true),
            MinConfidence = context.Get(_minConfidence),
            MaxRows = context.Get(_max),
        }.Validated();
        TuningFile file = await context.Output.ProgressAsync("writing", _ => WriteAsync(context, task, options));
        foreach (string warning in file.Warnings)
        {
            context.Output.Warn(warning);
        }

        context.Output.Result(
            file,
            console =>
            {
                console.WriteLine($"{file.Rows} rows written to {file.File}");
                console.WriteLine($"manifest {file.Manifest}");
                foreach ((string reason, int count) in file.Dropped)
                {
                    console.WriteLine($"left out: {reason} {count}");
                }
            }
        );
        return ExitCode.Done;
    }

    private async Task<TuningFile> WriteAsync(CommandContext context, TuningTask task, TuningOptions options)
    {
        RecordedPairs data = await RecordedPairs.LoadAsync(context, context.Get(_metric));
        CancellationToken token = context.CancellationToken;
        SpokenTexts spoken = await SpokenTexts.LoadAsync(await context.OpenLedgerAsync(), token);
        var tuner = new RlaifFineTuner(options with { Metric = data.Options.Metric }, spoken: spoken);
        string? path = context.Get(_out);
        try
        {
            return task switch
            {
                TuningTask.Dpo => await tuner.PrepareDpoTrainingDataAsync(data.RequirePairs().Dataset, path, token),
                TuningTask.Reward => await tuner.PrepareRewardTrainingDataAsync(data.RequirePairs().Dataset, path, token),
                TuningTask.Sft => await tuner.PrepareSupervisedTrainingDataAsync(data.Settled, path, token),
                _ => await tuner.PrepareKtoTrainingDataAsync(data.Settled, path, token),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot write '{path ?? options.OutputDirectory}': {e.Message}", e);
        }
    }
}
