using System.CommandLine;
using Rlaif.Data;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif data check</c>.</summary>
internal sealed class DataCheckVerb : Verb
{
    private readonly Argument<string[]> _symbols = new("SYMBOL")
    {
        Description = "Symbols to check [default: all]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public DataCheckVerb()
        : base(
            "check",
            "Look for gaps, duplicates, bad bars, unadjusted splits and stale runs. A finding is no proof",
            "rlaif data check AAPL MSFT"
        ) => Arguments.Add(_symbols);

    public override string JsonFields => "findings[{symbol,date,kind,detail}]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IMarketData market = await context.LoadImportedBarsAsync();
        string[]? symbols = context.Get(_symbols) is { Length: > 0 } named ? named : null;
        IReadOnlyList<DataFinding> findings = await DataCheck.RunAsync(market, symbols, context.CancellationToken);
        context.Output.Result(new { Findings = findings }, console => Show(console, findings));
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<DataFinding> findings)
    {
        if (findings.Count == 0)
        {
            console.WriteLine("nothing found");
            return;
        }

        Table table = new Table().AddColumns("symbol", "date", "kind", "detail");
        foreach (DataFinding f in findings)
        {
            string kind = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(f.Kind.ToString());
            table.AddRow(Markup.Escape(f.Symbol), $"{f.Date:yyyy-MM-dd}", kind, Markup.Escape(f.Detail));
        }

        console.Write(table);
    }
}
