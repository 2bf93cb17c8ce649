using System.Text;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Documents;

namespace Rlaif.Tests.Data.Documents;

public sealed class DocumentImportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<(DocumentImportResult Result, IReadOnlyList<Document> Documents)> ImportAsync(
        DocumentImportOptions? options,
        params string[] paths
    )
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        DocumentImportResult result = await DocumentImport.RunAsync(() => Task.FromResult(ledger), paths, options);
        return (result, await ledger.ReadAsync<Document>());
    }

    private async Task<IReadOnlyList<ImportProblem>> ProblemsAsync(string name, string content)
    {
        (DocumentImportResult result, IReadOnlyList<Document> documents) = await ImportAsync(null, _folder.Write(name, content));
        Assert.Empty(documents);
        return result.Problems;
    }

    [Theory]
    [InlineData("news.jsonl")]
    [InlineData("news.jsonl.gz")]
    public async Task RunAsync_JsonLines_KeepsEveryField(string name)
    {
        string file = _folder.Write(
            name,
            """
            {"symbol":"aapl","known_at":"2025-01-02T14:30:00-05:00","type":"filing","title":" A \n title ","source":"SEC","text":"One.\n\nTwo.","other":[1]}

            {"Ticker":"MSFT","published_at":"2025-01-03T10:00:00.5Z","headline":"H","body":null}
            {"timestamp":1735830000,"content":"Only a text"}
            """
        );
        (DocumentImportResult result, IReadOnlyList<Document> documents) = await ImportAsync(null, file);
        Assert.Empty(result.Problems);
        Assert.Equal((1, 3, 0), (result.Files, result.Added, result.Skipped));
        Assert.Equal(["AAPL", "MSFT"], result.Symbols);
        Assert.Equal(
            [
                " 2025-01-02T15:00:00.0 News Only a text||Only a text",
                "AAPL 2025-01-02T19:30:00.0 Filing A title|SEC|One.\n\nTwo.",
                "MSFT 2025-01-03T10:00:00.5 News H||",
            ],
            documents.Select(d =>
                $"{d.Symbol} {d.KnownAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.f} {d.Type} {d.Title}|{d.Source}|{d.Text}"
            )
        );
    }

    [Theory]
    [InlineData("news.csv")]
    [InlineData("news.csv.gz")]
    public async Task RunAsync_Csv_ReadsColumnsByNameAndTextsOverLines(string name)
    {
        string file = _folder.Write(
            name,
            "Date,Publisher,Stock_symbol,Article_title,Article\n"
                + "2025-01-02 16:00:00 UTC,Wire,NVDA,\"Up, and away\",\"First \"\"line\"\"\nsecond line\"\n"
                + "\n2025-01-03,Wire,NVDA,Next,\n2025-01-04 09:30:00,Wire,NVDA,No zone,x\n"
        );
        (DocumentImportResult result, IReadOnlyList<Document> documents) = await ImportAsync(null, file);
        Assert.Equal(["Up, and away", "Next"], documents.Select(d => d.Title));
        Assert.Equal("First \"line\"\nsecond line", documents[0].Text);
        ImportProblem problem = Assert.Single(result.Problems);
        Assert.Equal((file, 6, "date", "2025-01-04 09:30:00"), (problem.File, problem.Line, problem.Field, problem.Value));
        Assert.Contains("offset from UTC", problem.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CsvRowLargerThanABuffer_IsRead()
    {
        string text = string.Concat(Enumerable.Repeat("words and words\n", 30_000)).Trim();
        string file = _folder.Write("big.csv", $"date,text\n2025-01-02,\"{text}\"\n2025-01-03,next\n");
        (DocumentImportResult result, IReadOnlyList<Document> documents) = await ImportAsync(null, file);
        Assert.Empty(result.Problems);
        Assert.Equal([text, "next"], documents.Select(d => d.Text));
    }

    [Fact]
    public async Task RunAsync_TextFiles_TakeFrontMatterThenOptions()
    {
        string full = _folder.Write(
            "docs/q3.md",
            "---\r\nsymbol: MSFT\r\ndate: 2025-02-01\r\ntype: filing\r\ntitle: \"Third quarter\"\r\nsource: SEC\r\n---\r\n# Report\r\nText --- here.\r\n"
        );
        string bare = _folder.Write("docs/idea.txt", "--- no front matter\nAn idea.");
        (DocumentImportResult result, IReadOnlyList<Document> documents) = await ImportAsync(
            new DocumentImportOptions { Symbol = "aapl", Date = new DateOnly(2025, 1, 5) },
            _folder.PathOf("docs")
        );
        Assert.Empty(result.Problems);
        Assert.Equal(
            [
                "AAPL 2025-01-05T23:59:59 Note idea||--- no front matter\nAn idea.",
                "MSFT 2025-02-01T23:59:59 Filing Third quarter|SEC|# Report\nText --- here.",
            ],
            documents.Select(d =>
                $"{d.Symbol} {d.KnownAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss} {d.Type} {d.Title}|{d.Source}|{d.Text}"
            )
        );
        Assert.NotEqual(full, bare);
    }

    [Fact]
    public async Task RunAsync_TextFileWithoutDate_IsAProblemAndNeverNow()
    {
        ImportProblem problem = Assert.Single(await ProblemsAsync("note.txt", "Some text"));
        Assert.Equal(("date", (int?)null), (problem.Field, problem.Line));
        Assert.StartsWith("is required", problem.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"title\":\"T\"}", "known_at", null, "is required")]
    [InlineData("{\"title\":\"T\",\"date\":\"yesterday\"}", "date", "yesterday", "must be a date")]
    [InlineData("{\"title\":\"T\",\"date\":\"2025-01-02T10:00:00\"}", "date", "2025-01-02T10:00:00", "offset from UTC")]
    [InlineData("{\"title\":\"T\",\"known_at\":\"?\",\"date\":\"2025-01-02\"}", "known_at", "?", "must be a date")]
    [InlineData(
        "{\"title\":\"T\",\"date\":\"0001-01-01T00:00:00+14:00\"}",
        "date",
        "0001-01-01T00:00:00+14:00",
        "must be a date"
    )]
    [InlineData("{\"date\":\"2025-01-02\",\"text\":\" \"}", "title", null, "a title or a text is required")]
    [InlineData("{\"date\":\"2025-01-02\",\"title\":\"T\",\"symbol\":\"A B\"}", "symbol", "A B", "must be a symbol")]
    [InlineData(
        "{\"date\":\"2025-01-02\",\"title\":\"T\",\"type\":\"rumour\"}",
        "type",
        "rumour",
        "must be news, filing or note"
    )]
    [InlineData("{\"date\":\"2025-01-02\",\"title\":\"T\",\"text\":[\"a\"]}", "text", "[\"a\"]", "must be a text")]
    [InlineData(
        "{\"date\":\"2025-01-02\",\"title\":\"\\ud800\"}",
        null,
        "{\"date\":\"2025-01-02\",\"title\":\"\\ud800\"}",
        "no character"
    )]
    [InlineData("{\"date\"", null, "{\"date\"", "is no JSON")]
    [InlineData("[1]", null, "[1]", "must be a JSON object")]
    public async Task RunAsync_BadRow_IsAProblemWithItsPlace(string row, string? field, string? value, string rule)
    {
        ImportProblem problem = Assert.Single(await ProblemsAsync("bad.jsonl", $"\n{row}\n"));
        Assert.Equal((2, field), (problem.Line, problem.Field));
        Assert.StartsWith(
            problem.Value?.Replace("...", "", StringComparison.Ordinal) ?? "",
            value ?? "",
            StringComparison.Ordinal
        );
        Assert.Contains(rule, problem.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "title,text\nT,x\n", "no column for the time")]
    [InlineData("a.csv", "date,open\n2025-01-02,1\n2025-01-03,1\n", "neither a title nor a text")]
    [InlineData("a.csv", "PAR1xxxx", "Parquet")]
    [InlineData("a.pdf", "%PDF", "JSONL and CSV")]
    [InlineData("a.jsonl.gz", "", null)]
    public async Task RunAsync_FileOfAnotherKind_IsOneProblem(string name, string content, string? rule)
    {
        IReadOnlyList<ImportProblem> problems = await ProblemsAsync(name, content);
        Assert.Equal(rule is null ? 0 : 1, problems.Count);
        Assert.All(problems, p => Assert.Contains(rule!, p.Rule, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_FileThatBreaksOff_KeepsWhatCameBefore()
    {
        string rows = string.Concat(
            Enumerable.Range(0, 5000).Select(i => $"{{\"date\":\"2025-01-02\",\"title\":\"T{i * 7919}\"}}\n")
        );
        string file = _folder.Write("cut.jsonl.gz", rows);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)]);
        (DocumentImportResult result, IReadOnlyList<Document> documents) = await ImportAsync(null, file);
        Assert.InRange(documents.Count, 100, 4999);
        Assert.Contains("cannot be read from here on", result.Problems[^1].Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AgainAndFromASecondSource_AddsNothing()
    {
        string first = _folder.Write("a.jsonl", "{\"date\":\"2025-01-02\",\"title\":\"T\",\"source\":\"One\"}");
        string second = _folder.Write(
            "b.jsonl",
            "{\"date\":\"2025-01-02\",\"title\":\"T\",\"source\":\"Two\"}\n{\"date\":\"2025-01-02\",\"title\":\"U\"}\n{\"date\":\"2025-01-02\",\"title\":\"U\"}"
        );
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        Task<DocumentImportResult> RunAsync(string file) => DocumentImport.RunAsync(() => Task.FromResult(ledger), [file]);
        Assert.Equal(1, (await RunAsync(first)).Added);
        DocumentImportResult again = await RunAsync(second);
        Assert.Equal((1, 2), (again.Added, again.Skipped));
        Assert.Equal((0, 1), ((await RunAsync(first)).Added, (await RunAsync(first)).Skipped));
        Assert.Equal(["One", ""], (await ledger.ReadAsync<Document>()).OrderBy(d => d.Title).Select(d => d.Source));
    }

    [Fact]
    public async Task RunAsync_Cancelled_StopsAndKeepsWholeBatches()
    {
        string file = _folder.Write(
            "many.jsonl",
            string.Concat(Enumerable.Range(0, 3500).Select(i => $"{{\"date\":\"2025-01-02\",\"title\":\"T{i}\"}}\n"))
        );
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        using var stop = new CancellationTokenSource();
        var progress = new StopAfterFirst(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            DocumentImport.RunAsync(() => Task.FromResult(ledger), [file], null, progress, stop.Token)
        );
        Assert.Equal(1000, await ledger.CountAsync<Document>());
        DocumentImportResult rest = await DocumentImport.RunAsync(() => Task.FromResult(ledger), [file]);
        Assert.Equal((2500, 1000), (rest.Added, rest.Skipped));
    }

    [Fact]
    public async Task RunAsync_NothingToAdd_OpensNoLedger()
    {
        string file = _folder.Write("a.txt", "No date");
        DocumentImportResult result = await DocumentImport.RunAsync(() => throw new InvalidOperationException(), [file]);
        Assert.Single(result.Problems);
        await Assert.ThrowsAsync<RlaifInputException>(() =>
            DocumentImport.RunAsync(() => throw new InvalidOperationException(), ["nowhere"])
        );
        await Assert.ThrowsAsync<RlaifInputException>(() =>
            DocumentImport.RunAsync(
                () => throw new InvalidOperationException(),
                [file],
                new DocumentImportOptions { Symbol = "A B" }
            )
        );
    }

    [Fact]
    public void LongLines_LineThatIsTooLong_IsPassedOver()
    {
        var lines = new LongLines(new StringReader($"a\r\n\n{new string('x', 200_000)}\nb"), 100_000);
        var read = new List<string?>();
        while (lines.TryRead(out string? line))
        {
            read.Add(line);
        }

        Assert.Equal(["a\r", "", null, "b"], read);
        Assert.Equal(0, Encoding.UTF8.GetByteCount(read[1]!));
    }

    private sealed class StopAfterFirst(CancellationTokenSource stop) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => stop.Cancel();
    }
}
