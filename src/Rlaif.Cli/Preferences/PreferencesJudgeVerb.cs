using System.CommandLine;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Judging;
using Rlaif.Preferences;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif preferences judge</c>.</summary>
internal sealed class PreferencesJudgeVerb : Verb
{
    // Each order is one call; a brief with two proposals, and a short verdict.
    private const int CallsPerPair = 2;
    private const int InputTokens = 3000;
    private const int OutputTokens = 600;

    private readonly Option<int?> _max = PropertyOption.Of<JudgeOptions, int?>(
        "--max",
        "Most pairs to ask about, each two calls",
        nameof(JudgeOptions.MaxPairs),
        "N",
        otherwise: "all"
    );

    private readonly Option<string?> _metric = new("--metric")
    {
        Description = "What the market's choice is measured by, a name or an expression [default: vol_scaled]",
        HelpName = "NAME|EXPRESSION",
    };

    private readonly Option<string?> _agents = new("--agents")
    {
        Description = "Provider of the judge when the settings name none [default: claude]",
        HelpName = "claude|openai",
    };

    private readonly ModelVerbOptions _models = new();

    public PreferencesJudgeVerb()
        : base(
            "judge",
            "Let a language model compare the reasoning of candidates of one context, in both orders and blind to outcomes, and report how often the market agreed. train --process-weight uses what it prefers",
            "rlaif preferences judge --agents claude --max 200"
        )
    {
        _agents.AcceptOnlyFromAmong([.. DefaultModels.Providers]);
        foreach (Option option in (Option[])[_max, _metric, _agents])
        {
            Options.Add(option);
        }

        _models.AddTo(this);
    }

    public override string JsonFields =>
        "judged, skipped, failed, preferred, ties, order_dependent, agreement{metric,judged,ties,order_dependent,unsettled,market_ties,compared,before_cutoff,dates,share,interval{lower,upper},first_share,verdict}, llm{"
        + UsageDocument.Fields
        + "}";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (!context.HasLedger)
        {
            throw new NotEnoughDataException($"No decisions in '{context.Home.Root}'. Make some first: rlaif backtest");
        }

        var defaults = new JudgeOptions();
        JudgeOptions options = (
            defaults with
            {
                MaxPairs = context.Get(_max),
                Metric = context.Get(_metric) is { } name ? ComparisonMetric.Parse(name) : defaults.Metric,
                Seed = context.Seed,
            }
        ).Validated();
        await using ModelAccess access = await _models.OpenAsync(context, context.Get(_agents) ?? DefaultModels.Providers[0]);
        // The limit of a run is that of a day's judging: all judging ever done would add up to one run.
        access.Gateway.BeginRun($"judge {context.Time.GetUtcNow():yyyy-MM-dd}");
        var run = new JudgeRun(await context.OpenLedgerAsync(), new Judge(access.Gateway), options);
        int pending = await run.CountPendingAsync(context.CancellationToken);
        var plan = new PlannedCalls(ModelRole.Judge, (long)pending * CallsPerPair, InputTokens, OutputTokens);
        _models.Confirm(context, access, [plan]);
        JudgeSummary summary = await context.Output.ProgressAsync("judging", p => run.RunAsync(p, context.CancellationToken));
        var usage = UsageDocument.Of(access.Gateway.Usage.Total);
        context.Output.Result(
            new
            {
                summary.Judged,
                summary.Skipped,
                summary.Failed,
                summary.Preferred,
                summary.Ties,
                summary.OrderDependent,
                summary.Agreement,
                Llm = usage,
            },
            console => Show(console, summary, usage)
        );
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, JudgeSummary s, UsageDocument usage)
    {
        JudgeAgreement a = s.Agreement;
        console.WriteLine($"{s.Judged} pairs judged, {s.Skipped} had been judged before, {s.Failed} without a usable verdict");
        console.WriteLine(
            $"of all judged: {s.Preferred} with a preference, {s.Ties} without, {s.OrderDependent} that changed with the order of reading and count as none"
        );
        console.WriteLine(
            a.FirstShare is { } first
                ? $"position bias: the one shown first was preferred in {100 * first:0.0}% of the answers that named a side (50% without bias)"
                : "position bias: no answer named a side"
        );
        string interval = a.Interval is { } i ? $" [{100 * i.Lower:0.0}, {100 * i.Upper:0.0}]" : "";
        console.WriteLine(
            a.Share is { } share
                ? $"the market agreed in {100 * share:0.0}%{interval} of {a.Compared} compared pairs on {a.Dates} dates: {a.Verdict}"
                : $"the market has not decided on any judged pair yet ({a.Unsettled} unsettled)"
        );
        console.WriteLine(usage.Words());
    }
}
