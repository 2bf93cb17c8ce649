namespace Rlaif.Data.Indicators;

/// <summary>Features of a symbol beside the market index; not defined where the market has none.</summary>
internal static class BenchmarkFeatures
{
    internal static readonly Feature<BenchmarkInputs>[] All =
    [
        new("beta_60", FeatureUnits.Ratio, "Slope of log returns on those of the index, 60 common sessions.", i => i.Beta),
        new(
            "correlation_60",
            FeatureUnits.Signed,
            "Correlation of log returns with the index, 60 common sessions.",
            i => i.Correlation
        ),
        new("benchmark_return_5", FeatureUnits.Fraction, "Simple return of the index over 5 bars.", i => i.BenchmarkReturn(5)),
        new("benchmark_return_20", FeatureUnits.Fraction, "Simple return of the index over 20 bars.", i => i.BenchmarkReturn(20)),
        new(
            "benchmark_volatility_20",
            FeatureUnits.Fraction,
            "Deviation of the index's log returns per bar, 20 bars.",
            i => i.BenchmarkVolatility(20)
        ),
        new(
            "relative_strength_20",
            FeatureUnits.Fraction,
            "Return over 20 bars less that of the index.",
            i => i.RelativeStrength(20)
        ),
    ];
}
