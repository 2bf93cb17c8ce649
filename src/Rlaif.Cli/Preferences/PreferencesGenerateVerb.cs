using System.CommandLine;
using System.Text.Json;
using Rlaif.Preferences;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif preferences generate</c>.</summary>
internal sealed class PreferencesGenerateVerb : Verb
{
    private readonly Option<string?> _metric = new("--metric")
    {
        Description =
            "What did better: vol_scaled, return, sharpe, sortino, risk_adjusted, excess_return, or an expression over the outcome such as "
            + $"\"net_return - 2 * abs(max_drawdown)\". {ComparisonMetric.ExpressionLanguage}. Where it cannot be computed (an unknown field, a "
            + "division by zero) the candidate makes no pair [default: vol_scaled]",
        HelpName = "NAME|EXPRESSION",
    };

    private readonly Option<string?> _pools = new("--pools")
    {
        Description = "Where pairs come from: same_context, same_date, same_symbol [default: same_context,same_date]",
        HelpName = "A,B",
    };

    private readonly Option<int> _minSamples = PropertyOption.Of<PreferenceOptions, int>(
        "--min-samples",
        "Fewest settled candidates",
        nameof(PreferenceOptions.MinSamples),
        "N"
    );

    private readonly Option<double?> _minMargin = PropertyOption.Of<PreferenceOptions, double?>(
        "--min-margin",
        "Smallest difference of a pair, in standard deviations for vol_scaled, else in the unit of the metric",
        nameof(PreferenceOptions.MinMargin),
        "X",
        otherwise: "0.1, else 0.05"
    );

    private readonly Option<int> _maxPerDecision = PropertyOption.Of<PreferenceOptions, int>(
        "--max-per-decision",
        "Most pairs of one pool that a candidate may be in",
        nameof(PreferenceOptions.MaxPairsPerDecision),
        "N"
    );

    public PreferencesGenerateVerb()
        : base(
            "generate",
            "Form pairs of settled candidates and add those that are new. Calling it again adds nothing; exits with 3 when none can be formed at all",
            "rlaif preferences generate --pools same_context --min-margin 0.2"
        )
    {
        foreach (Option option in (Option[])[_metric, _pools, _minSamples, _minMargin, _maxPerDecision])
        {
            Options.Add(option);
        }
    }

    public override string JsonFields => "pairs{total,new,by_pool{pool:count}}, dropped{reason:count}";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        PreferenceOptions options = CreateOptions(context).Validated();
        if (!context.HasLedger)
        {
            throw new NotEnoughDataException($"No decisions in '{context.Home.Root}'. Make some first: rlaif backtest");
        }

        var generator = new PreferenceGenerator(await context.OpenLedgerAsync(), options, context.Time);
        PreferenceReport report = await context.Output.ProgressAsync(
            "forming pairs",
            _ => generator.GeneratePreferencesAsync(cancellationToken: context.CancellationToken)
        );
        var byPool = report.ByPool.ToDictionary(p => WordOf(p.Key), p => p.Value, StringComparer.Ordinal);
        context.Output.Result(
            new
            {
                Pairs = new
                {
                    report.Total,
                    report.New,
                    ByPool = byPool,
                },
                report.Dropped,
            },
            console => Show(console, report, byPool)
        );
        if (report.Total > 0)
        {
            return ExitCode.Done;
        }

        string dropped = string.Join(", ", report.Dropped.Select(d => $"{d.Key}: {d.Value}"));
        context.Output.Warn(
            $"no pair came of the settled candidates by metric {options.Metric.Name}{(dropped.Length > 0 ? $"; dropped: {dropped}" : string.Empty)}"
        );
        return ExitCode.NotEnoughData;
    }

    private PreferenceOptions CreateOptions(CommandContext context)
    {
        var defaults = new PreferenceOptions();
        return defaults with
        {
            Metric = context.Get(_metric) is { } metric ? ComparisonMetric.Parse(metric) : defaults.Metric,
            Pools = SymbolList.Parse(context.Get(_pools))?.Select(Pool).Distinct().ToArray() ?? defaults.Pools,
            MinSamples = context.Get(_minSamples),
            MinMargin = context.Get(_minMargin),
            MaxPairsPerDecision = context.Get(_maxPerDecision),
            Seed = context.Seed,
        };
    }

    private static PreferencePool Pool(string name)
    {
        PreferencePool[] all = Enum.GetValues<PreferencePool>();
        int index = Array.FindIndex(all, p => WordOf(p) == name);
        return index >= 0
            ? all[index]
            : throw new RlaifInputException($"Unknown pool '{name}'. Pools: {string.Join(", ", all.Select(WordOf))}.");
    }

    private static string WordOf(PreferencePool pool) => JsonNamingPolicy.SnakeCaseLower.ConvertName(pool.ToString());

    private static void Show(IAnsiConsole console, PreferenceReport report, Dictionary<string, int> byPool)
    {
        console.WriteLine($"{report.Total} pairs, {report.New} of them new");
        foreach ((string pool, int count) in byPool)
        {
            console.WriteLine($"  {pool}: {count}");
        }

        foreach ((string reason, long count) in report.Dropped)
        {
            console.WriteLine($"  dropped, {reason}: {count}");
        }
    }
}
