using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Rlaif.Data;
using Rlaif.Outcomes;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif positions</c>.</summary>
internal sealed class PositionsVerb : Verb
{
    private const int UsualSeconds = 5;
    private const int MostSeconds = 86_400;

    private readonly Option<int?> _watch = new("--watch")
    {
        Description = $"Look again every so many seconds until Ctrl-C; {UsualSeconds} when no number follows",
        HelpName = "SECONDS",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public PositionsVerb()
        : base(
            "positions",
            "Positions that wait for their first bar or are held, at the last imported closes; those that are due are closed by: rlaif outcomes settle",
            "rlaif positions --watch"
        )
    {
        _watch.Require(new RangeAttribute(1, MostSeconds));
        Options.Add(_watch);
    }

    public override string JsonFields =>
        "positions[{position_id,decision_id,symbol,side,quantity,entry_price,current_price,unrealized_pnl,opened_at,due_at,status,unrealized_return,entry_at,held_seconds,to_target,to_stop}] (to_target and to_stop: how far the price is from them, a fraction of the price, of two stops the nearer one; null without one). With --watch a line `{at,positions}` for each look, without timing";

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
        PositionStatus Status,
        double? UnrealizedReturn,
        DateTimeOffset? EntryAt,
        double? HeldSeconds,
        double? ToTarget,
        double? ToStop
    );

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (!context.Has(_watch))
        {
            Row[] rows = await ReadAsync(context);
            context.Output.Result(new { Positions = rows }, console => Show(console, rows));
            return ExitCode.Done;
        }

        await WatchAsync(context, TimeSpan.FromSeconds(context.Get(_watch) ?? UsualSeconds));
        return ExitCode.Done;
    }

    private static async Task WatchAsync(CommandContext context, TimeSpan interval)
    {
        try
        {
            while (true)
            {
                Row[] rows = await ReadAsync(context);
                DateTimeOffset at = context.Time.GetUtcNow();
                context.Output.Frame(
                    new { At = at, Positions = rows },
                    console =>
                    {
                        console.WriteLine($"{at:yyyy-MM-dd HH:mm:ss} UTC");
                        Show(console, rows);
                    }
                );
                await Task.Delay(interval, context.Time, context.CancellationToken);
            }
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }
    }

    private static async Task<Row[]> ReadAsync(CommandContext context)
    {
        if (!context.HasLedger)
        {
            return [];
        }

        Ledger ledger = await context.OpenLedgerAsync();
        IMarketData market = await LiveMarket.LoadAsync(ledger, context.CancellationToken);
        var tracker = new OutcomeTracker(market, ledger, context.Time);
        IReadOnlyList<Position> positions = await tracker.GetOpenPositionsAsync(context.CancellationToken);
        return [.. positions.Select(p => RowOf(p, context.Time.GetUtcNow()))];
    }

    private static Row RowOf(Position p, DateTimeOffset now) =>
        new(
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
            p.Status,
            p.UnrealizedReturn,
            p.EntryAt,
            (now - p.EntryAt)?.TotalSeconds,
            Distance(p.TargetPrice, p.CurrentPrice),
            Nearer(Distance(p.StopPrice, p.CurrentPrice), Distance(p.TrailingPrice, p.CurrentPrice))
        );

    private static double? Distance(decimal? level, decimal? price) =>
        level is null || price is null or 0 ? null : Math.Abs((double)(level / price) - 1);

    private static double? Nearer(double? one, double? other) => one < other ? one : other ?? one;

    private static void Show(IAnsiConsole console, Row[] rows)
    {
        bool hasLevels = rows.Any(r => r.ToTarget is not null || r.ToStop is not null);
        Table table = new Table().AddColumns([
            "symbol",
            "side",
            "status",
            "shares",
            "entry",
            "last price",
            "unrealized profit",
            "held",
            "decided (UTC)",
            "due",
            .. hasLevels ? (string[])["to target", "to stop"] : [],
        ]);
        foreach (Row r in rows)
        {
            table.AddRow([
                Markup.Escape(r.Symbol),
                r.Side.ToString().ToLowerInvariant(),
                r.Status.ToString().ToLowerInvariant(),
                $"{r.Quantity:0.######}",
                $"{r.EntryPrice:0.00##}",
                $"{r.CurrentPrice:0.00##}",
                r.UnrealizedPnl is null ? string.Empty : $"{r.UnrealizedPnl:0.00} ({100 * r.UnrealizedReturn:+0.00;-0.00;0.00}%)",
                Held(r.HeldSeconds),
                $"{r.OpenedAt:yyyy-MM-dd HH:mm}",
                $"{r.DueAt:yyyy-MM-dd}",
                .. hasLevels ? (string[])[Percent(r.ToTarget), Percent(r.ToStop)] : [],
            ]);
        }

        console.Write(table);
    }

    private static string Held(double? seconds) =>
        seconds is null ? string.Empty
        : TimeSpan.FromSeconds(seconds.Value) is { TotalDays: >= 1 } days ? $"{(int)days.TotalDays} d {days.Hours} h"
        : $"{TimeSpan.FromSeconds(seconds.Value):h' h 'mm' min'}";

    private static string Percent(double? fraction) => fraction is null ? string.Empty : $"{100 * fraction:0.00}%";
}
