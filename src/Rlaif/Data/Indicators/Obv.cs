namespace Rlaif.Data.Indicators;

/// <summary>
/// On-balance volume: the running sum of volume, added where the close rose and subtracted where it fell. It starts with 0 on the first bar (some
/// libraries start with the first volume: a constant difference). No warm-up. J. Granville, 1963.
/// </summary>
public static class Obv
{
    /// <summary>Computes the indicator for every bar.</summary>
    /// <param name="closes">Closing prices, oldest first.</param>
    /// <param name="volumes">Shares traded.</param>
    /// <param name="output">As long as the input.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static void Compute(ReadOnlySpan<double> closes, ReadOnlySpan<double> volumes, Span<double> output)
    {
        IndicatorArguments.Check(closes.Length, 1, volumes.Length, output.Length);
        double sum = 0;
        for (int i = 0; i < closes.Length; i++)
        {
            sum += i == 0 ? 0 : Tolerance.Compare(closes[i], closes[i - 1]) * volumes[i];
            output[i] = sum;
        }
    }
}
