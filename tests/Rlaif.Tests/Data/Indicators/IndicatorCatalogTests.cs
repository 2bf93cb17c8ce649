using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Tests.Data.Indicators;

public sealed class IndicatorCatalogTests
{
    [Theory]
    [InlineData("rsi(14), macd(12,26,9)", "rsi(14)|macd(12,26,9).macd|macd(12,26,9).signal|macd(12,26,9).histogram")]
    [InlineData("rsi", "rsi(14)")]
    [InlineData("RSI ( 7 )", "rsi(7)")]
    [InlineData("macd", "macd(12,26,9).macd|macd(12,26,9).signal|macd(12,26,9).histogram")]
    [InlineData("macd(5,35).signal", "macd(5,35,9).signal")]
    [InlineData("bb(20,2.5).upper, obv, tr()", "bollinger(20,2.5).upper|obv|true_range")]
    [InlineData("stoch.k", "stochastic(14,3,3).k")]
    [InlineData("sma(20),sma(20),sma(50)", "sma(20)|sma(50)")]
    public void Parse_Valid_NamesColumnsCanonically(string text, string columns)
    {
        IReadOnlyList<IndicatorRequest> requests = IndicatorCatalog.Parse(text);

        Assert.Equal(columns.Split('|'), requests.SelectMany(r => r.Columns).Distinct());
        Assert.Equal(columns.Split('|'), IndicatorCatalog.Compute(requests, TestBars.Constant(3, 1, 1)).Keys);
    }

    [Theory]
    [InlineData("rsj(14)", "Did you mean 'rsi'?")]
    [InlineData("bolinger", "Did you mean 'bollinger'?")]
    [InlineData("volume_profile", "Known: sma, ema")]
    [InlineData("rsi(0)", "period must be a whole number from 1 to 1000, not '0'")]
    [InlineData("rsi(2.5)", "whole number")]
    [InlineData("rsi(x)", "not 'x'")]
    [InlineData("rsi(NaN)", "not 'NaN'")]
    [InlineData("rsi(14,3)", "rsi(period) takes 1")]
    [InlineData("obv(3)", "obv takes 0")]
    [InlineData("macd(26,12,9)", "fast (26) must be below slow (12)")]
    [InlineData("macd.line", "has no output 'line', only macd, signal, histogram")]
    [InlineData("rsi(14", "is not an indicator")]
    [InlineData("rsi)14(", "is not an indicator")]
    [InlineData("", "is not an indicator")]
    [InlineData("rsi,,sma", "'' is not an indicator")]
    public void Parse_Invalid_SaysWhat(string text, string message)
    {
        var error = Assert.Throws<RlaifInputException>(() => IndicatorCatalog.Parse(text));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralProblems_ReportsAll()
    {
        var error = Assert.Throws<RlaifInputException>(() => IndicatorCatalog.Parse("rsj, sma(0), bollinger(0,99), ema(20)"));

        Assert.Equal(5, error.Message.Split('\n').Length);
    }

    [Fact]
    public void All_Definitions_AreComplete()
    {
        Assert.Equal(17, IndicatorCatalog.All.Count);
        Assert.All(
            IndicatorCatalog.All,
            i =>
            {
                Assert.NotEmpty(i.Outputs);
                Assert.NotEmpty(i.Source);
                Assert.NotEmpty(i.Description);
                Assert.All(i.Inputs, c => Assert.Contains(c, (string[])["high", "low", "close", "volume"]));
                Assert.All(i.Parameters, p => Assert.InRange(p.Default, p.Min, p.Max));
            }
        );
        IEnumerable<string> names = IndicatorCatalog.All.SelectMany(i => i.Aliases.Prepend(i.Name));
        Assert.Distinct(names);
    }

    [Fact]
    public void Compute_SingleOutputAsked_GivesThatColumnOnly()
    {
        BarSeries series = TestBars.Constant(40, 5, 10);

        IReadOnlyDictionary<string, double?[]> values = IndicatorCatalog.Compute(IndicatorCatalog.Parse("adx(5).dx"), series);

        Assert.Equal(["adx(5).dx"], values.Keys);
    }
}
