namespace Rlaif.Data.Indicators;

/// <summary>
/// Williams %R: -100 * (highest high - close) / (highest high - lowest low) over <c>period</c> bars, from -100 to 0. First value at index
/// <c>period - 1</c>. NaN where the range is zero. L. Williams, How I Made One Million Dollars, 1973.
/// </summary>
public static class WilliamsR
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up and where it is not defined.</summary>
    /// <param name="highs">Highest prices, oldest first.</param>
    /// <param name="lows">Lowest prices.</param>
    /// <param name="closes">Closing prices.</param>
    /// <param name="period">Bars in the window, at least 1.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(
        ReadOnlySpan<double> highs,
        ReadOnlySpan<double> lows,
        ReadOnlySpan<double> closes,
        int period,
        Span<double> output
    )
    {
        IndicatorArguments.Check(highs.Length, period, lows.Length, closes.Length, output.Length);
        IndicatorArguments.FillWarmUp(output, period - 1);
        for (int i = period - 1; i < highs.Length; i++)
        {
            (double low, double high) = PriceRange.Over(lows.Slice(i - period + 1, period), highs.Slice(i - period + 1, period));
            output[i] = -100 * (high - closes[i]) / (high - low);
        }
    }
}
