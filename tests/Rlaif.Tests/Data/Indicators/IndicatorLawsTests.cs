using CsCheck;
using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Tests.Data.Indicators;

/// <summary>What holds for every indicator on any bars.</summary>
public sealed class IndicatorLawsTests
{
    private const long Iterations = 60;
    private const string Short =
        "sma(5), ema(5), wma(5), standard_deviation(5), bollinger(5,2), rsi(4), roc(4), momentum(4), macd(3,6,4), stochastic(5,3,3), cci(5), "
        + "williams_r(5), atr(4), true_range, adx(4), obv, mfi(4)";

    private static readonly IReadOnlyList<IndicatorRequest> Requests = IndicatorCatalog.Parse(Short);

    [Fact]
    public void Requests_OfTheseTests_CoverTheCatalog() =>
        Assert.Equal(IndicatorCatalog.All.Select(i => i.Name).Order(), Requests.Select(r => r.Indicator.Name).Order());

    [Fact]
    public void Compute_BarsAppended_ChangesNoEarlierValue() =>
        Gen.Select(TestBars.Paths(1, 60), Gen.Int[0, 60])
            .Sample(
                (series, cut) =>
                {
                    Bar[] bars = TestBars.Bars(series);
                    var prefix = new BarSeries("PATH", bars.Take(cut));
                    IReadOnlyDictionary<string, double?[]> all = IndicatorCatalog.Compute(Requests, series);
                    foreach ((string name, double?[] early) in IndicatorCatalog.Compute(Requests, prefix))
                    {
                        Assert.Equal(early, all[name].Take(prefix.Count));
                    }
                },
                iter: Iterations
            );

    [Fact]
    public void Compute_OtherUnitOfPrice_ScalesPricesOnly() =>
        Gen.Select(TestBars.Paths(20, 60), Gen.Decimal[0.03m, 40m])
            .Sample((series, unit) => AssertScaled(series, TestBars.Scaled(series, unit, 1), (double)unit, 1), iter: Iterations);

    [Fact]
    public void Compute_OtherUnitOfVolume_ScalesSharesOnly() =>
        Gen.Select(TestBars.Paths(20, 60), Gen.Int[2, 50])
            .Sample((series, unit) => AssertScaled(series, TestBars.Scaled(series, 1, unit), 1, unit), iter: Iterations);

    [Fact]
    public void Compute_Split_QuotesEveryBarInItsOwnShares() =>
        Gen.Select(TestBars.Paths(30, 60), Gen.Int[1, 29], Gen.Int[2, 7])
            .Sample(
                (adjusted, index, ratio) =>
                {
                    IReadOnlyDictionary<string, double?[]> expected = IndicatorCatalog.Compute(Requests, adjusted);
                    IReadOnlyDictionary<string, double?[]> actual = IndicatorCatalog.Compute(
                        Requests,
                        TestBars.Split(adjusted, index, ratio)
                    );
                    foreach ((string name, IndicatorUnit unit) in Units())
                    {
                        for (int i = 0; i < adjusted.Count; i++)
                        {
                            AssertClose(
                                name,
                                expected[name][i] * Factor(unit, i < index ? ratio : 1, i < index ? 1.0 / ratio : 1),
                                actual[name][i]
                            );
                        }
                    }
                },
                iter: Iterations
            );

    [Fact]
    public void Compute_Oscillators_StayInTheirBounds() =>
        TestBars
            .Paths(10, 80)
            .Sample(
                series =>
                {
                    IReadOnlyDictionary<string, double?[]> values = IndicatorCatalog.Compute(Requests, series);
                    foreach (
                        string name in (string[])
                            ["rsi(4)", "mfi(4)", "stochastic(5,3,3).k", "stochastic(5,3,3).d", "adx(4).adx", "adx(4).dx"]
                    )
                    {
                        Assert.All(values[name], v => Assert.True(v is null or >= -1e-9 and <= 100 + 1e-9, $"{name}: {v}"));
                    }

                    Assert.All(values["williams_r(5)"], v => Assert.True(v is null or >= -100 - 1e-9 and <= 1e-9));
                },
                iter: Iterations
            );

