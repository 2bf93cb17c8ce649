namespace Rlaif.Data.Indicators;

/// <summary>
/// Weighted moving average: weights 1..<c>period</c>, the newest value having the largest, over their sum. First value at index
/// <c>period - 1</c>.
/// </summary>
public static class Wma
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
            output[i] = Weigh(values.Slice(i - period + 1, period));
        }
    }

    private static double Weigh(ReadOnlySpan<double> window)
    {
        double sum = 0;
        for (int i = 0; i < window.Length; i++)
        {
            sum += (i + 1) * window[i];
        }

        return sum / (window.Length * (window.Length + 1) / 2.0);
    }
}
