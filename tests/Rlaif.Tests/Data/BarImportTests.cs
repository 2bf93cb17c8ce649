using Rlaif.Core;
using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class BarImportTests : IDisposable
{
    private const string Header = "symbol,date,open,high,low,close,volume\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<BarImportResult> ImportAsync(string content, string name = "bars.csv", BarImportOptions? options = null) =>
        BarImport.ReadAsync([_folder.Write(name, content)], options);

    private async Task<ImportProblem> OnlyProblemAsync(string row)
    {
        BarImportResult result = await ImportAsync(
            $"{Header}A,2024-01-02,10,11,9,10.5,100\n{row}\nA,2024-01-05,10,11,9,10.5,100\n"
        );
        Assert.Equal(2, Assert.Single(result.Series).Count);
        ImportProblem problem = Assert.Single(result.Problems);
        Assert.Equal(_folder.PathOf("bars.csv"), problem.File);
        Assert.Equal(3, problem.Line);
        return problem;
    }

    [Theory]
    [InlineData("Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,10,11,9,10.5,8,100")]
    [InlineData("volume,CLOSE,low,High,open,timestamp,adjclose\n100,10.5,9,11,10,20240102,8")]
    [InlineData("t,o,h,l,c,v,n,vw\n2024-01-02T05:00:00Z,10,11,9,10.5,100,7,10.2")]
    [InlineData("<TICKER>;<PER>;<DATE>;<TIME>;<OPEN>;<HIGH>;<LOW>;<CLOSE>;<VOL>\nBARS.US;D;20240102;000000;10;11;9;10.5;100")]
    [InlineData("Datetime\tOpen\tHigh\tLow\tClose\tvolume_lots\n2024-01-02 00:00:00-05:00\t10\t11\t9\t10.5\t1")]
    [InlineData(",1. open,2. high,3. low,4. close,5. volume\n2024-01-02,1e1,11.0,9,10.50,100.00")]
    [InlineData(
        "\"date\",\"open\",\"high\",\"low\",\"close\",\"volume\",\"Ticker\"\n\"2024-01-02\",\"10\",\"11\",\"9\",\"10.5\",\"100\",\"bars\""
    )]
    [InlineData("\uFEFFdate,open,high,low,close,volume,symbol\r\n\r\n2024-01-02T00:00:00Z,10,11,9,10.5,100,BARS\r\n")]
    [InlineData("20240102 00:00,100000,110000,90000,105000,100")]
    public async Task ReadAsync_UsualSpelling_GivesTheSameBar(string content)
    {
        BarImportResult result = await ImportAsync(content);
        Assert.Empty(result.Problems);
        BarSeries series = Assert.Single(result.Series);
        Assert.Equal("BARS", series.Symbol);
        var open = new DateTimeOffset(2024, 1, 2, 14, 30, 0, TimeSpan.Zero);
        Assert.Equal(new Bar(open, open.AddHours(6.5), 10m, 11m, 9m, 10.5m, 100m), series[0]);
        Assert.Equal("10.5", $"{series[0].Close}");
    }

    [Fact]
    public async Task ReadAsync_Gzip_IsReadWhateverItsName()
    {
        string zipped = _folder.Write("aapl.csv.gz", "date,open,high,low,close\n2024-01-02,1,2,1,2\n");
        string renamed = _folder.PathOf("msft.csv");
        File.Copy(zipped, renamed);
        BarImportResult result = await BarImport.ReadAsync([zipped, renamed]);
        Assert.Equal(["AAPL", "MSFT"], result.Series.Select(s => s.Symbol));
        Assert.Equal(0m, result.Series[0][0].Volume);
    }

    [Theory]
    [InlineData("A,02/01/2024,10,11,9,10,1", "date", "02/01/2024", RowTime.Allowed)]
    [InlineData("A,2024-01-03,ten,11,9,10,1", "open", "ten", "must be a number above zero")]
    [InlineData("A,2024-01-03,10,NaN,9,10,1", "high", "NaN", "must be a number above zero")]
    [InlineData("A,2024-01-03,10,11,,10,1", "low", "", "must be a number above zero")]
    [InlineData("A,2024-01-03,10,11,9,0,1", "close", "0", "must be a number above zero")]
    [InlineData("A,2024-01-03,-10,11,9,10,1", "open", "-10", "must be a number above zero")]
    [InlineData("A,2024-01-03,10,9,11,10,1", "high", "9", "must be at least the low of 11")]
    [InlineData("A,2024-01-03,12,11,9,10,1", "open", "12", "must lie between the low of 9 and the high of 11")]
    [InlineData("A,2024-01-03,10,11,9,8.9,1", "close", "8.9", "must lie between the low of 9 and the high of 11")]
    [InlineData("A,2024-01-03,10,11,9,10,-1", "volume", "-1", "must be a number of at least zero")]
    [InlineData("A,2024-01-03,10,11", "low", "", "must be a number above zero")]
    [InlineData("A,2024-01-03,10,11,9,10,1,2", null, "8 fields", "the header names 7 columns")]
    [InlineData("A B,2024-01-03,10,11,9,10,1", "symbol", "A B", "must be a symbol: letters, digits and . - ^ = _ & /")]
    [InlineData("\"A,2024-01-03,10,11,9,10,1", "symbol", "'A", "must be a symbol: letters, digits and . - ^ = _ & /")]
    public async Task ReadAsync_BadRow_IsTheOnlyOneSkipped(string row, string? field, string value, string rule)
    {
        ImportProblem problem = await OnlyProblemAsync(row);
        Assert.Equal((field, value, rule), (problem.Field, problem.Value, problem.Rule));
    }

    [Fact]
    public async Task ReadAsync_SecondRowOfTheSameTimeWithOtherValues_KeepsTheFirst()
    {
        ImportProblem problem = await OnlyProblemAsync("A,2024-01-02,10,11,9,10.6,100");
        Assert.Equal(("date", "A 2024-01-02"), (problem.Field, problem.Value));
        Assert.Contains("line 2 was kept", problem.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_PricesOutsideByRoundingOnly_AreKept() =>
        Assert.Empty((await ImportAsync($"{Header}A,2024-01-02,10.000001,10,9,9,1\n")).Problems);

    [Fact]
    public async Task ReadAsync_UnsortedRowsAndExactRepeats_AreSortedAndCounted()
    {
        BarImportResult result = await ImportAsync(
            $"{Header}B,2024-01-03,1,1,1,1,1\nA,2024-01-03,2,2,2,2,2\nB,2024-01-02,1,1,1,1,1\nB,2024-01-03,1.0,1,1,1,1\n"
        );
        Assert.Empty(result.Problems);
        Assert.Equal(1, result.Duplicates);
        Assert.Equal(["A", "B"], result.Series.Select(s => s.Symbol));
        Assert.Equal(
            [new DateOnly(2024, 1, 2), new DateOnly(2024, 1, 3)],
            [result.Series[1][0].Session, result.Series[1][1].Session]
        );
    }

    [Fact]
    public async Task ReadAsync_HourlyLocalTimes_LastAsLongAsTheirStepAndEndWithTheSession()
    {
        BarImportResult result = await ImportAsync(
            "datetime_et,open,high,low,close\n2024-07-01 09:30,1,1,1,1\n2024-07-01 10:30,1,1,1,1\n2024-07-01 15:30,1,1,1,1\n"
                + "2024-07-02 09:30,1,1,1,1\n2024-07-02 10:30,1,1,1,1\n2024-07-02 11:00,1,1,1,1\n"
        );
        BarSeries series = Assert.Single(result.Series);
        string[] times =
        [
            .. Enumerable.Range(0, series.Count).Select(i => $"{series[i].OpenTime:dd HH:mm}-{series[i].CloseTime:HH:mm}"),
        ];
        Assert.Equal(
            ["01 13:30-14:30", "01 14:30-15:30", "01 19:30-20:00", "02 13:30-14:30", "02 14:30-15:00", "02 15:00-16:00"],
            times
        );
    }

    [Fact]
    public async Task ReadAsync_IntradayStampsWithOffset_AreInstants()
    {
        BarImportResult result = await ImportAsync(
            "time,open,high,low,close\n2024-01-02T09:30:00-05:00,1,1,1,1\n2024-01-02T14:45:00Z,1,1,1,1\n2024-01-02T10:00-05:00,1,1,1,1\n"
        );
        BarSeries series = Assert.Single(result.Series);
        string[] times =
        [
            .. Enumerable.Range(0, series.Count).Select(i => $"{series[i].OpenTime:HH:mm}-{series[i].CloseTime:HH:mm}"),
        ];
        Assert.Equal(["14:30-14:45", "14:45-15:00", "15:00-15:15"], times);
    }

    [Fact]
    public async Task ReadAsync_ChineseSymbol_TradesInShanghai()
    {
        BarImportResult result = await ImportAsync(
            "symbol,date,open,high,low,close,volume_lots\n600028.SH,2024-07-01,5,5,5,5,12.5\n"
        );
        Bar bar = Assert.Single(result.Series)[0];
        Assert.Equal((1, 30, 7), (bar.OpenTime.Hour, bar.OpenTime.Minute, bar.CloseTime.Hour));
        Assert.Equal(1250m, bar.Volume);
    }

    [Fact]
    public async Task ReadAsync_UnknownExchange_SaysWhichHoursItTook()
    {
        BarImportResult result = await ImportAsync($"{Header}0700.HK,2024-01-02,1,1,1,1,1\n");
        Assert.Contains("'HK'", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_WeeklyRows_AreRefusedBecauseTheirEndIsUnknown()
    {
        BarImportResult result = await ImportAsync(
            "date,open,high,low,close\n2024-01-01,1,1,1,1\n2024-01-08,1,1,1,1\n2024-01-15,1,1,1,1\n"
        );
        Assert.Empty(result.Series);
        Assert.Contains("7 days apart", Assert.Single(result.Problems).Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Date,AAPL,AMD,BRK-B,^GSPC\n2024-01-02,1,2,3,4\n",
        "the columns AAPL, AMD, BRK-B and 1 more look like one closing price per symbol"
    )]
    [InlineData("date,close\n2024-01-02,1\n", "the columns open, high, low are missing; a decision fills at an open")]
    [InlineData("date,rate\n2024-01-02,1\n", "is not a file of bars: open, high, low and close are missing")]
    [InlineData("name,city\nx,y\n", "is not a file of bars: its first row names no date column")]
    [InlineData("", "is empty")]
    [InlineData("symbol,ex_date,split\nA,2024-01-02,2\n", "is a file of corporate actions")]
    [InlineData("PAR1xxxx", "is a Parquet file")]
    [InlineData("PKxxxxx", "is a ZIP archive")]
    public async Task ReadAsync_NoBars_SaysWhatItDoesNotUnderstand(string content, string rule)
    {
        BarImportResult result = await ImportAsync(content);
        Assert.Empty(result.Series);
        Assert.Empty(result.Files);
        Assert.Contains(rule, Assert.Single(result.Problems).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_TruncatedGzip_KeepsWhatCameBefore()
    {
        IEnumerable<string> rows = Enumerable
            .Range(0, 9000)
            .Select(i => $"A,{new DateOnly(1990, 1, 1).AddDays(i):yyyyMMdd},{i + 1},{i + 2},{i + 1},{i + 2},{i * 7919}\n");
        string path = _folder.Write("bars.csv.gz", Header + string.Concat(rows));
        byte[] bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length - 2000)]);
        BarImportResult result = await BarImport.ReadAsync([path]);
        Assert.InRange(Assert.Single(result.Series).Count, 1000, 8999);
        Assert.NotEmpty(result.Problems);
    }

    [Fact]
    public async Task ReadAsync_Folder_ReadsBarFilesAndReportsTheOthers()
    {
        _folder.Write("b/msft.csv.gz", "date,open,high,low,close\n2024-01-02,1,2,1,2\n");
        _folder.Write("aapl.csv", "date,open,high,low,close\n2024-01-02,1,2,1,2\n");
        _folder.Write("README.md", "text");
        _folder.Write("calendar.csv", "date,kind\n2024-01-01,closed\n");
        _folder.Write(".hidden.csv", "x");
        BarImportResult result = await BarImport.ReadAsync([_folder.Root, _folder.PathOf("aapl.csv")]);
        Assert.Equal(["aapl.csv", "msft.csv.gz"], result.Files.Select(Path.GetFileName));
        Assert.Equal(["README.md", "calendar.csv"], result.Problems.Select(p => Path.GetFileName(p.File)).Order());
        Assert.Equal(0, result.Duplicates);
    }

    [Fact]
    public async Task ReadAsync_DailyAndIntradayOfOneSymbol_KeepsTheFirstKind()
    {
        string daily = _folder.Write("a.csv", $"{Header}X,2024-01-02,1,1,1,1,1\nY,2024-01-02,1,1,1,1,1\n");
        string hourly = _folder.Write(
            "b.csv",
            $"{Header}X,2024-01-02 10:00,1,1,1,1,1\nX,2024-01-02 11:00,1,1,1,1,1\nY,2024-01-02 10:00,1,1,1,1,1\nY,2024-01-02 11:00,1,1,1,1,1\n"
        );
        BarImportResult result = await BarImport.ReadAsync([daily, hourly]);
        Assert.All(result.Series, s => Assert.Equal(1, s.Count));
        ImportProblem problem = Assert.Single(result.Problems);
        Assert.Equal((hourly, "X, Y"), (problem.File, problem.Value));
    }

    [Fact]
    public async Task ReadAsync_MissingPath_NamesIt()
    {
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() =>
            BarImport.ReadAsync([_folder.PathOf("no.csv")])
        );
        Assert.Contains("no.csv", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BarFormat.Yahoo, "date,open,high,low,close\n", "Yahoo")]
    [InlineData(BarFormat.Alpaca, "date,open,high,low,close\n", "Alpaca")]
    [InlineData(BarFormat.Lean, "date,open,high,low,close\n", "LEAN")]
    [InlineData(BarFormat.Generic, "20240102 00:00,100000,110000,90000,105000,100\n", "names no date column")]
    public async Task ReadAsync_FileOfAnotherThanTheNamedFormat_IsRefused(BarFormat format, string content, string words)
    {
        BarImportResult result = await ImportAsync(content, options: new BarImportOptions { Format = format });
        Assert.Contains(words, Assert.Single(result.Problems).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NamedSymbol_IsForFilesWithoutAColumn()
    {
        var options = new BarImportOptions { Symbol = "brk.b" };
        string without = _folder.Write("some bars.csv", "date,open,high,low,close\n2024-01-02,1,2,1,2\n");
        string with = _folder.Write("with.csv", $"{Header}A,2024-01-02,1,1,1,1,1\n");
        Assert.Equal(
            "has no symbol column and its name is no symbol",
            Assert.Single((await BarImport.ReadAsync([without])).Problems).Rule
        );
        BarImportResult result = await BarImport.ReadAsync([without, with], options);
        Assert.Equal(["A", "BRK.B"], result.Series.Select(s => s.Symbol));
        Assert.Contains("BRK.B".ToLowerInvariant(), Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_Stops() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            BarImport.ReadAsync([_folder.Write("a.csv", Header)], cancellationToken: new CancellationToken(canceled: true))
        );
}
