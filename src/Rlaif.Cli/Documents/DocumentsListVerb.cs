using System.CommandLine;
using Rlaif.Data.Documents;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif documents list</c>.</summary>
internal sealed class DocumentsListVerb : Verb
{
    private readonly Option<string?> _symbol = new("--symbol")
    {
        Description = "Only documents about this symbol",
        HelpName = "S",
    };

    public DocumentsListVerb()
        : base(
            "list",
            "How many documents there are, by symbol and type, with the UTC dates on which the first and the last became known. The symbol is null for documents that concern all",
            "rlaif documents list --symbol AAPL"
        )
    {
        Options.Add(_symbol);
    }

    public override string JsonFields => "documents[{symbol,type,documents,first_date,last_date}]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IReadOnlyList<StoredDocuments> stored = context.HasLedger
            ? await new DocumentStore(await context.OpenLedgerAsync()).ListAsync(context.CancellationToken)
            : [];
        string? symbol = context.Get(_symbol)?.ToUpperInvariant();
        StoredDocuments[] shown = [.. stored.Where(d => symbol is null || d.Symbol == symbol)];
        context.Output.Result(new { Documents = shown }, console => Show(console, shown));
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, StoredDocuments[] stored)
    {
        Table table = new Table().AddColumns("symbol", "type", "documents", "first date", "last date");
        foreach (StoredDocuments d in stored)
        {
            table.AddRow(
                Markup.Escape(d.Symbol ?? "(all)"),
                d.Type.ToString().ToLowerInvariant(),
                $"{d.Documents}",
                $"{d.FirstDate:yyyy-MM-dd}",
                $"{d.LastDate:yyyy-MM-dd}"
            );
        }

        console.Write(table);
    }
}
