namespace Rlaif.Data.Indicators;

/// <summary>
/// Rate of change in percent: 100 * (value / value <c>period</c> bars before - 1). First value at index <c>period</c>.
/// </summary>
public static class Roc
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up.</summary>
    /// <param name="values">The input, usually closing prices, oldest first.</param>
    /// <param name="period">Bars in the window, at least 1.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(ReadOnlySpan<double> values, int period, Span<double> output)
    {
        IndicatorArguments.Check(values.Length, period, output.Length);
        IndicatorArguments.FillWarmUp(output, period);
        for (int i = period; i < values.Length; i++)
        {
            output[i] = 100 * ((values[i] / values[i - period]) - 1);
        }
    }
}
