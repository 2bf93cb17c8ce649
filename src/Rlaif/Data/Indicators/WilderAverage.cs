namespace Rlaif.Data.Indicators;

/// <summary>
/// Wilder's smoothing: the first value is the mean of the first <c>period</c> inputs, then
/// <c>average = (average * (period - 1) + input) / period</c>. J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
/// </summary>
internal struct WilderAverage(int period)
{
    private double _value;
    private int _count;

    /// <summary>Takes the next input; NaN until <c>period</c> inputs were given.</summary>
    internal double Next(double input)
    {
        if (_count >= period)
        {
            return _value = ((_value * (period - 1)) + input) / period;
        }

        _value += input;
        _count++;
        if (_count < period)
        {
            return double.NaN;
        }

        return _value /= period;
    }
}
