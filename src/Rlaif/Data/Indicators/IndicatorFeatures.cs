namespace Rlaif.Data.Indicators;

/// <summary>Features that are technical indicators at the last bar.</summary>
internal static class IndicatorFeatures
{
    internal static readonly Feature<IndicatorInputs>[] All =
    [
        new("rsi_14", FeatureUnits.Percentage, "Relative strength index (Wilder), 14 bars.", i => i.Rsi),
        new("atr_14", FeatureUnits.Fraction, "Average true range over the close, 14 bars.", i => i.AtrOfPrice),
        new(
            "macd_histogram",
            FeatureUnits.Fraction,
            "MACD(12,26,9) less its signal, over the close.",
            i => i.MacdHistogramOfPrice
        ),
        new(
            "bollinger_percent_b",
            FeatureUnits.Ratio,
            "Place of the close between the Bollinger bands (20, 2): 0 lower, 1 upper.",
            i => i.BollingerPercentB(20)
        ),
        new("adx_14", FeatureUnits.Percentage, "Average directional index: strength of the trend, 14 bars.", i => i.Adx),
        new("plus_di_14", FeatureUnits.Percentage, "Directional indicator of rises, 14 bars.", i => i.PlusDi),
        new("minus_di_14", FeatureUnits.Percentage, "Directional indicator of falls, 14 bars.", i => i.MinusDi),
        new("stochastic_k", FeatureUnits.Percentage, "Slow stochastic %K (14, 3).", i => i.StochasticK),
        new("stochastic_d", FeatureUnits.Percentage, "Slow stochastic %D (14, 3, 3).", i => i.StochasticD),
        new("cci_20", FeatureUnits.Number, "Commodity channel index, 20 bars.", i => i.Cci(20)),
        new("mfi_14", FeatureUnits.Percentage, "Money flow index, 14 bars.", i => i.Mfi(14)),
        new("williams_r_14", FeatureUnits.NegativePercentage, "Williams %R, 14 bars.", i => i.WilliamsR(14)),
        new(
            "obv_slope_20",
            FeatureUnits.Signed,
            "Change of on-balance volume over 20 bars, over the volume of those bars.",
            i => i.ObvSlope(20)
        ),
    ];
}
