using System.Text.Json;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli;

public sealed class DocumentsVerbTests : IDisposable
{
    private const string News = """
        {"symbol":"AAPL","published_at":"2025-01-02T14:30:00Z","title":"iPhone sales fall in China","source":"Wire","text":"Shipments fell by a fifth."}
        {"symbol":"AAPL","published_at":"2025-02-03T14:30:00Z","title":"iPhone sales rise in China","source":"Wire"}
        {"symbol":"MSFT","published_at":"2025-01-02T14:30:00Z","title":"Cloud sales in China"}
        {"date":"2025-01-03","title":"Chinese markets rally"}
        {"symbol":"AAPL","title":"No time"}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<CliRun> RunAsync(params string[] args) => CliRun.Of(["documents", .. args, "--home", _folder.PathOf("home")]);

    private Task<CliRun> ImportAsync(params string[] args) => RunAsync(["import", _folder.Write("news.jsonl", News), .. args]);

    private static string[] Titles(CliRun run) =>
        [.. run.Json.GetProperty("passages").EnumerateArray().Select(p => p.GetProperty("title").GetString()!)];

    [Fact]
    public async Task Import_Json_HasTheFieldsOfTheContract()
    {
        CliRun run = await ImportAsync("--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("files,documents_added,documents_skipped,symbols,problems,timing", CliRun.Fields(run.Json));
        Assert.Equal(
            (1, 4, 0),
            (
                run.Json.GetProperty("files").GetInt32(),
                run.Json.GetProperty("documents_added").GetInt32(),
                run.Json.GetProperty("documents_skipped").GetInt32()
            )
        );
        Assert.Equal(["AAPL", "MSFT"], run.Json.GetProperty("symbols").EnumerateArray().Select(s => s.GetString()!));
        JsonElement problem = Assert.Single(run.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal("file,line,field,value,rule", CliRun.Fields(problem));
        Assert.Equal((5, "known_at"), (problem.GetProperty("line").GetInt32(), problem.GetProperty("field").GetString()));
        CliRun again = await ImportAsync("--json");
        Assert.Equal((0, 0), (again.ExitCode, again.Json.GetProperty("documents_added").GetInt32()));
        Assert.Equal(4, again.Json.GetProperty("documents_skipped").GetInt32());
    }

    [Fact]
    public async Task Import_ForPeople_ListsProblemsWithoutWhatWouldSteerTheTerminal()
    {
        string file = _folder.Write(
            "x.jsonl",
            "{\"date\":\"2025-01-02\",\"title\":\"T\"}\n{\"date\":\"\\u001b[31m\\u202eX\",\"title\":\"T\"}"
        );
        CliRun run = await RunAsync("import", file);
        Assert.Contains("1 documents added", run.Out, StringComparison.Ordinal);
        Assert.Contains("x.jsonl:2 date ' [31m X'", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Import_TextFile_TakesTheOptions()
    {
        string file = _folder.Write("idea.txt", "Buy low, sell high.");
        CliRun run = await RunAsync("import", file, "--symbol", "aapl", "--type", "filing", "--date", "2025-03-01");
        Assert.Equal(0, run.ExitCode);
        JsonElement stored = Assert.Single((await RunAsync("list", "--json")).Json.GetProperty("documents").EnumerateArray());
        Assert.Equal("symbol,type,documents,first_date,last_date", CliRun.Fields(stored));
        Assert.Equal(("AAPL", "filing"), (stored.GetProperty("symbol").GetString(), stored.GetProperty("type").GetString()));
        Assert.Equal("2025-03-01", stored.GetProperty("last_date").GetString());
    }

    [Fact]
    public async Task Import_NothingButProblems_ExitsWithTwoAndMakesNoLedger()
    {
        CliRun run = await RunAsync("import", _folder.Write("idea.txt", "No date."), "--json");
        Assert.Equal((2, 0), (run.ExitCode, run.Json.GetProperty("documents_added").GetInt32()));
        Assert.False(Directory.Exists(_folder.PathOf("home")));
    }

    [Fact]
    public async Task Search_Json_ShowsWhatWasKnownThen()
    {
        await ImportAsync();
        CliRun run = await RunAsync("search", "iPhone sales in China", "--symbol", "aapl", "--as-of", "2025-01-31", "--json");
        Assert.Equal(0, run.ExitCode);
        JsonElement first = run.Json.GetProperty("passages")[0];
        Assert.Equal("document_id,symbol,known_at,type,title,source,text,score", CliRun.Fields(first));
        Assert.Equal("Shipments fell by a fifth.", first.GetProperty("text").GetString());
        Assert.Equal(["iPhone sales fall in China"], Titles(run));
        CliRun later = await RunAsync("search", "iPhone sales in China", "--symbol", "AAPL", "--json");
        Assert.Equal(["iPhone sales rise in China", "iPhone sales fall in China"], Titles(later));
        Assert.Single(Titles(await RunAsync("search", "iPhone", "--symbol", "AAPL", "--count", "1", "--json")));
    }

    [Fact]
    public async Task Search_ForPeople_PrintsPassagesWithTheirIds()
    {
        await ImportAsync();
        CliRun run = await RunAsync("search", "rally", "--symbol", "MSFT");
        Assert.Contains("2025-01-03 23:59 news doc_", run.Out, StringComparison.Ordinal);
        Assert.Contains("Chinese markets rally", run.Out, StringComparison.Ordinal);
        Assert.Contains("nothing found", (await RunAsync("search", "zebra", "--symbol", "MSFT")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Symbol_ShowsOnlyIt()
    {
        await ImportAsync();
        Assert.Equal(3, (await RunAsync("list", "--json")).Json.GetProperty("documents").GetArrayLength());
        CliRun run = await RunAsync("list", "--symbol", "aapl");
        Assert.Contains("2025-02-03", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("MSFT", run.Out, StringComparison.Ordinal);
        Assert.Contains("(all)", (await RunAsync("list")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "No documents about A in", "search", "x", "--symbol", "A")]
    [InlineData(2, "--symbol", "search", "x")]
    [InlineData(2, "--count is 0", "search", "x", "--symbol", "A", "--count", "0")]
    [InlineData(2, "No such file or folder: nowhere.csv", "import", "nowhere.csv")]
    [InlineData(2, "must be a symbol", "import", "nowhere.csv", "--symbol", "A B")]
    [InlineData(2, "'news'", "import", "nowhere.csv", "--type", "rumour")]
    public async Task Verb_WithoutWhatItNeeds_SaysWhatToDo(int exitCode, string message, params string[] args)
    {
        CliRun run = await RunAsync(args);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.InRange(run.Error.TrimEnd().Split('\n').Length, 1, 3);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("home")));
    }

    [Theory]
    [InlineData("import")]
    [InlineData("list")]
    [InlineData("search")]
    public async Task Verb_Help_ShowsAnExample(string verb) =>
        Assert.Contains($"Example:\n  rlaif documents {verb} ", (await RunAsync(verb, "--help")).Out, StringComparison.Ordinal);
}
