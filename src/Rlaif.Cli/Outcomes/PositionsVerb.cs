using Rlaif.Data;
using Rlaif.Outcomes;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif positions</c>.</summary>
internal sealed class PositionsVerb()
    : Verb(
        "positions",
        "Positions that wait for their first bar or are held, at the last imported closes; those that are due are closed by: rlaif outcomes settle",
        "rlaif positions --json"
    )
{
    public override string JsonFields =>
        "positions[{position_id,decision_id,symbol,side,quantity,entry_price,current_price,unrealized_pnl,opened_at,due_at,status}]";

    private sealed record Row(
        string PositionId,
        string DecisionId,
        string Symbol,
        PositionSide Side,
        decimal? Quantity,
        decimal? EntryPrice,
        decimal? CurrentPrice,
        decimal? UnrealizedPnl,
        DateTimeOffset OpenedAt,
        DateOnly? DueAt,
        PositionStatus Status
    );

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IReadOnlyList<Position> positions = context.HasLedger ? await ReadAsync(context) : [];
        Row[] rows =
        [
            .. positions.Select(p => new Row(
                p.PositionId,
                p.DecisionId,
                p.Symbol,
                p.Side,
                p.Quantity,
                p.EntryPrice,
                p.CurrentPrice,
                p.UnrealizedPnl,
                p.OpenedAt,
                p.DueAt,
                p.Status
            )),
        ];
        context.Output.Result(new { Positions = rows }, console => Show(console, rows));
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<Position>> ReadAsync(CommandContext context)
    {
        Ledger ledger = await context.OpenLedgerAsync();
        IMarketData market = await new BarStore(ledger).LoadAsync(context.CancellationToken);
        return await new OutcomeTracker(market, ledger, context.Time).GetOpenPositionsAsync(context.CancellationToken);
    }

    private static void Show(IAnsiConsole console, Row[] rows)
    {
        Table table = new Table().AddColumns(
            "symbol",
            "side",
            "status",
            "shares",
            "entry",
            "last price",
            "unrealized profit",
            "decided (UTC)",
            "due"
        );
        foreach (Row r in rows)
        {
            table.AddRow(
                Markup.Escape(r.Symbol),
                r.Side.ToString().ToLowerInvariant(),
                r.Status.ToString().ToLowerInvariant(),
                $"{r.Quantity:0.######}",
                $"{r.EntryPrice:0.00##}",
                $"{r.CurrentPrice:0.00##}",
                $"{r.UnrealizedPnl:0.00}",
                $"{r.OpenedAt:yyyy-MM-dd HH:mm}",
                $"{r.DueAt:yyyy-MM-dd}"
            );
        }

        console.Write(table);
    }
}
