using System.CommandLine;
using Rlaif.Data.Alpaca;
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

    // A replay of days that are this near the present is taken for trading of now: its orders would be accepted a little late.
    private static readonly TimeSpan RunOfNow = TimeSpan.FromDays(10);

    public override string JsonFields =>
        "halted, reason, at, flatten, cancelled (null while another process trades, which cancels at its next step, or when the broker does not answer)";

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
                    cancelled is { } count ? $"trading is stopped; {count} orders cancelled. Only this lifts it: rlaif resume"
                    : held is null
                        ? "trading is stopped; the process that trades cancels what waits at its next step. Only this lifts it: rlaif resume"
                    : "trading is stopped. Only this lifts it: rlaif resume"
                )
        );
        return ExitCode.Done;
    }

    /// <summary>Does at the broker what the stop asks for; null when that cannot be done here.</summary>
    private static async Task<int?> EnforceAsync(CommandContext context, Ledger ledger)
    {
        if (BrokerMark.Read(context.Home) is { } name && name != BrokerMark.Paper)
        {
            return await EnforceAtAlpacaAsync(context, ledger, name);
        }

        if (!File.Exists(context.Home.Paper))
        {
            return 0;
        }

        await using Ledger store = await Ledger.OpenAsync(context.Home.Paper, context.CancellationToken);
        // After a replay the books stand at the last session that was traded, and so does their clock; after a run of now, at now.
        IReadOnlyList<EquityMark> marks = await ledger.ReadAsync<EquityMark>(cancellationToken: context.CancellationToken);
        DateTimeOffset now = context.Time.GetUtcNow();
        DateTimeOffset last = marks.Count == 0 ? now : marks[^1].At;
        var clock = new ReplayClock(now - last < RunOfNow && now > last ? now : last);
        using PaperBroker broker = await PaperBroker.OpenAsync(store, clock, cancellationToken: context.CancellationToken);
        clock.AdvanceTo(broker.Latest);
        return await EnforceAsync(broker, ledger, clock, context.CancellationToken);
    }

    private static async Task<int?> EnforceAtAlpacaAsync(CommandContext context, Ledger ledger, string name)
    {
        try
        {
            AlpacaOptions options = AlpacaAccess.ReadOptions(context.Settings);
            if (!name.EndsWith(options.TradingUrl.Authority, StringComparison.Ordinal))
            {
                options = options with { TradingUrl = new Uri($"https://{name[(name.LastIndexOf(' ') + 1)..]}") };
            }

            using var broker = new AlpacaBroker(AlpacaAccess.ReadKeys(context.Environment), options, context.Time);
            return await EnforceAsync(broker, ledger, context.Time, context.CancellationToken);
        }
        catch (Exception e) when (e is AlpacaException or BrokerDoubtException or RlaifInputException)
        {
            context.Output.Warn(
                $"no new order is sent, but what waits at {name} is NOT cancelled: {e.Message} Cancel it there, or call kill again."
            );
            return null;
        }
    }

    private static async Task<int> EnforceAsync(
        IBroker broker,
        Ledger ledger,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        int before = (await broker.GetOpenOrdersAsync(cancellationToken)).Count;
        using var desk = new TradingDesk(broker, ledger, clock);
        await desk.EnforceHaltAsync();
        return before;
    }
}
