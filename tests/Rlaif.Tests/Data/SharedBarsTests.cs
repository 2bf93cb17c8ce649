using Rlaif.Data;

namespace Rlaif.Tests.Data;

/// <summary>Real files of many origins: each imports, or the import says precisely why not.</summary>
public sealed class SharedBarsTests
{
    [Theory]
    [InlineData("bars_us_daily/bars_us_daily_2021_2025.csv.gz", 22, 20_758)]
    [InlineData("bars_us_daily/index_gspc_daily_2021_2026.csv.gz", 1, 1_346)]
    [InlineData("bars_lean_raw/bars_daily_raw.csv.gz", 4, 21_374)]
    [InlineData("pystock_2015_2017/bars_daily_raw.csv.gz", 34, 17_432)]
    [InlineData("stockbench_djia/bars_daily.csv.gz", 11, 1_506)]
    [InlineData("ai_trader/bars_daily_raw_nasdaq100_2025-06_2025-10.csv.gz", 102, 10_811)]
    [InlineData("ai_trader/bars_hourly_nasdaq100_2025-10_2025-11.csv.gz", 102, 17_748)]
    [InlineData("ai_trader/bars_cn_sse50_daily_2025-10_2025-11.csv.gz", 50, 1_500)]
    [InlineData("fnspid_sentiment/bars_with_gpt_sentiment.csv.gz", 10, 19_757)]
    [InlineData("oracle_indicators_talib/NVDA.csv.gz", 1, 1_160)]
    public async Task ReadAsync_RealBars_AreAllRead(string file, int symbols, int rows)
    {
        BarImportResult result = await BarImport.ReadAsync([SharedData.Require(file)]);
        Assert.Empty(result.Problems);
        Assert.Equal(symbols, result.Series.Count);
        Assert.Equal(rows, result.Series.Sum(s => s.Count) + result.Duplicates);
    }

    [Fact]
    public async Task ReadAsync_Vix_ReadsAllButTheRowsWhoseOpenIsOutsideTheRange()
    {
        BarImportResult result = await BarImport.ReadAsync([SharedData.Require("reference/vix_daily.csv.gz")]);
        BarSeries series = Assert.Single(result.Series);
        Assert.Equal(9_235, series.Count + result.Problems.Count);
        Assert.All(result.Problems, p => Assert.Equal("OPEN", p.Field));
        Assert.Equal(47, result.Problems.Count);
        Assert.Equal(0m, series[0].Volume);
    }

    [Theory]
    [InlineData(
        "closes_wide_skfolio/sp500_20_closes_1990_2020.csv.gz",
        "AAPL, AMD, BAC and 17 more look like one closing price per symbol"
    )]
    [InlineData("bars_lean_raw/factor_file.csv", "is a file of corporate actions")]
    [InlineData("stockbench_djia/corporate_actions.csv", "is a file of corporate actions")]
    [InlineData("reference/us10y_monthly.csv", "open, high, low and close are missing")]
    [InlineData("oracle_indicators_skender/rsi.csv", "open, high, low and close are missing")]
    public async Task ReadAsync_RealFileWithoutBars_SaysWhy(string file, string rule)
    {
        BarImportResult result = await BarImport.ReadAsync([SharedData.Require(file)]);
        Assert.Empty(result.Series);
        Assert.Contains(rule, Assert.Single(result.Problems).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_RawBarsWithFactors_KeepsEverySplit()
    {
        BarImportResult result = await BarImport.ReadAsync(
            [SharedData.Require("bars_lean_raw/bars_daily_raw.csv.gz")],
            new BarImportOptions { ActionFiles = [SharedData.Require("bars_lean_raw/factor_file.csv")] }
        );
        Assert.Equal(
            [
                "AAPL 2000-06-21 2 True",
                "AAPL 2005-02-28 2 True",
                "AAPL 2014-06-09 7 True",
                "AAPL 2020-08-31 4 True",
                "BNO 2013-08-29 2 True",
                "IBM 1999-05-27 2 True",
            ],
            result.Splits.Select(s => $"{s.Symbol} {s.ExDate:yyyy-MM-dd} {s.Ratio} {s.Kept}")
        );
        // Apple paid 2.65 a share on 2012-08-09.
        CorporateAction first = result.Series[0].Actions.First(a => a.Kind == CorporateActionKind.Dividend);
        Assert.Equal(new DateOnly(2012, 8, 9), first.ExDate);
        Assert.Equal(2.65, (double)first.Value, 3);
    }

    [Fact]
    public async Task ReadAsync_AdjustedBarsWithSplitColumn_KeepsNone()
    {
        BarImportResult result = await BarImport.ReadAsync([SharedData.Require("bars_us_daily/bars_us_daily_2021_2025.csv.gz")]);
        Assert.Equal(["NVDA 10 False", "TSLA 3 False"], result.Splits.Select(s => $"{s.Symbol} {s.Ratio} {s.Kept}"));
        Assert.DoesNotContain(result.Series.SelectMany(s => s.Actions), a => a.Kind == CorporateActionKind.Split);
        Assert.Equal(142, result.Series.Sum(s => s.Actions.Length));
    }

    [Fact]
    public async Task RunAsync_RawBarsWithoutTheirSplits_NamesEachSplit()
    {
        IMarketData market = await CsvMarketData.LoadAsync(SharedData.Require("pystock_2015_2017/bars_daily_raw.csv.gz"));
        IReadOnlyList<DataFinding> findings = await DataCheck.RunAsync(market);
        Assert.Equal(
            [
                "CMCSA 2017-02-21 likely a 2:1 split",
                "NFLX 2015-07-15 likely a 7:1 split",
                "NKE 2015-12-24 likely a 2:1 split",
                "SBUX 2015-04-09 likely a 2:1 split",
            ],
            findings
                .Where(f => f.Kind == DataFindingKind.Jump)
                .Select(f => $"{f.Symbol} {f.Date:yyyy-MM-dd} {f.Detail.Split(": ")[^1]}")
        );
    }
}
