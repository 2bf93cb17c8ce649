namespace Rlaif.Data.Indicators;

/// <summary>
/// Slow stochastic oscillator: %K is the place of the close in the range of the last <c>period</c> bars, 100 * (close - lowest low) / (highest high -
/// lowest low), averaged over <c>smoothing</c> bars; %D is the average of %K over <c>signal</c> bars. From 0 to 100. First %K at index
/// <c>period + smoothing - 2</c>, first %D <c>signal - 1</c> bars later. NaN where the range is zero. G. Lane, 1984.
/// </summary>
public static class Stochastic
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up and where it is not defined.</summary>
    /// <param name="highs">Highest prices, oldest first.</param>
    /// <param name="lows">Lowest prices.</param>
    /// <param name="closes">Closing prices.</param>
    /// <param name="period">Bars in the range, at least 1, usually 14.</param>
    /// <param name="smoothing">Bars in the average that makes %K, at least 1, usually 3; 1 gives the fast oscillator.</param>
    /// <param name="signalPeriod">Bars in the average that makes %D, at least 1, usually 3.</param>
    /// <param name="k">%K; as long as the input.</param>
    /// <param name="d">%D.</param>
    /// <exception cref="ArgumentException">A period is below 1, or the columns differ in length.</exception>
    public static void Compute(
        ReadOnlySpan<double> highs,
        ReadOnlySpan<double> lows,
        ReadOnlySpan<double> closes,
        int period,
        int smoothing,
        int signalPeriod,
        Span<double> k,
        Span<double> d
    )
    {
        IndicatorArguments.Check(highs.Length, period, lows.Length, closes.Length, k.Length, d.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(smoothing, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(signalPeriod, 1);
        IndicatorArguments.FillWarmUp(k, period - 1);
        for (int i = period - 1; i < highs.Length; i++)
        {
            (double low, double high) = PriceRange.Over(lows.Slice(i - period + 1, period), highs.Slice(i - period + 1, period));
            k[i] = 100 * (closes[i] - low) / (high - low);
        }

        // In place from the newest bar on: each mean needs only raw values at and before its own.
        for (int i = highs.Length - 1; i >= 0; i--)
        {
            k[i] = i >= smoothing - 1 ? WindowStatistics.Mean(k.Slice(i - smoothing + 1, smoothing)) : double.NaN;
        }

        Sma.Compute(k, signalPeriod, d);
    }
}
