namespace Rlaif.Data.Indicators;

/// <summary>
/// Bollinger bands: the simple average of the last <c>period</c> values, and bands <c>width</c> population standard deviations above and below. First
/// value at index <c>period - 1</c>. J. Bollinger, Bollinger on Bollinger Bands, 2001.
/// </summary>
public static class BollingerBands
{
    /// <summary>Computes the bands for every bar; NaN in the warm-up.</summary>
    /// <param name="values">The input, usually closing prices, oldest first.</param>
    /// <param name="period">Bars in the window, at least 1, usually 20.</param>
    /// <param name="width">Standard deviations from the middle to a band, usually 2.</param>
    /// <param name="upper">The upper band; as long as the input.</param>
    /// <param name="middle">The simple average.</param>
    /// <param name="lower">The lower band.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(
        ReadOnlySpan<double> values,
        int period,
        double width,
        Span<double> upper,
        Span<double> middle,
        Span<double> lower
    )
    {
        IndicatorArguments.Check(values.Length, period, upper.Length, middle.Length, lower.Length);
        Sma.Compute(values, period, middle);
        StandardDeviation.Compute(values, period, upper);
        for (int i = 0; i < values.Length; i++)
        {
            double distance = width * upper[i];
            upper[i] = middle[i] + distance;
            lower[i] = middle[i] - distance;
        }
    }

    /// <summary>Where the value stands between the bands: 0 at the lower, 1 at the upper. NaN where the bands meet.</summary>
    public static double PercentB(double value, double upper, double lower) => (value - lower) / (upper - lower);
}
