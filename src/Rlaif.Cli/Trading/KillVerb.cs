using System.CommandLine;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif kill</c>.</summary>
internal sealed class KillVerb : Verb
{
    private readonly Option<bool> _flatten = new("--flatten") { Description = "Close all positions at the next price, too" };

    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Kept with the stop [default: by hand]",
        HelpName = "TEXT",
    };

    public KillVerb()
        : base(
            "kill",
            "Stop trading at once: no order leaves any more, orders that wait are cancelled. It stays so, whatever is restarted, until: rlaif resume. A file named KILL in the home does the same",
            "rlaif kill --flatten --reason \"news I do not understand\""
        )
    {
        Options.Add(_flatten);
        Options.Add(_reason);
    }

    public override string JsonFields =>
        "halted, reason, at, flatten, cancelled (null while another process trades: it cancels at its next step)";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        Ledger ledger = await context.OpenLedgerAsync();
        bool flatten = context.Get(_flatten);
        string reason = context.Get(_reason) is { Length: > 0 } text ? text : "by hand";
        // The stop first, and whether or not anything else can be done.
        TradingHalt halt = await new HaltSwitch(ledger, context.Time).SwitchAsync(
            true,
            reason,
            flatten,
            context.CancellationToken
        );
        await using FileStream? held = TradingLock.TryTake(context.Home);
        int? cancelled = held is null ? null : await EnforceAsync(context, ledger);
        context.Output.Result(
            new
            {
                Halted = true,
                halt.Reason,
                halt.At,
                halt.Flatten,
                Cancelled = cancelled,
            },
            console =>
                console.WriteLine(
                    cancelled is { } count
                        ? $"trading is stopped; {count} orders cancelled. Only this lifts it: rlaif resume"
                        : "trading is stopped; the process that trades cancels what waits at its next step. Only this lifts it: rlaif resume"
                )
        );
        return ExitCode.Done;
    }

    private static async Task<int> EnforceAsync(CommandContext context, Ledger ledger)
    {
        if (!File.Exists(context.Home.Paper))
        {
            return 0;
        }

        await using Ledger store = await Ledger.OpenAsync(context.Home.Paper, context.CancellationToken);
        // The books stand at the last session that was traded, and so does their clock.
        IReadOnlyList<EquityMark> marks = await ledger.ReadAsync<EquityMark>(cancellationToken: context.CancellationToken);
        var clock = new ReplayClock(marks.Count == 0 ? context.Time.GetUtcNow() : marks[^1].At);
        using PaperBroker broker = await PaperBroker.OpenAsync(store, clock, cancellationToken: context.CancellationToken);
        clock.AdvanceTo(broker.Latest);
        int before = (await broker.GetOpenOrdersAsync(context.CancellationToken)).Count;
        using var desk = new TradingDesk(broker, ledger, clock);
        await desk.EnforceHaltAsync();
        return before;
    }
}
