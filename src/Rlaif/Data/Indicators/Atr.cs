namespace Rlaif.Data.Indicators;

/// <summary>
/// Average true range: the Wilder average of the true range, seeded with the mean of the first <c>period</c> of them. First value at index
/// <c>period</c>. J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
/// </summary>
public static class Atr
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
        IndicatorArguments.FillWarmUp(output, 1);
        var average = new WilderAverage(period);
        for (int i = 1; i < highs.Length; i++)
        {
            output[i] = average.Next(TrueRange.Between(highs[i], lows[i], closes[i - 1]));
        }
    }
}
