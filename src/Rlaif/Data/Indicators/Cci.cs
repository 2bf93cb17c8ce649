namespace Rlaif.Data.Indicators;

/// <summary>
/// Commodity channel index: (typical price - its mean) / (0.015 * its mean absolute deviation) over <c>period</c> bars, the typical price being
/// (high + low + close) / 3. First value at index <c>period - 1</c>. NaN where the typical price does not vary. D. Lambert, Commodities, 1980.
/// </summary>
public static class Cci
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
            int start = i - period + 1;
            output[i] = OfWindow(highs.Slice(start, period), lows.Slice(start, period), closes.Slice(start, period));
        }
    }

    private const double LambertConstant = 0.015;

    private static double OfWindow(ReadOnlySpan<double> highs, ReadOnlySpan<double> lows, ReadOnlySpan<double> closes)
    {
        double sum = 0;
        for (int i = 0; i < highs.Length; i++)
        {
            sum += TypicalPrice.Of(highs[i], lows[i], closes[i]);
        }

        double mean = sum / highs.Length;
        double deviations = 0;
        for (int i = 0; i < highs.Length; i++)
        {
            deviations += Math.Abs(TypicalPrice.Of(highs[i], lows[i], closes[i]) - mean);
        }

        double deviation = deviations / highs.Length;
        double last = TypicalPrice.Of(highs[^1], lows[^1], closes[^1]);
        return Tolerance.Exceeds(deviation, 0, mean) ? (last - mean) / (LambertConstant * deviation) : double.NaN;
    }
}
