using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Tests.Data.Indicators;

public sealed class BenchmarkFeaturesTests
{
    private static readonly DateOnly Start = new(2020, 1, 1);

    [Fact]
    public void Compute_ReturnsInProportion_HasThatBetaAndFullCorrelation()
    {
        BarSeries index = Path("I", 100, 1);
        BarSeries symbol = Path("S", 100, 2);

        IReadOnlyDictionary<string, double?> values = Compute(symbol, index);

        Assert.Equal(2, values["beta_60"]!.Value, 9);
        Assert.Equal(1, values["correlation_60"]!.Value, 9);
        Assert.Equal(values["return_20"] - values["benchmark_return_20"], values["relative_strength_20"]);
        Assert.Equal(Close(index, 99) / Close(index, 94) - 1, values["benchmark_return_5"]!.Value, 12);
        Assert.Equal(values["volatility_20"]!.Value / 2, values["benchmark_volatility_20"]!.Value, 9);
    }

    [Fact]
    public void Compute_NoBenchmark_IsNull()
    {
        IReadOnlyDictionary<string, double?> values = Compute(Path("S", 100, 1), null);

        Assert.All(
            (string[])
                [
                    "beta_60",
                    "correlation_60",
                    "benchmark_return_5",
                    "benchmark_return_20",
                    "benchmark_volatility_20",
                    "relative_strength_20",
                ],
            name => Assert.Null(values[name])
        );
    }

    [Fact]
    public void Compute_SessionsMissingOnEitherSide_ComparesReturnsBetweenCommonSessions()
    {
        // Without a common end point the two legs of a return would cover different days and the slope would not be exact.
        BarSeries index = Without(Path("I", 120, 1), i => i % 7 == 3);
        BarSeries symbol = Without(Path("S", 120, -1.5), i => i % 11 == 5);

        IReadOnlyDictionary<string, double?> values = Compute(symbol, index);

        Assert.Equal(-1.5, values["beta_60"]!.Value, 9);
        Assert.Equal(-1, values["correlation_60"]!.Value, 9);
    }

    [Theory]
    [InlineData(61, true)]
    [InlineData(60, false)]
    public void Compute_CommonSessions_NeedsSixtyReturns(int sessions, bool isDefined) =>
        Assert.Equal(
            isDefined,
            Compute(Path("S", 100, 1), Without(Path("I", 100, 1), i => i < 100 - sessions))["beta_60"] is not null
        );

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void Compute_BenchmarkThatEnded_IsNullAfterAWeek(int days, bool isDefined)
    {
        IReadOnlyDictionary<string, double?> values = Compute(
            Path("S", 100, 1),
            Without(Path("I", 100, 1), i => i >= 100 - days)
        );

        Assert.Equal(isDefined, values["beta_60"] is not null);
        Assert.Equal(isDefined, values["benchmark_return_5"] is not null);
        Assert.Equal(isDefined, values["relative_strength_20"] is not null);
    }

    private static IReadOnlyDictionary<string, double?> Compute(BarSeries symbol, BarSeries? index) =>
        MarketFeatures.Compute(MarketSnapshot.Create(symbol, symbol[symbol.Count - 1].CloseTime, index));

    // A deterministic zigzag whose log returns are multiplied by the slope.
    private static BarSeries Path(string name, int count, double slope) =>
        new(
            name,
            Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    decimal price = (decimal)(100 * Math.Exp(slope * 0.05 * Math.Sin(i * i)));
                    return TestBars.At(Start.AddDays(i), price, price, price, price, 1000);
                })
        );

    private static BarSeries Without(BarSeries series, Func<int, bool> isLeftOut) =>
        new(series.Symbol, TestBars.Bars(series).Where((_, i) => !isLeftOut(i)));

    private static double Close(BarSeries series, int index) => (double)series[index].Close;
}
