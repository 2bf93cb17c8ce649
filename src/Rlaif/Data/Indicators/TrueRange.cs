namespace Rlaif.Data.Indicators;

/// <summary>
/// True range: the largest of high - low, |high - close before| and |low - close before|. First value at index 1: the first bar has no close
/// before. J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
/// </summary>
public static class TrueRange
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up.</summary>
    /// <param name="highs">Highest prices, oldest first.</param>
    /// <param name="lows">Lowest prices.</param>
    /// <param name="closes">Closing prices.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static void Compute(
        ReadOnlySpan<double> highs,
        ReadOnlySpan<double> lows,
        ReadOnlySpan<double> closes,
        Span<double> output
    )
    {
        IndicatorArguments.Check(highs.Length, 1, lows.Length, closes.Length, output.Length);
        IndicatorArguments.FillWarmUp(output, 1);
        for (int i = 1; i < highs.Length; i++)
        {
            output[i] = Between(highs[i], lows[i], closes[i - 1]);
        }
    }

    internal static double Between(double high, double low, double closeBefore) =>
        Math.Max(high - low, Math.Max(Math.Abs(high - closeBefore), Math.Abs(low - closeBefore)));
}
