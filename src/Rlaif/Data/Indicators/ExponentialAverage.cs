namespace Rlaif.Data.Indicators;

/// <summary>
/// Exponential smoothing with weight 2 / (period + 1): the first value is the mean of the first <c>period</c> inputs, then
/// <c>average += weight * (input - average)</c>.
/// </summary>
internal struct ExponentialAverage(int period)
{
    private readonly double _weight = 2.0 / (period + 1);
    private double _value;
    private int _count;

    /// <summary>Takes the next input; NaN until <c>period</c> inputs were given.</summary>
    internal double Next(double input)
    {
        if (_count >= period)
        {
            return _value += _weight * (input - _value);
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
