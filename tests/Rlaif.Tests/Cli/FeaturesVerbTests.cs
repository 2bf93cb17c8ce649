using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Tests.Cli;

[Collection(LearningHome.Collection)]
public sealed class FeaturesVerbTests(LearningHome home)
{
    private static JsonElement[] Rows(CliRun run) => [.. run.Json.GetProperty("rows").EnumerateArray()];

    [Fact]
    public async Task Features_Json_HasTheSchemaAndOneRowPerSession()
    {
        CliRun run = await home.RunAsync("features", "AAPL", "--from", "2016-01-04", "--to", "2016-01-29", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("schema,rows,timing", CliRun.Fields(run.Json));
        JsonElement schema = run.Json.GetProperty("schema");
        Assert.Equal("version,names,units", CliRun.Fields(schema));
        Assert.Equal(MarketFeatures.SchemaVersion, schema.GetProperty("version").GetString());
        Assert.Equal(
            MarketFeatures.Schema.Select(f => f.Unit),
            schema.GetProperty("units").EnumerateArray().Select(u => u.GetString())
        );
        JsonElement[] rows = Rows(run);
        Assert.Equal(NyseCalendar.Sessions(new(2016, 1, 4), new(2016, 1, 29)).Sessions.Length, rows.Length);
        Assert.All(rows, r => Assert.Equal("date,values", CliRun.Fields(r)));
        Assert.All(
            rows,
            r => Assert.Equal(string.Join(',', MarketFeatures.Schema.Select(f => f.Name)), CliRun.Fields(r.GetProperty("values")))
        );
    }

    [Fact]
    public async Task Features_Row_IsWhatTheSnapshotAtThatCloseGives()
    {
        SimulatedMarket market = SimulatedMarket.Create(LearningHome.Simulation);
        BarSeries series = await market.GetBarsAsync("AAPL", DateTimeOffset.MaxValue, TestContext.Current.CancellationToken);
        Bar bar = series[300];
        string date = $"{bar.Session:yyyy-MM-dd}";
        JsonElement row = Assert.Single(Rows(await home.RunAsync("features", "AAPL", "--from", date, "--to", date, "--json")));
        foreach ((string name, double? value) in MarketFeatures.Compute(MarketSnapshot.Create(series, bar.CloseTime)))
        {
            JsonElement shown = row.GetProperty("values").GetProperty(name);
            Assert.Equal(value, shown.ValueKind == JsonValueKind.Null ? null : shown.GetDouble());
        }
    }

    [Fact]
    public async Task Features_BarsThatCameLater_ChangeNoEarlierRow()
    {
        DateTimeOffset then = new(2016, 3, 1, 0, 0, 0, TimeSpan.Zero);
        string early = home.Folder.PathOf("early");
        await using (Ledger ledger = await LearningHome.OpenAsync(early))
        {
            await LearningHome.StoreBarsAsync(ledger, then);
        }

        foreach (
            string[] what in (string[][])
                [
                    [],
                    ["--indicators", "rsi(14), macd"],
                ]
        )
        {
            string[] args = ["features", "TSLA", "--from", "2016-01-15", "--to", "2016-02-29", "--json", .. what];
            string known = (await CliRun.Of([.. args, "--home", early])).Json.GetProperty("rows").GetRawText();
            string later = (await home.RunAsync(args)).Json.GetProperty("rows").GetRawText();
            Assert.Equal(known, later);
        }
    }

    [Fact]
    public async Task Features_Indicators_NamesColumnsAndIsNullInTheWarmUp()
    {
        CliRun run = await home.RunAsync("features", "MSFT", "--indicators", "rsi(5), macd(12,26,9).signal", "--json");
        Assert.Equal(
            ["rsi(5)", "macd(12,26,9).signal"],
            run.Json.GetProperty("schema").GetProperty("names").EnumerateArray().Select(n => n.GetString())
        );
        Assert.Equal(
            ["none", "price"],
            run.Json.GetProperty("schema").GetProperty("units").EnumerateArray().Select(n => n.GetString())
        );
        bool[] known =
        [
            .. Rows(run).Select(r => r.GetProperty("values").GetProperty("rsi(5)").ValueKind == JsonValueKind.Number),
        ];
        Assert.Equal(LearningHome.Simulation.Sessions, known.Length);
        Assert.Equal(5, Array.IndexOf(known, true));
        Assert.DoesNotContain(false, known[5..]);
    }

    [Fact]
    public async Task Features_Csv_HasOneLinePerSession()
    {
        string file = home.Folder.PathOf("features.csv");
        CliRun run = await home.RunAsync(
            "features",
            "MSFT",
            "--indicators",
            "macd(12,26,9).signal",
            "--from",
            "2015-01-02",
            "--csv",
            file
        );
        Assert.Equal(0, run.ExitCode);
        string[] lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(LearningHome.Simulation.Sessions + 1, lines.Length);
        Assert.Equal("date,\"macd(12,26,9).signal\"", lines[0]);
        Assert.Equal("2015-01-02,", lines[1]);
        Assert.Contains("rows written to", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_ForPeople_ShowsUnits()
    {
        CliRun run = await home.RunAsync("features", "AAPL", "--from", "2016-03-01", "--to", "2016-03-04");
        Assert.Contains("rsi_14", run.Out, StringComparison.Ordinal);
        Assert.Contains("0..100", run.Out, StringComparison.Ordinal);
        Assert.Contains("the last of 4 rows", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Json_HasEveryIndicatorAndFeature()
    {
        JsonElement json = (await home.RunNowhereAsync("features", "--list", "--json")).Json;
        JsonElement macd = json.GetProperty("indicators")
            .EnumerateArray()
            .Single(i => i.GetProperty("name").GetString() == "macd");
        Assert.Equal(3, macd.GetProperty("parameters").GetArrayLength());
        Assert.Equal("name,default,min,max,is_integer", CliRun.Fields(macd.GetProperty("parameters")[0]));
        Assert.Equal("name,unit", CliRun.Fields(macd.GetProperty("outputs")[0]));
        Assert.NotEmpty(macd.GetProperty("source").GetString()!);
        Assert.Equal(IndicatorCatalog.All.Count, json.GetProperty("indicators").GetArrayLength());
        Assert.True(json.GetProperty("features").GetArrayLength() >= 30);
        Assert.False(Directory.Exists(home.Nowhere));
    }

    [Theory]
    [InlineData(2, "Name a symbol", "features")]
    [InlineData(2, "Known symbols: AAPL", "features", "APPL")]
    [InlineData(2, "'rsy' is not an indicator", "features", "AAPL", "--indicators", "rsy(14)")]
    [InlineData(3, "bars run from 2015-01-02", "features", "AAPL", "--from", "2030-01-01")]
    [InlineData(
        2,
        "Cannot write",
        "features",
        "AAPL",
        "--from",
        "2016-03-01",
        "--indicators",
        "obv",
        "--csv",
        "no/such/folder.csv"
    )]
    public async Task Features_Refused_SaysWhy(int exitCode, string message, params string[] args)
    {
        CliRun run = await home.RunAsync(args);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_NoBars_ExitsWithThreeAndSaysWhatToDo()
    {
        CliRun run = await home.RunNowhereAsync("features", "AAPL");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("rlaif data import", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.Nowhere));
    }
}
