using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Data;
using Rlaif.Decisions.Llm.Judging;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif train</c>.</summary>
internal sealed class TrainVerb : Verb
{
    private const string HashedEncoder = "hashed";

    // Defaults are read from the options when help or a run asks, so that no number stands twice.
    private readonly Option<int> _epochs = new("--epochs")
    {
        Description = "Most passes over the pairs; the best one is kept",
        DefaultValueFactory = _ => new TrainingOptions().Epochs,
        HelpName = "N",
    };

    private readonly Option<int> _batchSize = new("--batch-size")
    {
        Description = "Pairs per step",
        DefaultValueFactory = _ => new TrainingOptions().BatchSize,
        HelpName = "N",
    };

    private readonly Option<double> _validationFraction = new("--validation-fraction")
    {
        Description = "Share of the decision dates, the last ones, that nothing is fitted to",
        DefaultValueFactory = _ => new PurgedSplitOptions().ValidationFraction,
        HelpName = "X",
    };

    private readonly Option<int?> _embargo = new("--embargo")
    {
        Description = "Trading sessions without decisions between the sides of the split [default: the longest holding period]",
        HelpName = "N",
    };

    private readonly Option<int> _ensemble = new("--ensemble")
    {
        Description = "Networks of the ensemble, each with its own seed and dates; 1 trains a single one on all dates",
        DefaultValueFactory = _ => new TrainingOptions().Ensemble,
        HelpName = "N",
    };

    private readonly Option<string> _encoder = new("--encoder")
    {
        Description = "How texts become vectors; this version has 'hashed' (n-grams, 768 dimensions, no download)",
        DefaultValueFactory = _ => HashedEncoder,
        HelpName = "E",
    };

    private readonly Option<string?> _metric = new("--metric")
    {
        Description =
            "Which pairs, by the metric or expression that formed them [default: the one that is there, of several vol_scaled]",
        HelpName = "NAME|EXPRESSION",
    };

    private readonly Option<double> _processWeight = new("--process-weight")
    {
        Description =
            "Share of the loss that comes from a judge's preferences, 0 to 1; stopping and all figures stay with the market's pairs",
        DefaultValueFactory = _ => new TrainingOptions().ProcessWeight,
        HelpName = "W",
    };

    private readonly TrainingKnobs _knobs = new();

    public TrainVerb()
        : base(
            "train",
            "Train a reward model on the preference pairs of the ledger, judge it on later decisions, keep it as a new version",
            "rlaif train --epochs 20 --json"
        )
    {
        foreach (
            Option option in (Option[])
                [_epochs, _batchSize, _validationFraction, _embargo, _ensemble, _encoder, _metric, _processWeight]
        )
        {
            Options.Add(option);
        }

        _knobs.AddTo(this);
    }

    public override string JsonFields =>
        "version, split{train{first_date,last_date,dates,contexts,pairs},stopping{...},validation{...},purged,embargoed,embargo_days,shared_decisions,overlapping_windows,pairs_left_out,process_pairs}, "
        + "history[{epoch,train_loss,train_accuracy,train_margin,validation_loss,validation_accuracy,validation_margin,learning_rate,gradient_norm}], best_epoch, stop_reason, "
        + $"validation{{{TrainingDocument.ValidationFields}}}, verdict, "
        + "gate{passed,champion|null,criteria[{name,value|null,threshold,passed,text}]} (what models promote would say), files{model,report,checklist}";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        RequireSupported(context);
        LearningOptions options = OptionsOf(context);
        RecordedPairs data = (
            await context.Output.ProgressAsync("reading the ledger", _ => RecordedPairs.LoadAsync(context, context.Get(_metric)))
        ).RequirePairs();
        IReadOnlyList<PreferencePair> judged = options.Training.ProcessWeight > 0 ? await JudgedAsync(context) : [];
        SessionCalendar calendar = await DecisionCalendar.LoadAsync(context, data.Settled);
        options = data.Complete(options, calendar);
        LearnedModel learned = await context.Output.ProgressAsync(
            "train",
            progress =>
                Task.FromResult(
                    RewardLearning.Learn(
                        data.Settled,
                        data.Pairs,
                        calendar,
                        options,
                        null,
                        progress,
                        judged,
                        context.CancellationToken
                    )
                )
        );

        JsonObject validation = TrainingDocument.ValidationNode(learned);
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        ModelVersion version = await registry.AddAsync(learned.Model, learned.Training, validation, context.CancellationToken);
        var checklist = TrainingChecklist.Of(learned, version.Version);
        string report = Path.Combine(context.Home.Reports, $"train_{version.Version}.html");
        string figures = Path.ChangeExtension(report, ".json");
        Directory.CreateDirectory(context.Home.Reports);
        PromotionTrial gate = await PromotionTrial.RunAsync(
            version,
            registry.FindChampion(),
            async champion =>
                ModelMatch.Compare(
                    await registry.LoadAsync(champion, cancellationToken: context.CancellationToken),
                    learned.Model,
                    data.Settled,
                    options
                )
        );
        await File.WriteAllTextAsync(
            report,
            TrainingPage.Render(learned, version.Version, gate.ToTable(version.Version)),
            context.CancellationToken
        );
        await File.WriteAllTextAsync(
            figures,
            JsonSerializer.Serialize(checklist, RlaifJson.Indented) + "\n",
            context.CancellationToken
        );
        foreach (string alarm in learned.Alarms)
        {
            context.Output.Warn(alarm);
        }

        var files = new
        {
            Model = Path.Combine(context.Home.Models, version.Version),
            Report = report,
            Checklist = figures,
        };
        context.Output.Result(
            TrainingDocument.Of(checklist, gate, files),
            console =>
            {
                TrainingDocument.Show(console, version.Version, learned, report);
                console.WriteLine($"models promote {version.Version} would {(gate.Passed ? "promote it" : "refuse")}:");
                gate.Show(console);
            }
        );
        return ExitCode.Done;
    }

    private LearningOptions OptionsOf(CommandContext context)
    {
        var options = new LearningOptions
        {
            Seed = context.Seed,
            Threads = context.Threads,
            Model = _knobs.Model(context),
            Training = _knobs.Training(context) with
            {
                Ensemble = context.Get(_ensemble),
                Epochs = context.Get(_epochs),
                BatchSize = context.Get(_batchSize),
                ProcessWeight = context.Get(_processWeight),
            },
            Split = new PurgedSplitOptions
            {
                ValidationFraction = context.Get(_validationFraction),
                EmbargoDays = context.Get(_embargo),
            },
        };
        options.RequireValid();
        return options;
    }

    private void RequireSupported(CommandContext context)
    {
        if (context.Get(_encoder) is var encoder and not HashedEncoder)
        {
            throw new RlaifInputException(
                $"--encoder {encoder}: this version has one encoder; only --encoder {HashedEncoder} is there."
            );
        }
    }

    private static async Task<IReadOnlyList<PreferencePair>> JudgedAsync(CommandContext context)
    {
        Ledger ledger = await context.OpenLedgerAsync();
        return ProcessPreferences.From(await ledger.ReadAsync<Judgement>(null, context.CancellationToken));
    }
}
