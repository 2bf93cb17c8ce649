using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Tests.Data.Indicators;

/// <summary>Every indicator against values of two independent libraries, on all rows.</summary>
public sealed class IndicatorReferenceTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("sma.csv", "sma", "sma(20)")]
    [InlineData("ema.csv", "ema", "ema(20)")]
    [InlineData("rsi.csv", "rsi", "rsi(14)")]
    [InlineData("macd.csv", "macd", "macd(12,26,9).macd")]
    [InlineData("macd.csv", "signal", "macd(12,26,9).signal")]
    [InlineData("macd.csv", "histogram", "macd(12,26,9).histogram")]
    [InlineData("macd.csv", "fastEma", "ema(12)")]
    [InlineData("macd.csv", "slowEma", "ema(26)")]
    [InlineData("atr.csv", "tr", "true_range")]
    [InlineData("atr.csv", "atr", "atr(14)")]
    [InlineData("tr.csv", "tr", "true_range")]
    [InlineData("bb.csv", "sma", "bollinger(20,2).middle")]
    [InlineData("bb.csv", "upperBand", "bollinger(20,2).upper")]
    [InlineData("bb.csv", "lowerBand", "bollinger(20,2).lower")]
    [InlineData("bb.csv", "percentB", "bollinger(20,2).percent_b")]
    [InlineData("bb.csv", "width", "bollinger(20,2).width")]
    [InlineData("adx.csv", "pdi", "adx(14).plus_di")]
    [InlineData("adx.csv", "mdi", "adx(14).minus_di")]
    [InlineData("adx.csv", "dx", "adx(14).dx")]
    [InlineData("adx.csv", "adx", "adx(14).adx")]
    [InlineData("obv.csv", "obv", "obv")]
    [InlineData("stoch.csv", "oscillator", "stochastic(14,3,3).k")]
    [InlineData("stoch.csv", "signal", "stochastic(14,3,3).d")]
    [InlineData("stdev.csv", "stdDev", "standard_deviation(14)")]
    [InlineData("stdev.csv", "mean", "sma(14)")]
    [InlineData("roc.csv", "roc", "roc(14)")]
    [InlineData("roc.csv", "momentum", "momentum(14)")]
    public void Compute_SkenderBars_EqualsReferenceOnEveryRow(string file, string column, string indicator)
    {
        BarSeries bars = TestBars.Read(ReferenceTable.Read("oracle_indicators_skender/quotes_default.csv"));
        double?[] expected = ReferenceTable.Read($"oracle_indicators_skender/{file}").Numbers(column);

        AssertEqual(expected, Values(bars, indicator), 0, Tolerance);
    }

    [Theory]
    [InlineData("sma20", "sma(20)")]
    [InlineData("ema20", "ema(20)")]
    [InlineData("wma20", "wma(20)")]
    [InlineData("rsi14", "rsi(14)")]
    [InlineData("atr14", "atr(14)")]
    [InlineData("trange", "true_range")]
    [InlineData("cci20", "cci(20)")]
    [InlineData("mfi14", "mfi(14)")]
    [InlineData("willr14", "williams_r(14)")]
    [InlineData("roc10", "roc(10)")]
    [InlineData("mom10", "momentum(10)")]
    [InlineData("stddev20", "standard_deviation(20)")]
    [InlineData("bb_upper", "bollinger(20,2).upper")]
    [InlineData("bb_middle", "bollinger(20,2).middle")]
    [InlineData("bb_lower", "bollinger(20,2).lower")]
    [InlineData("stoch_d", "stochastic(14,3,3).d")]
    public void Compute_TalibBars_EqualsReferenceOnEveryRow(string column, string indicator)
    {
        foreach (string symbol in (string[])["NVDA", "KO"])
        {
            ReferenceTable table = ReferenceTable.Read($"oracle_indicators_talib/{symbol}.csv.gz");

            AssertEqual(table.Numbers(column), Values(TestBars.Read(table), indicator), 0, Tolerance);
        }
    }

    // Other seeds of the averages, forgotten at 1/14 (ADX) or 1/13.5 (MACD) a bar.
    [Theory]
    [InlineData("macd", "macd(12,26,9).macd")]
    [InlineData("macd_signal", "macd(12,26,9).signal")]
    [InlineData("macd_hist", "macd(12,26,9).histogram")]
    [InlineData("adx14", "adx(14).adx")]
    [InlineData("plus_di14", "adx(14).plus_di")]
    [InlineData("minus_di14", "adx(14).minus_di")]
    [InlineData("stoch_k", "stochastic(14,3,3).k")]
    public void Compute_TalibBarsWithOtherSeeds_ConvergesToReference(string column, string indicator)
    {
        foreach (string symbol in (string[])["NVDA", "KO"])
        {
            ReferenceTable table = ReferenceTable.Read($"oracle_indicators_talib/{symbol}.csv.gz");
            double?[] actual = Values(TestBars.Read(table), indicator);

            AssertEqual(table.Numbers(column), actual, 150, 1e-3);
            AssertEqual(table.Numbers(column), actual, 400, Tolerance);
        }
    }

    [Fact]
    public void Obv_TalibBars_DiffersByFirstVolumeOnly()
    {
        foreach (string symbol in (string[])["NVDA", "KO"])
        {
            ReferenceTable table = ReferenceTable.Read($"oracle_indicators_talib/{symbol}.csv.gz");
            double first = (double)table.Decimals("volume")[0];
            double?[] actual = [.. Values(TestBars.Read(table), "obv").Select(v => v + first)];

            AssertEqual(table.Numbers("obv"), actual, 0, Tolerance);
        }
    }

    private static double?[] Values(BarSeries bars, string indicator)
    {
        IReadOnlyDictionary<string, double?[]> columns = IndicatorCatalog.Compute(IndicatorCatalog.Parse(indicator), bars);
        return Assert.Single(columns).Value;
    }

    private static void AssertEqual(double?[] expected, double?[] actual, int from, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double size = expected.Max(v => Math.Abs(v ?? 0));
        int compared = 0;
        for (int i = from; i < expected.Length; i++)
        {
            Assert.True(expected[i] is null == actual[i] is null, $"row {i}: {expected[i]} against {actual[i]}");
            if (expected[i] is { } value)
            {
                // Differences of prices cancel, so the size of the column counts as well as that of the value.
                double allowed = tolerance * Math.Max(Math.Abs(value), 1e-3 * size);
                Assert.True(Math.Abs(value - actual[i]!.Value) <= allowed, $"row {i}: {value} against {actual[i]}");
                compared++;
            }
        }

        Assert.True(compared > 50, "The reference has too few values.");
    }
}
