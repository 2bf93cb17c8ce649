namespace Rlaif.Data.Indicators;

/// <summary>
/// Money flow index: 100 * flow on bars whose typical price rose / flow on bars where it rose or fell, over <c>period</c> bars, from 0 to 100; flow is
/// typical price times volume. First value at index <c>period</c>. NaN where there was no flow. G. Quong and A. Soudack, 1989.
/// </summary>
public static class Mfi
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up and where it is not defined.</summary>
    /// <param name="highs">Highest prices, oldest first.</param>
    /// <param name="lows">Lowest prices.</param>
    /// <param name="closes">Closing prices.</param>
    /// <param name="volumes">Shares traded.</param>
    /// <param name="period">Bars in the window, at least 1.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(
        ReadOnlySpan<double> highs,
        ReadOnlySpan<double> lows,
        ReadOnlySpan<double> closes,
        ReadOnlySpan<double> volumes,
        int period,
        Span<double> output
    )
    {
        IndicatorArguments.Check(highs.Length, period, lows.Length, closes.Length, volumes.Length, output.Length);
        IndicatorArguments.FillWarmUp(output, period);
        for (int i = period; i < highs.Length; i++)
        {
            double up = 0;
            double down = 0;
            for (int j = i - period + 1; j <= i; j++)
            {
                double price = TypicalPrice.Of(highs[j], lows[j], closes[j]);
                int direction = Tolerance.Compare(price, TypicalPrice.Of(highs[j - 1], lows[j - 1], closes[j - 1]));
                up += direction > 0 ? price * volumes[j] : 0;
                down += direction < 0 ? price * volumes[j] : 0;
            }

            output[i] = 100 * up / (up + down);
        }
    }
}
