namespace Rlaif.Data.Indicators;

/// <summary>
/// Relative strength index: 100 * gain / (gain + loss), Wilder averages of the rises and falls, from 0 to 100. First value at index <c>period</c>.
/// NaN while nothing has moved. J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
/// </summary>
public static class Rsi
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up.</summary>
    /// <param name="values">The input, usually closing prices, oldest first.</param>
    /// <param name="period">Bars in the window, at least 1.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(ReadOnlySpan<double> values, int period, Span<double> output)
    {
        IndicatorArguments.Check(values.Length, period, output.Length);
        IndicatorArguments.FillWarmUp(output, 1);
        var gains = new WilderAverage(period);
        var losses = new WilderAverage(period);
        for (int i = 1; i < values.Length; i++)
        {
            double change = values[i] - values[i - 1];
            double gain = gains.Next(Math.Max(change, 0));
            double loss = losses.Next(Math.Max(-change, 0));
            output[i] = 100 * gain / (gain + loss);
        }
    }
}
