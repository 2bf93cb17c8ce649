using System.Text.Json;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli;

public sealed class DataVerbTests : IDisposable
{
    private const string Bars =
        "symbol,date,open,high,low,close,volume,split\nA,2024-01-02,400,404,396,400.5,7,\nA,2024-01-03,101,102,99,100,8,4\n"
        + "A,2024-01-05,100,102,99,101,9,\nB,2024-01-02,5,5,5,5,1,\nB,2024-01-03,5,5,5,5,1,\nB,2024-01-04,5,6,5,6,1,\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<CliRun> RunAsync(params string[] args) => CliRun.Of([.. args, "--home", _folder.PathOf("home")]);

    private static int[] Counts(JsonElement json) =>
        [.. ((string[])["files", "symbols", "bars_added", "bars_skipped"]).Select(f => json.GetProperty(f).GetInt32())];

    [Fact]
    public async Task Import_Json_HasTheFieldsOfTheContract()
    {
        CliRun run = await RunAsync("data", "import", _folder.Write("bars.csv", Bars + "B,2024-01-08,5,5,5,x,1,\n"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("files,symbols,bars_added,bars_skipped,actions_added,splits,notes,problems,timing", CliRun.Fields(run.Json));
        Assert.Equal([1, 2, 6, 0], Counts(run.Json));
        JsonElement problem = Assert.Single(run.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal("file,line,field,value,rule", CliRun.Fields(problem));
        Assert.Equal(
            ("close", "x", 8),
            (
                problem.GetProperty("field").GetString(),
                problem.GetProperty("value").GetString(),
                problem.GetProperty("line").GetInt32()
            )
        );
        JsonElement split = Assert.Single(run.Json.GetProperty("splits").EnumerateArray());
        Assert.Equal("symbol,ex_date,ratio,jump,kept,reason", CliRun.Fields(split));
        Assert.True(split.GetProperty("kept").GetBoolean());
    }

    [Fact]
    public async Task Import_Twice_AddsNothing()
    {
        string file = _folder.Write("bars.csv.gz", Bars);
        await RunAsync("data", "import", file);
        CliRun again = await RunAsync("data", "import", file, "--json");
        Assert.Equal([1, 2, 0, 6], Counts(again.Json));
        Assert.Equal(0, again.Json.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task Import_OtherValueForAStoredBar_IsAProblemWithItsLine()
    {
        await RunAsync("data", "import", _folder.Write("bars.csv", Bars));
        string other = _folder.Write(
            "other.csv",
            "symbol,date,open,high,low,close,volume\nB,2024-01-09,5,5,5,5,1\nB,2024-01-03,5,5,5,5,2\n"
        );
        CliRun run = await RunAsync("data", "import", other, "--json");
        Assert.Equal([1, 1, 1, 0], Counts(run.Json));
        JsonElement problem = Assert.Single(run.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal(
            (other, 3, "volume", "2"),
            (
                problem.GetProperty("file").GetString(),
                problem.GetProperty("line").GetInt32(),
                problem.GetProperty("field").GetString(),
                problem.GetProperty("value").GetString()
            )
        );
        Assert.Contains("conflicts with the stored bar", problem.GetProperty("rule").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_NothingButProblems_ExitsWithTwoAndMakesNoLedger()
    {
        CliRun run = await RunAsync("data", "import", _folder.Write("closes.csv", "date,AAPL,MSFT\n2024-01-02,1,2\n"), "--json");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal([0, 0, 0, 0], Counts(run.Json));
        Assert.Contains(
            "no price is made up",
            run.Json.GetProperty("problems")[0].GetProperty("rule").GetString(),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_folder.PathOf("home")));
    }

    [Fact]
    public async Task Import_ForPeople_SaysWhatWasDecided()
    {
        CliRun run = await RunAsync("data", "import", _folder.Write("bars.csv", Bars + "B,later,5,5,5,5,1,\n"));
        Assert.Contains("6 bars added", run.Out, StringComparison.Ordinal);
        Assert.Contains("split A 2024-01-03 4:1 kept", run.Out, StringComparison.Ordinal);
        Assert.Contains("bars.csv:8 date 'later'", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Import_Adjusted_KeepsNoSplit()
    {
        CliRun run = await RunAsync("data", "import", _folder.Write("bars.csv", Bars), "--adjusted", "--json");
        Assert.False(run.Json.GetProperty("splits")[0].GetProperty("kept").GetBoolean());
        Assert.Equal(0, run.Json.GetProperty("actions_added").GetInt32());
    }

    [Fact]
    public async Task List_Json_HasTheFieldsOfTheContract()
    {
        await RunAsync("data", "import", _folder.Write("bars.csv", Bars));
        JsonElement symbols = (await RunAsync("data", "list", "--json")).Json.GetProperty("symbols");
        Assert.Equal(2, symbols.GetArrayLength());
        Assert.Equal("symbol,bars,first_date,last_date,adjusted", CliRun.Fields(symbols[0]));
        Assert.Equal(JsonValueKind.False, symbols[0].GetProperty("adjusted").ValueKind);
        Assert.Equal(JsonValueKind.Null, symbols[1].GetProperty("adjusted").ValueKind);
        Assert.Equal("2024-01-05", symbols[0].GetProperty("last_date").GetString());
        Assert.Contains("kept beside the prices", (await RunAsync("data", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoLedger_IsEmptyAndMakesNone()
    {
        CliRun run = await RunAsync("data", "list", "--json");
        Assert.Equal((0, 0), (run.ExitCode, run.Json.GetProperty("symbols").GetArrayLength()));
        Assert.False(Directory.Exists(_folder.PathOf("home")));
    }

    [Fact]
    public async Task Check_Json_HasTheFieldsOfTheContract()
    {
        await RunAsync("data", "import", _folder.Write("bars.csv", Bars));
        JsonElement finding = Assert.Single(
            (await RunAsync("data", "check", "--json")).Json.GetProperty("findings").EnumerateArray()
        );
        Assert.Equal("symbol,date,kind,detail", CliRun.Fields(finding));
        Assert.Equal(("A", "gap"), (finding.GetProperty("symbol").GetString(), finding.GetProperty("kind").GetString()));
        Assert.Contains("nothing found", (await RunAsync("data", "check", "B")).Out, StringComparison.Ordinal);
        Assert.Contains("gap", (await RunAsync("data", "check", "A")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Range_GivesBarsAndWritesThemAsTheyCameIn()
    {
        await RunAsync("data", "import", _folder.Write("bars.csv", Bars));
        string csv = _folder.PathOf("out.csv");
        CliRun run = await RunAsync("data", "show", "A", "--from", "2024-01-03", "--csv", csv, "--json");
        JsonElement bars = run.Json.GetProperty("bars");
        Assert.Equal(2, bars.GetArrayLength());
        Assert.Equal("date,open,high,low,close,volume", CliRun.Fields(bars[0]));
        Assert.Equal(("2024-01-03", 101m), (bars[0].GetProperty("date").GetString(), bars[0].GetProperty("open").GetDecimal()));
        Assert.Equal(
            ["date,open,high,low,close,volume", "2024-01-03,101,102,99,100,8", "2024-01-05,100,102,99,101,9"],
            await File.ReadAllLinesAsync(csv)
        );
        Assert.Contains("400.5", (await RunAsync("data", "show", "A")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_IntradayCsv_ImportsAgainAsTheSameBars()
    {
        string hourly = _folder.Write(
            "h.csv",
            "symbol,time,open,high,low,close\nA,2024-07-01 10:00,1,1,1,1\nA,2024-07-01 11:00,2,2,2,2\n"
        );
        await RunAsync("data", "import", hourly);
        string csv = _folder.PathOf("A.csv");
        await RunAsync("data", "show", "A", "--csv", csv, "--quiet");
        CliRun again = await RunAsync("data", "import", csv, "--json");
        Assert.Equal([1, 1, 0, 2], Counts(again.Json));
    }

    [Theory]
    [InlineData(3, "No bars in", "data", "check")]
    [InlineData(3, "No bars in", "data", "show", "A")]
    [InlineData(2, "No such file or folder: nowhere.csv", "data", "import", "nowhere.csv")]
    public async Task Verb_WithoutWhatItNeeds_SaysWhatToDo(int exitCode, string message, params string[] args)
    {
        CliRun run = await RunAsync(args);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_UnknownSymbol_ListsThoseThatAreKnown()
    {
        await RunAsync("data", "import", _folder.Write("bars.csv", Bars));
        CliRun run = await RunAsync("data", "show", "C", "--json");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("A, B", run.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
