namespace Rlaif.Data.Indicators;

/// <summary>
/// Average directional index with the directional indicators, from 0 to 100. +DM is the rise of the high where it exceeds the fall of the low (else 0),
/// -DM the reverse; DI = 100 * Wilder average of DM / Wilder average of the true range; DX = 100 * |+DI - -DI| / (+DI + -DI), 0 where neither moved; ADX is the
/// Wilder average of DX. Averages are seeded with means of <c>period</c> values (of bars 1..<c>period</c>): DI and DX start at index <c>period</c>, ADX at
/// <c>2 * period - 1</c>. Libraries that seed with <c>period - 1</c> values differ at first and agree to 1e-9 after some 300 bars. NaN while nothing has
/// moved. J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
/// </summary>
public static class Adx
{
    /// <summary>Computes the indicator for every bar; NaN in the warm-up and where it is not defined.</summary>
    /// <param name="highs">Highest prices, oldest first.</param>
    /// <param name="lows">Lowest prices.</param>
    /// <param name="closes">Closing prices.</param>
    /// <param name="period">Bars in each average, at least 1, usually 14.</param>
    /// <param name="adx">The strength of the trend; as long as the input.</param>
    /// <param name="plusDi">The strength of rises.</param>
    /// <param name="minusDi">The strength of falls.</param>
    /// <param name="dx">The directional index before averaging.</param>
    /// <exception cref="ArgumentException">The period is below 1, or the columns differ in length.</exception>
    public static void Compute(
        ReadOnlySpan<double> highs,
        ReadOnlySpan<double> lows,
        ReadOnlySpan<double> closes,
        int period,
        Span<double> adx,
        Span<double> plusDi,
        Span<double> minusDi,
        Span<double> dx
    )
    {
        int length = highs.Length;
        IndicatorArguments.Check(
            length,
            period,
            lows.Length,
            closes.Length,
            adx.Length,
            plusDi.Length,
            minusDi.Length,
            dx.Length
        );
        DirectionalIndicators(highs, lows, closes, period, plusDi, minusDi);
        IndicatorArguments.FillWarmUp(adx, period);
        IndicatorArguments.FillWarmUp(dx, period);
        var average = new WilderAverage(period);
        for (int i = period; i < length; i++)
        {
            double sum = plusDi[i] + minusDi[i];
            bool moved = sum > 0;
            double index = moved ? 100 * Math.Abs(plusDi[i] - minusDi[i]) / sum : 0;
            double strength = average.Next(index);

            // The average goes on through a standstill, which is shown as not defined: a halt must not spoil all that follows.
            dx[i] = double.IsNaN(sum) ? double.NaN : index;
            adx[i] = double.IsNaN(sum) ? double.NaN : strength;
        }
    }

    private static void DirectionalIndicators(
        ReadOnlySpan<double> highs,
        ReadOnlySpan<double> lows,
        ReadOnlySpan<double> closes,
        int period,
        Span<double> plusDi,
        Span<double> minusDi
    )
    {
        IndicatorArguments.FillWarmUp(plusDi, 1);
        IndicatorArguments.FillWarmUp(minusDi, 1);
        var range = new WilderAverage(period);
        var plus = new WilderAverage(period);
        var minus = new WilderAverage(period);
        for (int i = 1; i < highs.Length; i++)
        {
            double up = Math.Max(highs[i] - highs[i - 1], 0);
            double down = Math.Max(lows[i - 1] - lows[i], 0);
            double trueRange = range.Next(TrueRange.Between(highs[i], lows[i], closes[i - 1]));
            plusDi[i] = 100 * plus.Next(Tolerance.Exceeds(up, down, highs[i]) ? up : 0) / trueRange;
            minusDi[i] = 100 * minus.Next(Tolerance.Exceeds(down, up, highs[i]) ? down : 0) / trueRange;
        }
    }
}
