using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Rewards;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif monitor</c>.</summary>
internal sealed class MonitorVerb : Verb
{
    internal const string ReportFile = "monitor.html";

    private readonly Option<int> _window = PropertyOption.Of<MonitorOptions, int>(
        "--window",
        "Most contexts to look at, the latest that were settled",
        nameof(MonitorOptions.Window),
        "N"
    );

    private readonly Option<string?> _model = new("--model")
    {
        Description = "The version to look at [default: the champion]",
        HelpName = "V",
    };

    private readonly Option<DateOnly?> _asOf = new("--as-of")
    {
        Description = "Use only what was known at the end of this day, UTC [default: now]",
        HelpName = "DATE",
    };

    private readonly Option<int> _retrainPairs = PropertyOption.Of<MonitorOptions, int>(
        "--retrain-pairs",
        "Pairs later than all that the model was fitted to or judged on from which on training again is advised",
        nameof(MonitorOptions.RetrainPairs),
        "N"
    );

    private readonly Option<int> _retrainDays = PropertyOption.Of<MonitorOptions, int>(
        "--retrain-days",
        "Days since the training from which on training again is advised",
        nameof(MonitorOptions.RetrainDays),
        "N"
    );

    private readonly Option<string?> _metric = new("--metric")
    {
        Description =
            "What says which side of a pair did better, a name or an expression [default: the metric that the version was trained on]",
        HelpName = "NAME|EXPRESSION",
    };

    public MonitorVerb()
        : base(
            "monitor",
            "Is the deployed model still right? Its rewards against the outcomes of the latest decisions that came after everything it was fitted to and judged on, its features against those of training, and what to do",
            "rlaif monitor --window 200 --json"
        )
    {
        foreach (Option option in (Option[])[_window, _model, _asOf, _retrainPairs, _retrainDays, _metric])
        {
            Options.Add(option);
        }
    }

    public override string JsonFields =>
        "version, as_of, metric (that says which side of a pair did better), window{contexts,candidates,dates,first_date,last_date}, correlation{value,ci:[lo,hi]|null}, "
        + "accuracy{value,ci:[lo,hi],pairs,since_training:[lo,hi]|null}, drift{feature:psi}|null, drift_noise{feature:psi}|null, drifted[feature], "
        + "drift_ratio|null, drift_ratio_limit|null, previous{version,difference,ci,pairs}|null, new_pairs (later than all that it was fitted to or judged on), age_days, alarm, advice (keep|retrain|roll_back), reasons[], files{report}";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (context.Get(_model)?.Contains(':', StringComparison.Ordinal) is true)
        {
            throw new RlaifInputException("monitor looks at one model, not at a blend: monitor each of its models, --model V.");
        }

