using System.Text.RegularExpressions;
using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Data.News;

namespace Rlaif.Tests.Data.Indicators;

public sealed class MarketFeaturesTests
{
    private const double Tolerance = 1e-9;

    private static readonly string[] Required =
    [
        "return_1, return_5, return_20, return_60, return_120, return_250, momentum_20, momentum_60, volatility_20, volatility_60",
        "volatility_ratio_20_60, atr_14, rsi_14, macd_histogram, bollinger_percent_b, adx_14, plus_di_14, minus_di_14, stochastic_k",
        "stochastic_d, cci_20, mfi_14, williams_r_14, roc_10, obv_slope_20, volume_ratio_5_60, distance_sma_20, distance_sma_50",
        "distance_sma_200, drawdown_250, skewness_60, autocorrelation_60, gap_1, range_1, beta_60, correlation_60, benchmark_return_5",
        "benchmark_return_20, benchmark_volatility_20, relative_strength_20, news_count_5, news_sentiment_7, news_sentiment_30",
        "earnings_yield, revenue_growth_yoy, net_margin, return_on_equity, debt_to_equity, days_since_filing",
    ];

    [Fact]
    public void Schema_Names_AreAllThereOnceAndDescribed()
    {
        string[] names = [.. MarketFeatures.Schema.Select(f => f.Name)];

        Assert.Equal(Required.SelectMany(r => r.Split(", ")).Order(), names.Order());
        Assert.All(MarketFeatures.Schema, f => Assert.Matches("^[a-z][a-z0-9_]*$", f.Name));
        Assert.All(MarketFeatures.Schema, f => Assert.EndsWith(".", f.Description, StringComparison.Ordinal));
        Assert.Matches(new Regex("^[0-9a-f]{12}$", RegexOptions.None, TimeSpan.FromSeconds(1)), MarketFeatures.SchemaVersion);
    }

    [Fact]
    public void SchemaVersion_NamesAndUnits_IsPinned() =>
        // A change means that reward models trained before cannot be used: change it on purpose only.
        Assert.Equal("d79f4308f2a3", MarketFeatures.SchemaVersion);

    [Fact]
    public void Compute_AnySnapshot_HasSchemaOrder()
    {
        IReadOnlyDictionary<string, double?> values = MarketFeatures.Compute(Snapshot(TestBars.Constant(5, 10, 10)));

        Assert.Equal(MarketFeatures.Schema.Select(f => f.Name), values.Keys);
    }

    [Fact]
    public void Compute_SkenderBars_EqualsReferenceAtTheLastBar()
    {
        BarSeries bars = TestBars.Read(ReferenceTable.Read("oracle_indicators_skender/quotes_default.csv"));
        IReadOnlyDictionary<string, double?> values = MarketFeatures.Compute(Snapshot(bars));
        double close = (double)bars[bars.Count - 1].Close;

        AssertReference("rsi.csv", "rsi", values["rsi_14"]);
        AssertReference("atr.csv", "atr", values["atr_14"] * close);
        AssertReference("macd.csv", "histogram", values["macd_histogram"] * close);
        AssertReference("bb.csv", "percentB", values["bollinger_percent_b"]);
        AssertReference("adx.csv", "adx", values["adx_14"]);
        AssertReference("adx.csv", "pdi", values["plus_di_14"]);
        AssertReference("adx.csv", "mdi", values["minus_di_14"]);
        AssertReference("stoch.csv", "oscillator", values["stochastic_k"]);
        AssertReference("stoch.csv", "signal", values["stochastic_d"]);
        AssertReference("sma.csv", "sma", close / (1 + values["distance_sma_20"]));
    }

    [Fact]
    public void Compute_TalibBars_EqualsReferenceAtTheLastBar()
    {
        ReferenceTable table = ReferenceTable.Read("oracle_indicators_talib/KO.csv.gz");
        IReadOnlyDictionary<string, double?> values = MarketFeatures.Compute(Snapshot(TestBars.Read(table)));

        AssertClose(table.Numbers("cci20")[^1], values["cci_20"]);
        AssertClose(table.Numbers("mfi14")[^1], values["mfi_14"]);
        AssertClose(table.Numbers("willr14")[^1], values["williams_r_14"]);
        AssertClose(table.Numbers("roc10")[^1] / 100, values["roc_10"]);
        AssertClose(table.Numbers("rsi14")[^1], values["rsi_14"]);
        double?[] obv = table.Numbers("obv");
        AssertClose((obv[^1] - obv[^21]) / table.Numbers("volume").TakeLast(20).Sum(), values["obv_slope_20"]);
    }

