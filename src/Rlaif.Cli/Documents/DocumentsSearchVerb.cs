using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Rlaif.Data.Documents;
using Rlaif.Data.Text;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif documents search</c>.</summary>
internal sealed class DocumentsSearchVerb : Verb
{
    private const int DefaultCount = 5;
    private const int MostCount = 100;

    private readonly Argument<string> _query = new("QUERY") { Description = "Words to look for; they have no syntax" };

    private readonly Option<string> _symbol = new("--symbol")
    {
        Description = "Documents about this symbol, and those that concern all",
        HelpName = "S",
        Required = true,
    };

    private readonly Option<DateOnly?> _asOf = new("--as-of")
    {
        Description = "Only what was known at the end of this day, UTC [default: now]",
        HelpName = "DATE",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = $"Passages to show, 1 to {MostCount} [default: {DefaultCount}]",
        HelpName = "N",
    };

    public DocumentsSearchVerb()
        : base(
            "search",
            "The passages that agents would find, best first: by words (BM25) and by meaning (embeddings). What became known later has no influence on the ranking",
            "rlaif documents search \"iPhone sales in China\" --symbol AAPL --as-of 2025-03-31"
        )
    {
        _count.Require(new RangeAttribute(1, MostCount));
        Arguments.Add(_query);
        foreach (Option option in (Option[])[_symbol, _asOf, _count])
        {
            Options.Add(option);
        }
    }

    public override string JsonFields => "passages[{document_id,symbol,known_at,type,title,source,text,score}]";

    private sealed record Row(
        string DocumentId,
        string? Symbol,
        DateTimeOffset KnownAt,
        DocumentKind Type,
        string Title,
        string Source,
        string Text,
        double Score
    );

    protected override async Task<int> RunAsync(CommandContext context)
    {
        string symbol = context.Get(_symbol)!.ToUpperInvariant();
        DateTimeOffset asOf = context.Get(_asOf) is { } date ? new DateRange(date, date).EndOfLastDay : context.Time.GetUtcNow();
        IReadOnlyList<Document> documents = context.HasLedger
            ? await new DocumentStore(await context.OpenLedgerAsync()).ReadAsync([symbol], asOf, context.CancellationToken)
            : [];
        if (documents.Count == 0)
        {
            throw new NotEnoughDataException(
                $"No documents about {symbol} in '{context.Home.Root}' are known at {asOf:yyyy-MM-dd HH:mm} UTC. Import some first: rlaif documents import PATH"
            );
        }

        Row[] rows = await context.Output.ProgressAsync(
            "searching",
            _ => Task.FromResult(Search(documents, symbol, asOf, context.Get(_query)!, context.Get(_count) ?? DefaultCount))
        );
        context.Output.Result(new { Passages = rows }, console => Show(console, rows));
        return ExitCode.Done;
    }

    private static Row[] Search(IReadOnlyList<Document> documents, string symbol, DateTimeOffset asOf, string query, int count)
    {
        using var index = DocumentIndex.Build(documents, new HashedTextEncoder());
        return [.. index.Search(symbol, asOf, query, count).Select(Describe)];
    }

    private static Row Describe(DocumentPassage passage)
    {
        Document d = passage.Document;
        return new Row(d.DocumentId, d.Symbol, d.KnownAt, d.Type, d.Title, d.Source, passage.Text, passage.Score);
    }

    private static void Show(IAnsiConsole console, Row[] rows)
    {
        if (rows.Length == 0)
        {
            console.WriteLine("nothing found");
        }

        foreach (Row r in rows)
        {
            string source = r.Source.Length == 0 ? string.Empty : $" ({r.Source})";
            console.WriteLine(
                PlainText.Of(
                    $"{r.KnownAt.UtcDateTime:yyyy-MM-dd HH:mm} {r.Type.ToString().ToLowerInvariant()} {r.DocumentId}: {r.Title}{source}"
                )
            );
            console.WriteLine($"  {PlainText.Of(r.Text)}");
        }
    }
}
