using System.CommandLine;
using System.Text.Json;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif outcomes list</c>.</summary>
internal sealed class OutcomesListVerb : Verb
{
    private const int RowsShown = 30;

    private readonly Option<string?> _csv = new("--csv") { Description = "Write the outcomes to a file", HelpName = "FILE" };

    public OutcomesListVerb()
        : base(
            "list",
            "Settled candidates in the order in which their results were known. Returns are fractions, signed by the side, after costs where they are net; decision_id is null for candidates that were not taken",
            "rlaif outcomes list --csv outcomes.csv"
        ) => Options.Add(_csv);

    public override string JsonFields =>
        "outcomes[{outcome_id,candidate_id,decision_id,symbol,action,entry_at,entry_price,exit_at,exit_price,gross_return,net_return,costs,pnl,benchmark_return,max_drawdown,sharpe,exit_reason,known_at,provenance}]";

    private sealed record Row(
        string OutcomeId,
        string CandidateId,
        string? DecisionId,
        string Symbol,
        TradeAction Action,
        DateTimeOffset EntryAt,
        decimal EntryPrice,
        DateTimeOffset ExitAt,
        decimal ExitPrice,
        double GrossReturn,
        double NetReturn,
        double Costs,
        decimal Pnl,
        double? BenchmarkReturn,
        double MaxDrawdown,
        double? Sharpe,
        ExitReason ExitReason,
        DateTimeOffset KnownAt,
        OutcomeProvenance Provenance
    );

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IReadOnlyList<Outcome> outcomes = context.HasLedger
            ? await (await context.OpenLedgerAsync()).ReadAsync<Outcome>(cancellationToken: context.CancellationToken)
            : [];
        Row[] rows = [.. outcomes.Select(Describe)];
        if (context.Get(_csv) is { } file)
        {
            await CsvFile.WriteAsync(file, Columns.Select(c => c.Name), rows.Select(Values), context.CancellationToken);
            context.Output.Note($"{rows.Length} outcomes written to {file}");
        }

        context.Output.Result(new { Outcomes = rows }, console => Show(console, rows));
        return ExitCode.Done;
    }

    private static (string Name, Func<Row, object?> Value)[] Columns { get; } =
    [
        ("outcome_id", r => r.OutcomeId),
        ("candidate_id", r => r.CandidateId),
        ("decision_id", r => r.DecisionId),
        ("symbol", r => r.Symbol),
        ("action", r => r.Action),
        ("entry_at", r => r.EntryAt),
        ("entry_price", r => r.EntryPrice),
        ("exit_at", r => r.ExitAt),
        ("exit_price", r => r.ExitPrice),
        ("gross_return", r => r.GrossReturn),
        ("net_return", r => r.NetReturn),
        ("costs", r => r.Costs),
        ("pnl", r => r.Pnl),
        ("benchmark_return", r => r.BenchmarkReturn),
        ("max_drawdown", r => r.MaxDrawdown),
        ("sharpe", r => r.Sharpe),
        ("exit_reason", r => r.ExitReason),
        ("known_at", r => r.KnownAt),
        ("provenance", r => r.Provenance),
    ];

    private static IEnumerable<string> Values(Row row) =>
        Columns.Select(c =>
            c.Value(row) switch
            {
                null => string.Empty,
                DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
                Enum name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()),
                var value => $"{value}",
            }
        );

    private static Row Describe(Outcome o) =>
        new(
            o.OutcomeId,
            o.CandidateId,
            o.DecisionId,
            o.Symbol,
            o.Action,
            o.EntryAt,
            o.EntryPrice,
            o.ExitAt,
            o.ExitPrice,
            o.GrossReturn,
            o.NetReturn,
            o.Costs,
            o.Pnl,
            o.BenchmarkReturn,
            o.MaxDrawdown,
            o.Sharpe,
            o.ExitReason,
            o.KnownAt,
            o.Provenance
        );

    private static void Show(IAnsiConsole console, Row[] rows)
    {
        Table table = new Table().AddColumns(
            "symbol",
            "action",
            "entry",
            "at",
            "exit",
            "at",
            "net return (%)",
            "index (%)",
            "profit",
            "taken"
        );
        foreach (Row r in rows.TakeLast(RowsShown))
        {
            table.AddRow(
                Markup.Escape(r.Symbol),
                r.Action.ToString().ToLowerInvariant(),
                $"{r.EntryAt:yyyy-MM-dd}",
                $"{r.EntryPrice:0.00##}",
                $"{r.ExitAt:yyyy-MM-dd}",
                $"{r.ExitPrice:0.00##}",
                $"{100 * r.NetReturn:0.00}",
                r.BenchmarkReturn is { } index ? $"{100 * index:0.00}" : "none",
                $"{r.Pnl:0.00}",
                r.Provenance == OutcomeProvenance.Traded ? "yes" : "no"
            );
        }

        console.Write(table);
        if (rows.Length > RowsShown)
        {
            console.WriteLine($"the last {RowsShown} of {rows.Length}; --csv or --json give the others");
        }
    }
}
