using System.CommandLine;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif orders</c>.</summary>
internal sealed class OrdersVerb : Verb
{
    private readonly Option<bool> _open = new("--open") { Description = "Only those that can still be filled" };

    public OrdersVerb()
        : base("orders", "Orders as the ledger knows them, and those that a limit held back", "rlaif orders --open --json") =>
        Options.Add(_open);

    public override string JsonFields =>
        "orders[{client_order_id,symbol,side,quantity,notional,type,time_in_force,status,filled_quantity,average_price,created_at,updated_at,decision_id,reason}] (status null: sent, and nothing heard yet), refusals[{client_order_id,symbol,rule,value,limit,text,at}], halted{reason,at}|null";

    private sealed record Row(
        string ClientOrderId,
        string Symbol,
        OrderSide Side,
        decimal? Quantity,
        decimal? Notional,
        OrderType Type,
        TimeInForce TimeInForce,
        OrderStatus? Status,
        decimal FilledQuantity,
        decimal? AveragePrice,
        DateTimeOffset CreatedAt,
        DateTimeOffset? UpdatedAt,
        string? DecisionId,
        string? Reason
    );

    private sealed record Refused(
        string ClientOrderId,
        string Symbol,
        string Rule,
        double? Value,
        double? Limit,
        string Text,
        DateTimeOffset At
    );

    protected override async Task<int> RunAsync(CommandContext context)
    {
        (Row[] rows, Refused[] refused, TradingHalt? halt) = ([], [], null);
        if (context.HasLedger)
        {
            Ledger ledger = await context.OpenLedgerAsync();
            rows = await ReadAsync(ledger, context.Get(_open), context.CancellationToken);
            IReadOnlyList<RiskRefusal> refusals = await ledger.ReadAsync<RiskRefusal>(
                cancellationToken: context.CancellationToken
            );
            refused = [.. refusals.Select(r => new Refused(r.ClientOrderId, r.Symbol, r.Rule, r.Value, r.Limit, r.Text, r.At))];
            halt = await new HaltSwitch(ledger, context.Time).FindAsync(context.CancellationToken);
        }

        context.Output.Result(
            new
            {
                Orders = rows,
                Refusals = refused,
                Halted = halt is null ? null : new { halt.Reason, halt.At },
            },
            console => Show(console, rows, refused, halt)
        );
        return ExitCode.Done;
    }

    private static async Task<Row[]> ReadAsync(Ledger ledger, bool onlyOpen, CancellationToken cancellationToken)
    {
        IReadOnlyList<OrderUpdate> updates = await ledger.ReadAsync<OrderUpdate>(cancellationToken: cancellationToken);
        ILookup<string, OrderState> states = updates.Select(u => u.State).ToLookup(s => s.ClientOrderId, StringComparer.Ordinal);
        var rows = new List<Row>();
        foreach (Order order in await ledger.ReadAsync<Order>(cancellationToken: cancellationToken))
        {
            // Of several notes at one moment the final one is the last.
            OrderState? state = states[order.ClientOrderId].OrderBy(s => s.UpdatedAt).ThenBy(s => s.Status).LastOrDefault();
            if (onlyOpen && state is { IsOpen: false })
            {
                continue;
            }

            rows.Add(
                new Row(
                    order.ClientOrderId,
                    order.Symbol,
                    order.Side,
                    order.Quantity,
                    order.Notional,
                    order.Type,
                    order.TimeInForce,
                    state?.Status,
                    state?.FilledQuantity ?? 0,
                    state?.AveragePrice,
                    order.CreatedAt,
                    state?.UpdatedAt,
                    order.DecisionId,
                    state?.Reason
                )
            );
        }

        return [.. rows];
    }

    private static void Show(IAnsiConsole console, Row[] rows, Refused[] refused, TradingHalt? halt)
    {
        Table table = new Table().AddColumns("sent (UTC)", "symbol", "side", "shares", "type", "status", "filled", "at price");
        foreach (Row r in rows)
        {
            table.AddRow(
                $"{r.CreatedAt:yyyy-MM-dd HH:mm}",
                Markup.Escape(r.Symbol),
                r.Side.ToString().ToLowerInvariant(),
                $"{r.Quantity:0.######}",
                $"{r.Type} {r.TimeInForce}".ToLowerInvariant(),
                r.Status?.ToString().ToLowerInvariant() ?? "not heard of",
                $"{r.FilledQuantity:0.######}",
                $"{r.AveragePrice:0.00##}"
            );
        }

        console.Write(table);
        foreach (Refused r in refused)
        {
            console.WriteLine($"not sent, {r.At:yyyy-MM-dd HH:mm} {r.Symbol}: {r.Text}");
        }

        if (halt is not null)
        {
            console.WriteLine($"trading is stopped since {halt.At:u}: {halt.Reason} (rlaif resume)");
        }
    }
}
