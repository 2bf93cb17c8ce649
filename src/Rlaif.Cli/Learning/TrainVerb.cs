using System.CommandLine;
using Rlaif.Data;
using Rlaif.Data.Text;
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
    // Defaults are read from the options when help or a run asks, so that no number stands twice.
    private readonly Option<int> _epochs = PropertyOption.Of<TrainingOptions, int>(
        "--epochs",
        "Most passes over the pairs; the best one is kept",
        nameof(TrainingOptions.Epochs),
        "N"
    );

    private readonly Option<int> _batchSize = PropertyOption.Of<TrainingOptions, int>(
        "--batch-size",
        "Pairs per step; 0 takes all in one step per epoch",
        nameof(TrainingOptions.BatchSize),
        "N"
    );

    private readonly Option<double> _validationFraction = PropertyOption.Of<PurgedSplitOptions, double>(
        "--validation-fraction",
        "Share of the decision dates, the last ones, that nothing is fitted to",
        nameof(PurgedSplitOptions.ValidationFraction),
        "X"
    );

    private readonly Option<int?> _embargo = PropertyOption.Of<PurgedSplitOptions, int?>(
        "--embargo",
        "Trading sessions without decisions between the sides of the split",
        nameof(PurgedSplitOptions.EmbargoDays),
        "N",
        otherwise: "the longest holding period"
    );

    private readonly Option<int> _ensemble = PropertyOption.Of<TrainingOptions, int>(
        "--ensemble",
        "Networks of the ensemble, each with its own seed and dates; 1 trains a single one on all dates",
        nameof(TrainingOptions.Ensemble),
        "N"
    );

    private readonly Option<string> _encoder = new("--encoder")
    {
        Description =
            "How texts become vectors: 'hashed' n-grams need no download; static:PATH is a folder with token vectors, onnx:PATH one with a sentence encoder; NAME one of encoders list",
        DefaultValueFactory = _ => HashedTextEncoder.SpecName,
        HelpName = "hashed|static:PATH|onnx:PATH|NAME",
    };

    private readonly Option<string?> _metric = new("--metric")
    {
        Description =
            "Which pairs, by the metric or expression that formed them [default: the one that is there, of several vol_scaled]",
        HelpName = "NAME|EXPRESSION",
    };

    private readonly Option<double> _processWeight = PropertyOption.Of<TrainingOptions, double>(
        "--process-weight",
        "Share of the loss that comes from a judge's preferences; stopping and all figures stay with the market's pairs",
        nameof(TrainingOptions.ProcessWeight),
        "W"
    );

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
        + $"validation{{{TrainingDocument.ValidationFields}}}, "
        + "verdict, gate{passed,champion|null,criteria[{name,value|null,threshold,passed,text}]} (what models promote would say), files{model,report,checklist}";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        LearningOptions options = OptionsOf(context);
        ITextEncoder encoder = context.OpenEncoder(context.Get(_encoder)!);
        options = options with { Encoder = encoder, Model = options.Model with { TextDim = encoder.Dimensions } };
        RecordedPairs data = (
            await context.Output.ProgressAsync("reading the ledger", _ => RecordedPairs.LoadAsync(context, context.Get(_metric)))
        ).RequirePairs();
        IReadOnlyList<PreferencePair> judged = options.Training.ProcessWeight > 0 ? await JudgedAsync(context) : [];
        SessionCalendar calendar = await DecisionCalendar.LoadAsync(context, data.Settled);
        options = data.Complete(options, calendar);
        // What cannot be kept is better known before it is trained.
        HomeFolder.RequireWritable(context.Home.Models);
        await context.EncodeAheadAsync(options.Encoder, data.Settled.Select(s => s.Candidate));
        TrainedVersion trained = await context.Output.ProgressAsync(
            "train",
            progress => TrainedVersion.TrainAsync(context, data, options, calendar, judged, context.Time, progress)
        );
        (_, LearnedModel learned, PromotionTrial gate, TrainingChecklist checklist) = trained;
        TrainingFiles files = await trained.WriteReportsAsync(context);
        foreach (string alarm in learned.Alarms)
        {
            context.Output.Warn(alarm);
        }

        context.Output.Result(
            TrainingDocument.Of(checklist, gate, files),
            console =>
            {
                TrainingDocument.Show(console, checklist.Version, learned, files.Report);
                console.WriteLine($"models promote {checklist.Version} would {(gate.Passed ? "promote it" : "refuse")}:");
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

    private static async Task<IReadOnlyList<PreferencePair>> JudgedAsync(CommandContext context)
    {
        Ledger ledger = await context.OpenLedgerAsync();
        return ProcessPreferences.From(await ledger.ReadAsync<Judgement>(null, context.CancellationToken));
    }
}
