namespace Rlaif.Data.Indicators;

/// <summary>
/// Moving average convergence divergence: the fast exponential average less the slow one, its own exponential average (signal), and their difference
/// (histogram). Every average is seeded with the simple average of its first inputs: the line starts at index <c>slow - 1</c>, signal and histogram
/// <c>signalPeriod - 1</c> bars later. Libraries that start both averages on the same bar differ at first and agree to 1e-9 after some 150 to 250 bars.
/// G. Appel, 1979.
/// </summary>
public static class Macd
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up.</summary>
    /// <param name="values">The input, usually closing prices, oldest first.</param>
    /// <param name="fastPeriod">Period of the fast average, usually 12, below <paramref name="slowPeriod"/>.</param>
    /// <param name="slowPeriod">Period of the slow average, usually 26.</param>
    /// <param name="signalPeriod">Period of the average of the line, usually 9.</param>
    /// <param name="line">Fast less slow; as long as the input.</param>
    /// <param name="signal">The average of the line.</param>
    /// <param name="histogram">Line less signal.</param>
    /// <exception cref="ArgumentException">A period is out of range, or the columns differ in length.</exception>
    public static void Compute(
        ReadOnlySpan<double> values,
        int fastPeriod,
        int slowPeriod,
        int signalPeriod,
        Span<double> line,
        Span<double> signal,
        Span<double> histogram
    )
    {
        IndicatorArguments.Check(values.Length, fastPeriod, line.Length, signal.Length, histogram.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(slowPeriod, fastPeriod);
        ArgumentOutOfRangeException.ThrowIfLessThan(signalPeriod, 1);
        var fast = new ExponentialAverage(fastPeriod);
        var slow = new ExponentialAverage(slowPeriod);
        var average = new ExponentialAverage(signalPeriod);
        for (int i = 0; i < values.Length; i++)
        {
            line[i] = fast.Next(values[i]) - slow.Next(values[i]);
            signal[i] = i >= slowPeriod - 1 ? average.Next(line[i]) : double.NaN;
            histogram[i] = line[i] - signal[i];
        }
    }
}