        var registry = new ModelRegistry(context.Home.Models, context.Time);
        string version = DeployedModel.Choose(context, registry, context.Get(_model));
        DateTimeOffset asOf = context.Get(_asOf) is { } day ? new DateRange(day, day).EndOfLastDay : context.Time.GetUtcNow();
        MonitorOptions options = OptionsOf(context);
        ModelVersion account = await registry.GetAsync(version, context.CancellationToken);
        RecordedPairs data = await context.Output.ProgressAsync(
            "reading the ledger",
            _ => RecordedPairs.LoadToJudgeAsync(context, account, context.Get(_metric), asOf)
        );
        LearningOptions learning = data.Complete(new LearningOptions { Seed = context.Seed, Threads = context.Threads });
        string? previous = version == registry.FindChampion() ? registry.FindPreviousChampion() : null;
        MonitoredModel monitored = await LoadAsync(context, registry, account, previous, data.Options.Metric.Name);
        MonitorReport report = await context.Output.ProgressAsync(
            "looking",
            _ => Task.FromResult(ModelMonitor.Check(monitored, data.Settled, asOf, learning, options))
        );
        string file = Path.Combine(context.Home.Reports, ReportFile);
        Directory.CreateDirectory(context.Home.Reports);
        await File.WriteAllTextAsync(file, MonitorPage.Render(report, version), context.CancellationToken);
        context.Output.Result(Document(report, version, previous, file), console => Show(console, report, version, file));
        return ExitCode.Done;
    }

    private MonitorOptions OptionsOf(CommandContext context) =>
        new MonitorOptions
        {
            Window = context.Get(_window),
            RetrainPairs = context.Get(_retrainPairs),
            RetrainDays = context.Get(_retrainDays),
        }.Validated();

    /// <summary>Loads what there is to look at, and warns of what cannot be told of it.</summary>
    /// <param name="context">The verb.</param>
    /// <param name="registry">Where the versions are.</param>
    /// <param name="account">The version to look at.</param>
    /// <param name="previous">The champion before it; null for none.</param>
    /// <param name="judgedBy">Name of the metric that it is judged by now.</param>
    internal static async Task<MonitoredModel> LoadAsync(
        CommandContext context,
        ModelRegistry registry,
        ModelVersion account,
        string? previous,
        string judgedBy
    )
    {
        string version = account.Version;
        RewardModel model = await context.LoadModelAsync(registry, version);
        DateOnly? judgedOn = StoredTraining.LastValidationDate(account);
        if (judgedOn is null && account.Validation is not null)
        {
            context.Output.Warn(
                $"{version} was stored without the dates it was judged on; those decisions count as decisions since its training"
            );
        }

        return new MonitoredModel(model, account.CreatedAt)
        {
            LastValidationDate = judgedOn,
            AtTraining = AtTraining(context, account, judgedBy),
            Previous = previous is null ? null : await LoadPreviousAsync(context, registry, previous, judgedBy),
        };
    }

    private static async Task<RewardModel?> LoadPreviousAsync(
        CommandContext context,
        ModelRegistry registry,
        string previous,
        string judgedBy
    )
    {
        try
        {
            RewardModel model = await context.LoadModelAsync(registry, previous);
            ModelDuel.WarnOfOtherMetrics(context, judgedBy, await registry.GetAsync(previous, context.CancellationToken));
            return model;
        }
        catch (RlaifInputException e)
        {
            // What there is to say of the champion does not depend on the one before it.
            context.Output.Warn($"{previous}, the champion before, is not compared with: {e.Message}");
            return null;
        }
    }

    // Accuracies by two metrics say nothing about each other.
    private static (double Accuracy, double Lower, double Upper)? AtTraining(
        CommandContext context,
        ModelVersion account,
        string judgedBy
    )
    {
        (double, double, double)? before = AtTraining(account.Validation);
        if (before is null || StoredTraining.MetricOf(account) is var own && own == judgedBy)
        {
            return before;
        }

        context.Output.Warn(
            $"{account.Version} was {(own is null ? "stored without the metric it was trained on" : $"trained on metric {own}")}; its accuracy at training is not compared with that by {judgedBy}"
        );
        return null;
    }

    private static (double Accuracy, double Lower, double Upper)? AtTraining(JsonObject? validation) =>
        validation?["accuracy"] is { } accuracy && validation["accuracy_ci"] is JsonArray { Count: 2 } ends
            ? (accuracy.GetValue<double>(), ends[0]!.GetValue<double>(), ends[1]!.GetValue<double>())
            : null;

    private static object Document(MonitorReport r, string version, string? previous, string file) =>
        new
        {
            Version = version,
            r.AsOf,
            r.Metric,
            Window = new
            {
                r.Contexts,
                r.Candidates,
                r.Accuracy.Dates,
                r.FirstDate,
                r.LastDate,
            },
            Correlation = new { Value = r.Correlation.Spearman, Ci = r.Correlation.SpearmanInterval?.ToArray() },
            Accuracy = new
            {
                Value = r.Accuracy.Accuracy,
                Ci = r.Accuracy.Interval?.ToArray(),
                r.Accuracy.Pairs,
                SinceTraining = r.SinceTraining is var (lower, upper) ? new[] { lower, upper } : null,
            },
            Drift = ByFeature(r.Drift, f => f.Psi),
            DriftNoise = ByFeature(r.Drift, f => f.Noise),
            Drifted = r.Drift?.Features.Where(f => f.IsBeyondNoise).Select(f => f.Name) ?? [],
            DriftRatio = r.Drift?.Ratio,
            DriftRatioLimit = r.Drift?.RatioLimit,
            Previous = r.Comparison is { } c
                ? new
                {
                    Version = previous,
                    c.Difference,
                    Ci = c.Interval?.ToArray(),
                    c.Pairs,
                }
                : null,
            r.NewPairs,
            r.AgeDays,
            r.Alarm,
            Advice = Word(r.Advice),
            r.Reasons,
            Files = new { Report = file },
        };

    private static SortedDictionary<string, double>? ByFeature(DriftReport? drift, Func<FeatureDrift, double> value) =>
        drift is null ? null : new(drift.Features.ToDictionary(f => f.Name, value), StringComparer.Ordinal);

    internal static string Word(MonitorAdvice advice) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{advice}");

    private static void Show(IAnsiConsole console, MonitorReport r, string version, string file)
    {
        const int FeaturesShown = 5;
        console.WriteLine(
            $"{version} on {r.Contexts} contexts ({r.Candidates} candidates, {r.Accuracy.Dates} dates, {r.FirstDate:yyyy-MM-dd} to {r.LastDate:yyyy-MM-dd}), later than all it was fitted to or judged on; judged by metric {r.Metric}"
        );
        Table figures = new Table().AddColumns("figure", "value", "interval");
        figures.AddRow("accuracy (%)", $"{100 * r.Accuracy.Accuracy:0.0}", Interval(r.Accuracy.Interval, 100));
        figures.AddRow("rank correlation", $"{r.Correlation.Spearman:0.00}", Interval(r.Correlation.SpearmanInterval, 1));
        console.Write(figures);
        if (r.Drift is { } drift)
        {
            Table features = new Table().AddColumns("feature", "stability index", "noise", "moved");
            foreach (FeatureDrift f in drift.Features.Take(FeaturesShown))
            {
                features.AddRow(f.Name.EscapeMarkup(), $"{f.Psi:0.000}", $"{f.Noise:0.000}", f.IsBeyondNoise ? "yes" : "no");
            }

            console.Write(features);
        }

        console.WriteLine($"advice: {Word(r.Advice).Replace('_', ' ')}");
        foreach (string reason in r.Reasons)
        {
            console.WriteLine($"  {reason}");
        }

        console.WriteLine($"report {file}");
    }

    private static string Interval(BootstrapInterval? interval, double unit) =>
        interval is null ? "-" : $"{unit * interval.Lower:0.00} to {unit * interval.Upper:0.00}";
}
