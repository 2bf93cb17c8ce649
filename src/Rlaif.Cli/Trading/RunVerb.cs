using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.InteropServices;
using Rlaif.Data;
using Rlaif.Decisions.Llm;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif run</c>.</summary>
internal sealed class RunVerb : Verb
{
    private const string RangeSeparator = "..";

    // A session in eleven days; timers do not wait for much longer.
    private const double SlowestSpeed = 1e-6;

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

    private readonly Option<int> _every = PropertyOption.Of<ProductionOptions, int>(
        "--every",
        "Sessions from one decision on a symbol to the next",
        nameof(ProductionOptions.EverySessions),
        "N"
    );

    private readonly Option<int> _hold = PropertyOption.Of<SettlementOptions, int>(
        "--hold",
        "Trading days held, the entry day counted as the first",
        nameof(SettlementOptions.HoldDays),
        "N",
        least: ProductionOptions.FewestHoldDays
    );

    private readonly Option<double?> _target = PropertyOption.Of<SettlementOptions, double?>(
        "--target",
        "Close at this gain, a fraction of the entry price such as 0.08",
        nameof(SettlementOptions.TargetReturn),
        "X",
        otherwise: "none"
    );

    private readonly Option<double?> _stop = PropertyOption.Of<SettlementOptions, double?>(
        "--stop",
        "Close at this loss, a fraction of the entry price such as 0.04",
        nameof(SettlementOptions.StopReturn),
        "X",
        otherwise: "none"
    );

    private readonly Option<double?> _trail = PropertyOption.Of<SettlementOptions, double?>(
        "--trail",
        "Close at this fall from the best price since the entry, a fraction such as 0.05",
        nameof(SettlementOptions.TrailReturn),
        "X",
        otherwise: "none"
    );

    private readonly Option<bool> _static = new("--static")
    {
        Description =
            "Take the agents' first candidate even when a model is promoted [default: the champion picks, once there is one]",
    };

    private readonly Option<double?> _speed = new("--speed")
    {
        Description = "Sessions a second of a replay [default: as fast as it goes]",
        HelpName = "X",
    };

    private readonly Option<string?> _schedule = new("--schedule")
    {
        Description = "When the jobs are due [default: schedule.json in the home, written when it is not there]",
        HelpName = "FILE",
    };

    private readonly Option<int?> _port = new("--health-port")
    {
        Description = "Answer /health and /metrics on this port of this machine [default: none]",
        HelpName = "N",
    };

    private readonly Option<bool> _accept = new("--accept-holdings")
    {
        Description =
            "Where broker and ledger do not agree on what is held, write the broker's holdings down as done by hand, and trade on",
    };

    private readonly RunBroker _broker = new();

    private readonly DeskOptions _desk = new();

    public RunVerb()
        : base(
            "run",
            "Trade until stopped: decide, send orders, settle, reconcile, learn and promote, each at its times. One process at a time for a home; killed at any moment it goes on where it was. Prices come from Alpaca, or with --replay from imported bars; orders go to the paper broker in the home unless --broker or --live says otherwise",
            "rlaif run --replay 2024-01-02..2024-06-28 --symbols AAPL,MSFT"
        )
    {
        _speed.Require(new RangeAttribute(SlowestSpeed, double.MaxValue));
        _port.Require(new RangeAttribute(1, HealthServer.HighestPort));
        foreach (
            Option option in (Option[])
                [_replay, _symbols, _every, _hold, _target, _stop, _trail, _static, _speed, _schedule, _port, _accept]
        )
        {
            Options.Add(option);
        }

        _broker.AddTo(this);
        _desk.AddTo(this);
    }

    public override string JsonFields =>
        "of a replay: sessions, decisions, orders, fills, refusals{rule:count}, open_positions, closed_positions, account{cash,equity,gross_exposure,buying_power}, differences[{symbol,kind,text}] (broker against ledger; none is as it should be); on the real clock log lines on stderr, and status shows how it stands";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        string? range = context.Get(_replay);
        if (range is not null && _broker.IsElsewhere(context))
        {
            throw new RlaifInputException("A replay trades with the paper broker in the home: leave out --broker and --live.");
        }

