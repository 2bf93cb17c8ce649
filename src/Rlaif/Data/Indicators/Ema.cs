namespace Rlaif.Data.Indicators;

/// <summary>
/// Exponential moving average with weight 2 / (period + 1), seeded with the simple average of the first <c>period</c> values. First value at index
/// <c>period - 1</c>.
/// </summary>
public static class Ema
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up.</summary>
    /// <param name="values">The input, usually closing prices, oldest first.</param>
    /// <param name="period">Bars in the window, at least 1.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(ReadOnlySpan<double> values, int period, Span<double> output)
    {
        IndicatorArguments.Check(values.Length, period, output.Length);
        var average = new ExponentialAverage(period);
        for (int i = 0; i < values.Length; i++)
        {
            output[i] = average.Next(values[i]);
        }
    }
}
