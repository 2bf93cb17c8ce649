namespace Rlaif.Data.Indicators;

/// <summary>Features of the bars of one symbol.</summary>
internal static class PriceFeatures
{
    internal static readonly Feature<PriceInputs>[] All =
    [
        new("return_1", FeatureUnits.Fraction, "Simple return over 1 bar.", i => i.Return(1)),
        new("return_5", FeatureUnits.Fraction, "Simple return over 5 bars.", i => i.Return(5)),
        new("return_20", FeatureUnits.Fraction, "Simple return over 20 bars.", i => i.Return(20)),
        new("return_60", FeatureUnits.Fraction, "Simple return over 60 bars.", i => i.Return(60)),
        new("return_120", FeatureUnits.Fraction, "Simple return over 120 bars.", i => i.Return(120)),
        new("return_250", FeatureUnits.Fraction, "Simple return over 250 bars.", i => i.Return(250)),
        new("momentum_20", FeatureUnits.Deviations, "Log return over 20 bars / (volatility_20 * sqrt 20).", i => i.Momentum(20)),
        new("momentum_60", FeatureUnits.Deviations, "Log return over 60 bars / (volatility_60 * sqrt 60).", i => i.Momentum(60)),
        new("volatility_20", FeatureUnits.Fraction, "Sample deviation of log returns per bar, 20 bars.", i => i.Volatility(20)),
        new("volatility_60", FeatureUnits.Fraction, "Sample deviation of log returns per bar, 60 bars.", i => i.Volatility(60)),
        new(
            "volatility_ratio_20_60",
            FeatureUnits.LogRatio,
            "Logarithm of volatility_20 over volatility_60.",
            i => Math.Log(i.Volatility(20) / i.Volatility(60))
        ),
        new("skewness_60", FeatureUnits.Number, "Skewness of log returns, 60 bars.", i => i.Skewness(60)),
        new(
            "autocorrelation_60",
            FeatureUnits.Signed,
            "Correlation of log returns with those a bar before, 60 bars.",
            i => i.Autocorrelation(60)
        ),
        new("roc_10", FeatureUnits.Fraction, "Rate of change: simple return over 10 bars.", i => i.Return(10)),
        new("distance_sma_20", FeatureUnits.Fraction, "Close against its average of 20 bars.", i => i.DistanceFromAverage(20)),
        new("distance_sma_50", FeatureUnits.Fraction, "Close against its average of 50 bars.", i => i.DistanceFromAverage(50)),
        new("distance_sma_200", FeatureUnits.Fraction, "Close against its average of 200 bars.", i => i.DistanceFromAverage(200)),
        new(
            "drawdown_250",
            FeatureUnits.Fraction,
            "Close against the highest high of 250 bars; never above 0.",
            i => i.Drawdown(250)
        ),
        new(
            "volume_ratio_5_60",
            FeatureUnits.LogRatio,
            "Logarithm of the mean volume of 5 bars over that of 60.",
            i => i.VolumeRatio(5, 60)
        ),
        new("gap_1", FeatureUnits.Fraction, "Last open against the close before.", i => i.Gap),
        new("range_1", FeatureUnits.Fraction, "Range of the last bar over its close.", i => i.Range),
    ];
}
