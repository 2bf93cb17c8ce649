using System.CommandLine;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif documents import</c>.</summary>
internal sealed class DocumentsImportVerb : Verb
{
    private const int ProblemsShown = 20;
    private static readonly string[] Types = ["news", "filing", "note"];

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Files (JSONL, CSV, both also with .gz, TXT, MD) or folders of them",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _symbol = new("--symbol")
    {
        Description = "Symbol of documents that name none [default: they concern all symbols]",
        HelpName = "S",
    };

    private readonly Option<string?> _type = new("--type")
    {
        Description = "Type of documents that name none [default: rows are news, text files notes]",
    };

    private readonly Option<DateOnly?> _date = new("--date")
    {
        Description = "UTC date of publication of text files that name none; known at its end",
        HelpName = "DATE",
    };

    public DocumentsImportVerb()
        : base(
            "import",
            "Add documents to the ledger. Agents see each from its time of publication on; a date without a time counts as the end of that day, UTC. News about a symbol become its headlines. Importing twice adds nothing; what cannot be used is listed with file and line",
            "rlaif documents import news.jsonl filings/ --type filing"
        )
    {
        Arguments.Add(_paths);
        _type.AcceptOnlyFromAmong(Types);
        foreach (Option option in (Option[])[_symbol, _type, _date])
        {
            Options.Add(option);
        }
    }

    public override string JsonFields =>
        "files, documents_added, documents_skipped, symbols[], problems[{file,line,field,value,rule}]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var options = new DocumentImportOptions
        {
            Symbol = context.Get(_symbol),
            Type = context.Get(_type) is { } type ? Enum.Parse<DocumentKind>(type, ignoreCase: true) : null,
            Date = context.Get(_date),
        };
        DocumentImportResult result = await context.Output.ProgressAsync(
            "importing documents",
            progress =>
                DocumentImport.RunAsync(
                    context.OpenLedgerAsync,
                    context.Get(_paths)!,
                    options,
                    progress,
                    context.CancellationToken
                )
        );
        Report(context.Output, result);
        return result.Added + result.Skipped > 0 ? ExitCode.Done : ExitCode.BadInput;
    }

    private static void Report(Output output, DocumentImportResult result)
    {
        if (result.Added + result.Skipped == 0)
        {
            output.Warn("no documents were found; nothing was imported");
        }

        output.Result(
            new
            {
                result.Files,
                DocumentsAdded = result.Added,
                DocumentsSkipped = result.Skipped,
                result.Symbols,
                result.Problems,
            },
            console =>
            {
                console.WriteLine(
                    $"{result.Files} files, {result.Added} documents added, {result.Skipped} skipped (there already), {result.Symbols.Count} symbols"
                );
                ShowProblems(console, result.Problems);
            }
        );
    }

    private static void ShowProblems(IAnsiConsole console, IReadOnlyList<ImportProblem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        console.WriteLine($"{problems.Count} problems:");
        foreach (ImportProblem problem in problems.Take(ProblemsShown))
        {
            console.WriteLine($"  {PlainText.Of(problem.ToString())}");
        }

        if (problems.Count > ProblemsShown)
        {
            console.WriteLine($"  and {problems.Count - ProblemsShown} more (--json lists all)");
        }
    }
}
