using Rlaif.Data;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif data list</c>.</summary>
internal sealed class DataListVerb()
    : Verb(
        "list",
        "What was imported. 'adjusted' is false when a split is kept beside the prices (they do not reflect it), null when none is kept",
        "rlaif data list --json"
    )
{
    public override string JsonFields => "symbols[{symbol,bars,first_date,last_date,adjusted}]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IReadOnlyList<StoredSymbol> symbols = context.HasLedger
            ? await new BarStore(await context.OpenLedgerAsync()).ListAsync(context.CancellationToken)
            : [];
        context.Output.Result(new { Symbols = symbols }, console => Show(console, symbols));
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<StoredSymbol> symbols)
    {
        Table table = new Table().AddColumns("symbol", "bars", "first date", "last date", "splits");
        foreach (StoredSymbol s in symbols)
        {
            string splits = s.Adjusted == false ? "kept beside the prices" : "none kept";
            table.AddRow(Markup.Escape(s.Symbol), $"{s.Bars}", $"{s.FirstDate:yyyy-MM-dd}", $"{s.LastDate:yyyy-MM-dd}", splits);
        }

        console.Write(table);
    }
}
