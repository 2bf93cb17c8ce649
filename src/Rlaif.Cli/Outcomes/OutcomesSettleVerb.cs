using System.CommandLine;
using Rlaif.Data;
using Rlaif.Outcomes;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif outcomes settle</c>.</summary>
internal sealed class OutcomesSettleVerb : Verb
{
    private readonly Option<DateOnly?> _asOf = new("--as-of")
    {
        Description = "Use only what was known at the end of this day, UTC [default: now]",
        HelpName = "DATE",
    };

    public OutcomesSettleVerb()
        : base(
            "settle",
            "Settle every candidate whose time has come, traded or not, and close its position: entry at the first open after the decision, exit at the close of the last day held. Calling it again adds nothing",
            "rlaif outcomes settle --as-of 2024-07-31"
        ) => Options.Add(_asOf);

    public override string JsonFields =>
        "settled, pending, failed{reason:count}, pending_reasons{reason:count}, positions_closed";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IMarketData market = await context.LoadImportedBarsAsync();
        Ledger ledger = await context.OpenLedgerAsync();
        TimeProvider clock = context.Get(_asOf) is { } day ? new EndOfDay(day) : context.Time;
        int before = await ledger.CountAsync<Outcome>(context.CancellationToken);
        (int closed, SettlementSummary summary) = await context.Output.ProgressAsync(
            "settling",
            progress => SettleAsync(market, ledger, clock, progress, context.CancellationToken)
        );
        int settled = await ledger.CountAsync<Outcome>(context.CancellationToken) - before;
        context.Output.Result(
            new
            {
                Settled = settled,
                summary.Pending,
                summary.Failed,
                summary.PendingReasons,
                PositionsClosed = closed,
            },
            console => Show(console, settled, closed, summary)
        );
        return ExitCode.Done;
    }

    private static async Task<(int Closed, SettlementSummary Summary)> SettleAsync(
        IMarketData market,
        Ledger ledger,
        TimeProvider clock,
        IProgress<ProgressUpdate> progress,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Position> closed = await new OutcomeTracker(market, ledger, clock).UpdatePositionsAsync(cancellationToken);
        SettlementSummary summary = await new OutcomeSettler(market).SettleAsync(
            ledger,
            clock.GetUtcNow(),
            progress,
            cancellationToken
        );
        return (closed.Count, summary);
    }

    private static void Show(IAnsiConsole console, int settled, int closed, SettlementSummary summary)
    {
        console.WriteLine($"{settled} candidates settled, {summary.Pending} pending, {closed} positions closed");
        foreach ((string reason, int count) in summary.PendingReasons)
        {
            console.WriteLine($"  pending, {reason}: {count}");
        }

        foreach ((string reason, int count) in summary.Failed)
        {
            console.WriteLine($"  failed, {reason}: {count}");
        }
    }

    private sealed class EndOfDay(DateOnly day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new DateRange(day, day).EndOfLastDay;
    }
}