    [Fact]
    public void Compute_RealBars_EqualsTheDefinitions()
    {
        BarSeries series = TestBars.Read(ReferenceTable.Read("oracle_indicators_skender/quotes_default.csv"));
        IReadOnlyDictionary<string, double?> values = MarketFeatures.Compute(Snapshot(series));
        Bar[] bars = TestBars.Bars(series);
        double[] c = [.. bars.Select(b => (double)b.Close)];
        double[] r = [.. c.Skip(1).Zip(c, (later, earlier) => Math.Log(later / earlier))];
        double[] last60 = r[^60..];
        double mean = last60.Average();
        double variance = last60.Average(x => (x - mean) * (x - mean));

        AssertClose((c[^1] / c[^2]) - 1, values["return_1"]);
        AssertClose((c[^1] / c[^251]) - 1, values["return_250"]);
        AssertClose(Deviation(r[^20..]), values["volatility_20"]);
        AssertClose(Deviation(last60), values["volatility_60"]);
        AssertClose(Math.Log(Deviation(r[^20..]) / Deviation(last60)), values["volatility_ratio_20_60"]);
        AssertClose(r[^20..].Sum() / (Deviation(r[^20..]) * Math.Sqrt(20)), values["momentum_20"]);
        AssertClose(last60.Sum() / (Deviation(last60) * Math.Sqrt(60)), values["momentum_60"]);
        AssertClose(last60.Average(x => Math.Pow(x - mean, 3)) / Math.Pow(variance, 1.5), values["skewness_60"]);
        double lagged = last60.Skip(1).Zip(last60, (x, y) => (x - mean) * (y - mean)).Sum();
        AssertClose(lagged / (60 * variance), values["autocorrelation_60"]);
        AssertClose((double)(bars[^1].Open / bars[^2].Close) - 1, values["gap_1"]);
        AssertClose((double)((bars[^1].High - bars[^1].Low) / bars[^1].Close), values["range_1"]);
        AssertClose((c[^1] / c[^200..].Average()) - 1, values["distance_sma_200"]);
        AssertClose((c[^1] / (double)bars[^250..].Max(b => b.High)) - 1, values["drawdown_250"]);
        double[] v = [.. bars.Select(b => (double)b.Volume)];
        AssertClose(Math.Log(v[^5..].Average() / v[^60..].Average()), values["volume_ratio_5_60"]);
    }

    [Fact]
    public void Compute_AnyLength_IsFiniteOrNullAndEndsItsWarmUp()
    {
        BarSeries series = TestBars.Read(ReferenceTable.Read("oracle_indicators_skender/quotes_default.csv"));
        int before = 0;
        for (int count = 0; count <= 260; count++)
        {
            var prefix = new BarSeries("A", TestBars.Bars(series).Take(count));
            IReadOnlyDictionary<string, double?> values = MarketFeatures.Compute(Snapshot(prefix, new DateOnly(2019, 1, 1)));
            Assert.All(values.Values, v => Assert.True(v is null || double.IsFinite(v.Value)));
            Assert.Equal(count > 250, values["return_250"] is not null);
            Assert.Equal(count >= 28, values["adx_14"] is not null);
            Assert.Equal(count >= 34, values["macd_histogram"] is not null);
            Assert.Equal(count >= 60, values["volume_ratio_5_60"] is not null);
            int defined = values.Values.Count(v => v is not null);
            Assert.True(defined >= before);
            before = defined;
        }
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(0)]
    public void Compute_ConstantPrices_IsNullWhereNothingIsDefined(int volume)
    {
        BarSeries series = TestBars.Constant(300, 33.33m, volume);
        var snapshot = MarketSnapshot.Create(series, series[series.Count - 1].CloseTime, series);
        IReadOnlyDictionary<string, double?> values = MarketFeatures.Compute(snapshot);

        Assert.All(values.Values, v => Assert.True(v is null || double.IsFinite(v.Value)));
        string[] undefined =
        [
            "momentum_20",
            "volatility_ratio_20_60",
            "rsi_14",
            "bollinger_percent_b",
            "adx_14",
            "plus_di_14",
            "stochastic_k",
            "stochastic_d",
            "cci_20",
            "mfi_14",
            "williams_r_14",
            "skewness_60",
            "autocorrelation_60",
            "beta_60",
            "correlation_60",
            "news_sentiment_7",
        ];
        Assert.All(undefined, name => Assert.Null(values[name]));
        Assert.Equal(0.0, values["return_20"]);
        Assert.Equal(0.0, values["volatility_20"]);
        Assert.Equal(volume == 0, values["obv_slope_20"] is null);
        Assert.Equal(volume == 0, values["volume_ratio_5_60"] is null);
    }

    [Fact]
    public void Compute_News_CountsAndScoresByAge()
    {
        BarSeries series = TestBars.Constant(5, 10, 10);
        DateTimeOffset asOf = series[series.Count - 1].CloseTime;
        NewsItem[] news =
        [
            new("FLAT", asOf.AddDays(-40), "superb", "x"),
            new("FLAT", asOf.AddDays(-20), "bankruptcy", "x"),
            new("FLAT", asOf.AddDays(-7), "bankruptcy", "x"),
            new("FLAT", asOf.AddDays(-6.9), "superb", "x"),
            new("FLAT", asOf, "abandon", "x"),
            new("FLAT", asOf.AddMinutes(1), "bankruptcy", "x"),
        ];

        IReadOnlyDictionary<string, double?> values = MarketFeatures.Compute(MarketSnapshot.Create(series, asOf, news: news));

        Assert.Equal(2.0, values["news_count_5"]);
        AssertClose((1 - 0.4) / 2, values["news_sentiment_7"]);
        AssertClose((1 - 0.4 - 0.6 - 0.6) / 4, values["news_sentiment_30"]);
        AssertClose(SentimentLexicon.Score("abandon"), -0.4);
    }

    internal static MarketSnapshot Snapshot(BarSeries series, DateOnly? date = null) =>
        MarketSnapshot.Create(
            series,
            date is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : series[series.Count - 1].CloseTime
        );

    internal static void AssertClose(double? expected, double? actual)
    {
        Assert.NotNull(expected);
        Assert.NotNull(actual);
        double allowed = Tolerance * Math.Max(Math.Abs(expected.Value), 1e-3);
        Assert.True(Math.Abs(expected.Value - actual.Value) <= allowed, $"{expected} against {actual}");
    }

    private static void AssertReference(string file, string column, double? actual) =>
        AssertClose(ReferenceTable.Read($"oracle_indicators_skender/{file}").Numbers(column)[^1], actual);

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
