using System.CommandLine;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Outcomes;
using Rlaif.Selection;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif backtest</c>.</summary>
internal sealed class BacktestVerb : Verb
{
    // Tokens of a call that looks back: the facts with the closing reports, and a note of two sentences.
    private const int LessonPrompt = 1500;
    private const int LessonReply = 300;

    private readonly Option<string?> _symbols = new("--symbols")
    {
        Description = "Symbols, separated by commas [default: all that were imported]",
        HelpName = "A,B",
    };

    private readonly Option<DateOnly?> _from = new("--from")
    {
        Description = "First session to decide on [default: the first bar]",
        HelpName = "DATE",
    };

    private readonly Option<DateOnly?> _to = new("--to")
    {
        Description = "Last session to decide on [default: the last bar]",
        HelpName = "DATE",
    };

    private readonly Option<int> _every = PropertyOption.Of<BacktestOptions, int>(
        "--every",
        "Trading sessions between two decisions on one symbol",
        nameof(BacktestOptions.EverySessions),
        "N"
    );

    private readonly Option<int> _hold = PropertyOption.Of<SettlementOptions, int>(
        "--hold",
        "Trading sessions held, the entry day included",
        nameof(SettlementOptions.HoldDays),
        "N"
    );

    private readonly Option<double?> _costs = PropertyOption.Of<SettlementOptions, double?>(
        "--cost-bps",
        "Commission, spread and slippage together, in basis points a side",
        nameof(SettlementOptions.CommissionBps),
        "X",
        otherwise: "5"
    );

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Continue after an interruption; that is what happens anyway, a finished run is only reported again",
    };

    private readonly DeskOptions _desk = new();

    public BacktestVerb()
        : base(
            "backtest",
            "Decide and settle over history, recording everything; the same bars, dates and options are the same run, which continues where it was interrupted",
            "rlaif backtest --symbols AAPL,MSFT --from 2022-01-03 --to 2023-12-29 --every 5 --hold 5"
        )
    {
        foreach (Option option in (Option[])[_symbols, _from, _to, _every, _hold, _costs, _resume])
        {
            Options.Add(option);
        }

        _desk.AddTo(this);
    }

    public override string JsonFields =>
        "run_id, decisions, candidates, outcomes, pending, failed{reason:count}, decisions_seen_in_training, decisions_abstained (guided only; the baseline candidate was kept), portfolio{total_return,annualized_return,volatility,sharpe,sortino,max_drawdown,calmar,turnover,costs,trades,win_rate}, benchmark{the same}, benchmark_symbols[], equity[{date,equity}] in multiples of the starting equity, llm{agents,usage{"
        + UsageDocument.Fields
        + "},by_role{role:usage},by_model{model:usage},undecided,before_cutoff,lessons} (null for rules)";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IMarketData market = await context.LoadImportedBarsAsync();
        DebateDisplay display = context.Output.Debate(everyLine: context.Output.IsVerbose);
        await using AgentTeam team = await _desk.AssembleAsync(context, market, display);
        BacktestOptions options = CreateOptions(context, team.Threads);
        ModelGuide? guide = await _desk.LoadGuideAsync(context);
        IReadOnlyList<string> symbols = SymbolList.Parse(context.Get(_symbols)) ?? market.Symbols;
        DateRange dates = await DatesAsync(context, market, symbols);
        var backtest = new Backtest(market, team.Manager, await context.OpenLedgerAsync(), options, guide, team.Reflections);
        if (team.Models is not null)
        {
            await ConfirmAsync(context, team, market, await backtest.PlanAsync(symbols, dates, context.CancellationToken));
        }

        Task<BacktestReport> RunAsync(IProgress<ProgressUpdate> progress) =>
            backtest.RunAsync(symbols, dates, progress, context.CancellationToken);
        BacktestReport report = team.Models is null
            ? await context.Output.ProgressAsync("backtest", RunAsync)
            : await display.RunAsync(RunAsync);
        BeforeCutoff.Warn(context.Output, report.Decided);
        int seen = guide is null ? 0 : report.Decided.Count(d => d.Decision.AsOf <= guide.Rewards.KnownUntil);
        if (seen > 0)
        {
            context.Output.Warn(
                $"{seen} of {report.Decided.Count} decisions lie before {guide!.Rewards.KnownUntil:yyyy-MM-dd}, up to which {guide.Version} was trained: what they earned says nothing about the model"
            );
        }

        var portfolio = PortfolioReport.Of(report.Account);
        var benchmark = PortfolioReport.Of(report.Benchmark);
        Dictionary<string, object?>? models = team.Access is null ? null : Models(report, team);
        context.Output.Result(
            new
            {
                report.RunId,
                Decisions = report.Decided.Count,
                Candidates = report.Decided.Sum(d => d.Proposal.Candidates.Count),
                Outcomes = report.Settled.Count,
                report.Pending,
                report.Failed,
                DecisionsSeenInTraining = guide is null ? (int?)null : seen,
                DecisionsAbstained = guide is null ? (int?)null : report.Decided.Count(d => BestOfN.HasAbstained(d.Decision)),
                Portfolio = portfolio,
                Benchmark = benchmark,
                report.BenchmarkSymbols,
                Equity = report.Account.Points,
                Llm = models,
            },
            console => Show(console, report, portfolio, benchmark, team.Usage)
        );
        return ExitCode.Done;
    }

    private async Task ConfirmAsync(
        CommandContext context,
        AgentTeam team,
        IMarketData market,
        IReadOnlyList<DecisionMoment> open
    )
    {
        if (open.Count == 0)
        {
            return;
        }

        DecisionMoment middle = open[open.Count / 2];
        MarketSnapshot sample = await market.GetSnapshotAsync(middle.Symbol, middle.AsOf, context.CancellationToken);
        PlannedCalls[] plan = [.. team.Models!.Plan(sample, team.Manager.Options, open.Count), .. Lessons(team, open.Count)];
        _desk.Models.Confirm(context, team.Access!, plan);
    }

    // One for each decision after it has settled.
    private static PlannedCalls[] Lessons(AgentTeam team, int count) =>
        team.Reflections is null ? [] : [new PlannedCalls(ModelRole.Reflection, count, LessonPrompt, LessonReply)];

    private static Dictionary<string, object?> Models(BacktestReport report, AgentTeam team)
    {
        LlmUsage usage = team.Access!.Gateway.Usage;
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["agents"] = team.Manager.Agents,
            ["usage"] = UsageDocument.Of(usage.Total),
            ["by_role"] = UsageDocument.ByRole(usage),
            ["by_model"] = UsageDocument.ByModel(usage),
            ["undecided"] = report.Undecided,
            ["before_cutoff"] = BeforeCutoff.Count(report.Decided),
            ["lessons"] = report.Lessons,
        };
    }

    private BacktestOptions CreateOptions(CommandContext context, int threads)
    {
        var settlement = new SettlementOptions { HoldDays = context.Get(_hold) };
        if (context.Get(_costs) is { } costs)
        {
            settlement = settlement with { CommissionBps = costs, HalfSpreadBps = 0, SlippageBps = 0 };
        }

        return new BacktestOptions
        {
            EverySessions = context.Get(_every),
            Settlement = settlement,
            Threads = threads,
        };
    }

    private async Task<DateRange> DatesAsync(CommandContext context, IMarketData market, IReadOnlyList<string> symbols)
    {
        DateOnly? from = context.Get(_from);
        DateOnly? to = context.Get(_to);
        foreach (string symbol in symbols.Where(_ => from is null || to is null))
        {
            BarSeries bars = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, context.CancellationToken);
            from = context.Get(_from) ?? (from < bars[0].Session ? from : bars[0].Session);
            to = context.Get(_to) ?? (to > bars[bars.Count - 1].Session ? to : bars[bars.Count - 1].Session);
        }

        return from <= to
            ? new DateRange(from.Value, to.Value)
            : throw new RlaifInputException($"--from {from:yyyy-MM-dd} lies after --to {to:yyyy-MM-dd}.");
    }

    private static void Show(
        IAnsiConsole console,
        BacktestReport report,
        PortfolioReport portfolio,
        PortfolioReport benchmark,
        UsageDocument? usage
    )
    {
        console.WriteLine($"run {report.RunId}");
        console.WriteLine(
            $"{report.Decided.Count} decisions, {report.Decided.Sum(d => d.Proposal.Candidates.Count)} candidates: {report.Settled.Count} settled, {report.Pending} pending, {report.Failed.Values.Sum()} failed"
        );
        Table table = new Table().AddColumns("", "decisions", $"buy and hold {string.Join(", ", report.BenchmarkSymbols)}");
        Row("total return (%)", p => Percent(p.TotalReturn));
        Row("annualized return (%)", p => Percent(p.AnnualizedReturn));
        Row("volatility (% a year)", p => Percent(p.Volatility));
        Row("Sharpe ratio (a year)", p => Ratio(p.Sharpe));
        Row("Sortino ratio (a year)", p => Ratio(p.Sortino));
        Row("largest drawdown (%)", p => Percent(p.MaxDrawdown));
        Row("Calmar ratio", p => Ratio(p.Calmar));
        Row("turnover (times equity a year)", p => Ratio(p.Turnover));
        Row("costs (% of starting equity)", p => Percent(p.Costs));
        Row("trades", p => $"{p.Trades}");
        Row("win rate (%)", p => Percent(p.WinRate));
        console.Write(table);
        if (usage is not null)
        {
            console.WriteLine(usage.Words());
        }

        void Row(string name, Func<PortfolioReport, string> value) => table.AddRow(name, value(portfolio), value(benchmark));
    }

    private static string Percent(double? value) => value is { } v ? $"{100 * v:0.00}" : "undefined";

    private static string Ratio(double? value) => value is { } v ? $"{v:0.00}" : "undefined";
}