    [Fact]
    public void Compute_ShortInput_IsNullUntilTheWarmUpEnds()
    {
        BarSeries series = TestBars.Constant(40, 20, 1000);
        for (int count = 0; count < 40; count++)
        {
            var prefix = new BarSeries("FLAT", TestBars.Bars(series).Take(count));
            IReadOnlyDictionary<string, double?[]> values = IndicatorCatalog.Compute(Requests, prefix);
            Assert.All(values.Values, column => Assert.Equal(count, column.Length));
            Assert.Equal(Math.Max(0, count - 4), values["sma(5)"].Count(v => v is not null));
            Assert.Equal(Math.Max(0, count - 8), values["macd(3,6,4).signal"].Count(v => v is not null));
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public void Compute_ConstantPrices_IsNullWhereNothingIsDefined(int volume)
    {
        IReadOnlyDictionary<string, double?[]> values = IndicatorCatalog.Compute(Requests, TestBars.Constant(60, 17.1m, volume));

        foreach (
            string name in (string[])
                [
                    "rsi(4)",
                    "mfi(4)",
                    "cci(5)",
                    "williams_r(5)",
                    "stochastic(5,3,3).k",
                    "adx(4).adx",
                    "adx(4).plus_di",
                    "bollinger(5,2).percent_b",
                ]
        )
        {
            Assert.All(values[name], Assert.Null);
        }

        Assert.Equal(17.1, values["sma(5)"][^1]!.Value, 12);
        Assert.Equal(0.0, values["standard_deviation(5)"][^1]);
        Assert.Equal(0.0, values["atr(4)"][^1]);
        Assert.Equal(0.0, values["obv"][^1]);
        Assert.Equal(0.0, values["macd(3,6,4).histogram"][^1]!.Value, 12);
    }

    [Fact]
    public void Adx_MovesAfterAStandstill_IsDefinedAgain()
    {
        Bar[] flat = TestBars.Bars(TestBars.Constant(30, 20, 1000));
        Bar[] moving = [.. flat.Select((b, i) => i < 15 ? b : TestBars.Scaled(b, 1 + (0.01m * i), 1))];

        double?[] adx = IndicatorCatalog.Compute(IndicatorCatalog.Parse("adx(4)"), new BarSeries("A", moving))["adx(4).adx"];

        Assert.Null(adx[14]);
        Assert.NotNull(adx[15]);
        Assert.True(adx[^1] > 90);
    }

    [Fact]
    public void Compute_ColumnsOfDifferentLength_Throws()
    {
        var output = new double[3];
        Assert.Throws<ArgumentException>(() => Sma.Compute(new double[4], 2, output));
        Assert.Throws<ArgumentException>(() => Atr.Compute(new double[3], new double[2], new double[3], 2, output));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rsi.Compute(new double[3], 0, output));
        Assert.Throws<ArgumentOutOfRangeException>(() => Macd.Compute(new double[3], 5, 4, 3, output, output, output));
    }

    private static IEnumerable<(string Name, IndicatorUnit Unit)> Units() =>
        Requests.SelectMany(r => r.Columns.Zip(r.Indicator.Outputs, (name, output) => (name, output.Unit)));

    private static double Factor(IndicatorUnit unit, double price, double shares) =>
        unit switch
        {
            IndicatorUnit.Price => price,
            IndicatorUnit.Shares => shares,
            _ => 1,
        };

    private static void AssertScaled(BarSeries series, BarSeries scaled, double price, double shares)
    {
        IReadOnlyDictionary<string, double?[]> expected = IndicatorCatalog.Compute(Requests, series);
        IReadOnlyDictionary<string, double?[]> actual = IndicatorCatalog.Compute(Requests, scaled);
        foreach ((string name, IndicatorUnit unit) in Units())
        {
            double factor = Factor(unit, price, shares);
            for (int i = 0; i < series.Count; i++)
            {
                AssertClose(name, expected[name][i] * factor, actual[name][i]);
            }
        }
    }

    private static void AssertClose(string name, double? expected, double? actual)
    {
        Assert.True(expected is null == actual is null, $"{name}: {expected} against {actual}");
        double allowed = 1e-7 * Math.Max(1, Math.Abs(expected ?? 0));
        Assert.True(
            expected is null || Math.Abs(expected.Value - actual!.Value) <= allowed,
            $"{name}: {expected} against {actual}"
        );
    }
}
