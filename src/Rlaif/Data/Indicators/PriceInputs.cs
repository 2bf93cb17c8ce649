using System.Numerics.Tensors;

namespace Rlaif.Data.Indicators;

/// <summary>The bars of a snapshot and what several price features share.</summary>
internal sealed class PriceInputs
{
    private readonly BarWindow _bars;
    private readonly double[] _logReturns;

    internal PriceInputs(BarWindow bars)
    {
        _bars = bars;
        _logReturns = LogReturns(bars.Closes);
    }

    internal double Range => _bars.Count == 0 ? double.NaN : (_bars.Highs[^1] - _bars.Lows[^1]) / _bars.Closes[^1];

    internal double Gap => _bars.Count < 2 ? double.NaN : (_bars.Opens[^1] / _bars.Closes[^2]) - 1;

    internal static double SimpleReturn(ReadOnlySpan<double> closes, int length) =>
        closes.Length > length ? (closes[^1] / closes[^(length + 1)]) - 1 : double.NaN;

    internal static double LogVolatility(ReadOnlySpan<double> closes, int length) =>
        closes.Length > length ? WindowStatistics.SampleDeviation(LogReturns(closes[^(length + 1)..])) : double.NaN;

    internal double Return(int length) => SimpleReturn(_bars.Closes, length);

    internal double Volatility(int length) => OverReturns(length, WindowStatistics.SampleDeviation);

    internal double Skewness(int length) => OverReturns(length, WindowStatistics.Skewness);

    internal double Autocorrelation(int length) => OverReturns(length, WindowStatistics.Autocorrelation);

    /// <summary>Log return over the window in units of what volatility alone would make of it.</summary>
    internal double Momentum(int length) => Math.Log(1 + Return(length)) / (Volatility(length) * Math.Sqrt(length));

    /// <summary>How far the close stands above its simple average.</summary>
    internal double DistanceFromAverage(int length) =>
        _bars.Count >= length ? (_bars.Closes[^1] / WindowStatistics.Mean(_bars.Closes[^length..])) - 1 : double.NaN;

    /// <summary>How far the close stands below the highest high of the window; never above 0.</summary>
    internal double Drawdown(int length) =>
        _bars.Count >= length ? (_bars.Closes[^1] / TensorPrimitives.Max(_bars.Highs[^length..])) - 1 : double.NaN;

    internal double VolumeRatio(int shortLength, int longLength) =>
        _bars.Count >= longLength
            ? Math.Log(WindowStatistics.Mean(_bars.Volumes[^shortLength..]) / WindowStatistics.Mean(_bars.Volumes[^longLength..]))
            : double.NaN;

    private static double[] LogReturns(ReadOnlySpan<double> closes)
    {
        var returns = new double[Math.Max(0, closes.Length - 1)];
        for (int i = 0; i < returns.Length; i++)
        {
            returns[i] = Math.Log(closes[i + 1] / closes[i]);
        }

        return returns;
    }

    private double OverReturns(int length, Func<ReadOnlySpan<double>, double> measure) =>
        _logReturns.Length >= length ? measure(_logReturns.AsSpan(_logReturns.Length - length)) : double.NaN;
}