        var schedule = ScheduleFile.Load(
            context.Get(_schedule) ?? context.Home.ScheduleFile,
            create: context.Get(_schedule) is null
        );
        return range is null ? await RunLiveAsync(context, schedule) : await ReplayAsync(context, RangeOf(range), schedule);
    }

    private static DateRange RangeOf(string text) =>
        text.Split(RangeSeparator) is [var from, var to]
        && DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first)
        && DateOnly.TryParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly last)
        && first <= last
            ? new DateRange(first, last)
            : throw new RlaifInputException($"--replay takes FROM..TO, such as 2024-01-02..2024-06-28, not '{text}'.");

    private async Task<int> ReplayAsync(CommandContext context, DateRange dates, ScheduleFile schedule)
    {
        IMarketData market = await context.LoadImportedBarsAsync();
        await using FileStream held = TradingLock.Take(context.Home);
        await using AgentTeam team = await _desk.AssembleAsync(context, market, new Progress<DebateEvent>());
        BrokerMark.Claim(context.Home, BrokerMark.Paper);
        await using Ledger store = await Ledger.OpenAsync(context.Home.Paper, context.CancellationToken);
        var clock = new ReplayClock(new DateTimeOffset(dates.From, TimeOnly.MinValue, TimeSpan.Zero));
        using PaperBroker broker = await PaperBroker.OpenAsync(store, clock, cancellationToken: context.CancellationToken);
        using ProductionLoop loop = await AssembleAsync(context, team, market, broker, clock, context.Output.Warn);
        using PosixSignalRegistration signal = KillSignal.Register(loop, context.Output.Warn);
        var replay = new Replay(loop, market, await context.OpenLedgerAsync(), broker, clock, schedule.ToTimetable());
        ReplayReport report = await context.Output.ProgressAsync(
            "trading",
            progress => replay.RunAsync(dates, PauseOf(context), progress, context.CancellationToken)
        );
        context.Output.Result(report, console => Show(console, report));
        return report.Differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task<int> RunLiveAsync(CommandContext context, ScheduleFile schedule)
    {
        await context.LoadImportedBarsAsync();
        Ledger ledger = await context.OpenLedgerAsync();
        // What is written before an order is sent survives a power cut, too.
        await ledger.MakeDurableAsync(context.CancellationToken);
        LiveMarket market = await LiveMarket.LoadAsync(ledger, context.CancellationToken);
        await using FileStream held = TradingLock.Take(context.Home);
        await using AgentTeam team = await _desk.AssembleAsync(context, market, new Progress<DebateEvent>());
        using Data.Alpaca.AlpacaDataClient client = context.OpenAlpaca();
        await using OpenBroker opened = await _broker.OpenAsync(context);
        BrokerMark.Claim(context.Home, opened.Name);
        await using RunSight sight = await RunSight.StartAsync(
            context,
            ledger,
            context.Get(_port) ?? context.Settings.Number(RunSight.PortKey)
        );
        using ProductionLoop loop = await AssembleAsync(context, team, market, opened.Broker, context.Time, sight.Alarm);
        using PosixSignalRegistration signal = KillSignal.Register(loop, sight.Alarm);
        IReadOnlyList<string> watched = await loop.ReadWatchedAsync(context.CancellationToken);
        var feed = new Data.Alpaca.AlpacaFeed(
            client,
            ledger,
            market.Benchmark is { } benchmark ? [.. watched, benchmark] : watched
        );
        await feed.CheckAsync(context.CancellationToken);
        if (context.Get(_accept))
        {
            // A split of today explains what would otherwise be taken for a trade.
            await feed.RefreshAsync(context.Time.GetUtcNow(), context.CancellationToken);
            await market.ReloadAsync(context.CancellationToken);
            (IReadOnlyList<string> taken, IReadOnlyList<string> left) = await loop.AcceptHoldingsAsync(context.CancellationToken);
            SayOf(taken, "taken over from the broker", sight);
            SayOf(left, "left alone until the open, because they are split today", sight);
        }

        using var run = new LiveRun(context, loop, market, feed, opened.Broker, schedule, sight);
        sight.Say($"trading {string.Join(", ", loop.Symbols)} at {opened.Name}; Ctrl-C stops after the step under way");
        await run.RunAsync(context.CancellationToken);
        return ExitCode.Done;
    }

    private static void SayOf(IReadOnlyList<string> symbols, string fate, RunSight sight)
    {
        if (symbols.Count > 0)
        {
            sight.Say($"the holdings of {string.Join(", ", symbols)} are {fate}");
        }
    }

    private async Task<ProductionLoop> AssembleAsync(
        CommandContext context,
        AgentTeam team,
        IMarketData market,
        IBroker broker,
        TimeProvider time,
        Action<string> alarm
    )
    {
        ModelGuide? pinned = await _desk.LoadGuideAsync(context);
        var learning = new ScheduledLearning(context, time, alarm);
        return new ProductionLoop(
            market,
            team.Manager,
            await context.OpenLedgerAsync(),
            broker,
            time,
            SymbolList.Parse(context.Get(_symbols)) ?? market.Symbols,
            OptionsOf(context, team.Threads)
        )
        {
            Guide =
                context.Get(_static) ? null
                : pinned is null ? learning.GuideAsync
                : _ => Task.FromResult<ModelGuide?>(pinned),
            Learning = learning.RunAsync,
        };
    }

    private ProductionOptions OptionsOf(CommandContext context, int threads)
    {
        var defaults = new ProductionOptions();
        return defaults with
        {
            EverySessions = context.Get(_every),
            Settlement = defaults.Settlement with
            {
                HoldDays = context.Get(_hold),
                TargetReturn = context.Get(_target),
                StopReturn = context.Get(_stop),
                TrailReturn = context.Get(_trail),
            },
            Limits = RiskSettings.Read(context.Settings),
            Threads = threads,
            KillFile = context.Home.KillFile,
        };
    }

    private Func<CancellationToken, Task>? PauseOf(CommandContext context) =>
        context.Get(_speed) is { } speed ? token => Task.Delay(TimeSpan.FromSeconds(1 / speed), context.Time, token) : null;

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
