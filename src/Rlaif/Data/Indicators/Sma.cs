namespace Rlaif.Data.Indicators;

/// <summary>
/// Simple moving average: the mean of the last <c>period</c> values. First value at index <c>period - 1</c>. Each window is summed afresh, so
/// no rounding error builds up.
/// </summary>
public static class Sma
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up.</summary>
    /// <param name="values">The input, usually closing prices, oldest first.</param>
    /// <param name="period">Bars in the window, at least 1.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(ReadOnlySpan<double> values, int period, Span<double> output)
    {
        IndicatorArguments.Check(values.Length, period, output.Length);
        IndicatorArguments.FillWarmUp(output, period - 1);
        for (int i = period - 1; i < values.Length; i++)
        {
            output[i] = WindowStatistics.Mean(values.Slice(i - period + 1, period));
        }
    }
}
