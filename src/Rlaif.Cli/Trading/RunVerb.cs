using System.CommandLine;
using System.Globalization;
using Rlaif.Data;
using Rlaif.Decisions.Llm;
using Rlaif.Outcomes.Brokers;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif run</c>.</summary>
internal sealed class RunVerb : Verb
{
    private const string RangeSeparator = "..";

    private readonly Option<string?> _replay = new("--replay")
    {
        Description = "Trade the imported bars of these days on a virtual clock, from where it was left",
        HelpName = "FROM..TO",
    };

    private readonly Option<string?> _symbols = new("--symbols")
    {
        Description = "What to decide on [default: every imported symbol but the benchmark]",
        HelpName = "A,B",
    };

    private readonly Option<int?> _every = new("--every")
    {
        Description = "Sessions from one decision on a symbol to the next [default: 5]",
        HelpName = "N",
    };

    private readonly Option<int?> _hold = new("--hold")
    {
        Description = "Trading days held, the entry day counted as the first, 2 or more [default: 5]",
        HelpName = "N",
    };

    private readonly Option<double?> _speed = new("--speed")
    {
        Description = "Sessions a second [default: as fast as it goes]",
        HelpName = "X",
    };

    private readonly Option<bool> _paper = new("--paper")
    {
        Description = "Trade with the paper broker in the home: the default",
    };

    private readonly DeskOptions _desk = new();

    public RunVerb()
        : base(
            "run",
            "Trade: decide at the close, fill at the next open, close at the end of the holding period, settle, reconcile. One process at a time for a home; killed at any moment it goes on where it was. For now on replayed bars with the paper broker alone",
            "rlaif run --replay 2024-01-02..2024-06-28 --symbols AAPL,MSFT"
        )
    {
        foreach (Option option in (Option[])[_replay, _symbols, _every, _hold, _speed, _paper])
        {
            Options.Add(option);
        }

        _desk.AddTo(this);
    }

    public override string JsonFields =>
        "sessions, decisions, orders, fills, refusals{rule:count}, open_positions, closed_positions, account{cash,equity,gross_exposure,buying_power}, differences[{symbol,kind,text}] (broker against ledger; none is as it should be)";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        DateRange dates = RangeOf(
            context.Get(_replay)
                ?? throw new RlaifInputException(
                    "Live prices are not in this version; trade imported bars: rlaif run --replay FROM..TO"
                )
        );
        IMarketData market = await context.LoadImportedBarsAsync();
        await using FileStream held = TradingLock.Take(context.Home);
        await using AgentTeam team = await _desk.AssembleAsync(context, market, new Progress<DebateEvent>());
        ModelGuide? guide = await _desk.LoadGuideAsync(context);
        await using Ledger store = await Ledger.OpenAsync(context.Home.Paper, context.CancellationToken);
        var clock = new ReplayClock(new DateTimeOffset(dates.From, TimeOnly.MinValue, TimeSpan.Zero));
        using PaperBroker broker = await PaperBroker.OpenAsync(store, clock, cancellationToken: context.CancellationToken);
        Ledger ledger = await context.OpenLedgerAsync();
        using var loop = new ProductionLoop(
            market,
            team.Manager,
            ledger,
            broker,
            clock,
            SymbolList.Parse(context.Get(_symbols)) ?? market.Symbols,
            OptionsOf(context, team.Threads)
        )
        {
            Guide = _ => Task.FromResult(guide),
        };
        var replay = new Replay(loop, market, ledger, broker, clock);
        ReplayReport report = await context.Output.ProgressAsync(
            "trading",
            progress => replay.RunAsync(dates, PauseOf(context), progress, context.CancellationToken)
        );
        context.Output.Result(report, console => Show(console, report));
        return report.Differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static DateRange RangeOf(string text) =>
        text.Split(RangeSeparator) is [var from, var to]
        && DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first)
        && DateOnly.TryParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly last)
        && first <= last
            ? new DateRange(first, last)
            : throw new RlaifInputException($"--replay takes FROM..TO, such as 2024-01-02..2024-06-28, not '{text}'.");

    private ProductionOptions OptionsOf(CommandContext context, int threads)
    {
        var defaults = new ProductionOptions();
        return defaults with
        {
            EverySessions = context.Get(_every) ?? defaults.EverySessions,
            Settlement = defaults.Settlement with { HoldDays = context.Get(_hold) ?? defaults.Settlement.HoldDays },
            Limits = RiskSettings.Read(context.Settings),
            Threads = threads,
            KillFile = context.Home.KillFile,
        };
    }

    private Func<CancellationToken, Task>? PauseOf(CommandContext context) =>
        context.Get(_speed) switch
        {
            null => null,
            > 0 and var speed => token => Task.Delay(TimeSpan.FromSeconds(1 / speed), context.Time, token),
            var speed => throw new RlaifInputException($"--speed is {speed}; it must be above 0 sessions a second."),
        };

    private static void Show(IAnsiConsole console, ReplayReport report)
    {
        console.WriteLine(
            $"{report.Sessions} sessions, {report.Decisions} decisions, {report.Orders} orders, {report.Fills} fills; positions: {report.OpenPositions} open, {report.ClosedPositions} closed"
        );
        foreach ((string rule, int count) in report.Refusals)
        {
            console.WriteLine($"not sent because of {rule}: {count}");
        }

        console.WriteLine($"account: equity {report.Account.Equity:0.00}, cash {report.Account.Cash:0.00}");
        foreach (DeskDifference difference in report.Differences)
        {
            console.WriteLine($"DIFFERENCE: {difference.Text}");
        }

        console.WriteLine(
            report.Differences.Count == 0 ? "broker and ledger agree" : "broker and ledger do not agree: look before trading on"
        );
    }
}
