namespace Rlaif.Data.Indicators;

/// <summary>
/// The last values of the indicators that features use. Those with a memory (RSI, ATR, MACD, ADX) run over all bars of the snapshot, those
/// of a window over that window only.
/// </summary>
internal sealed class IndicatorInputs
{
    private const int WilderPeriod = 14;
    private const int MacdFast = 12;
    private const int MacdSlow = 26;
    private const int MacdSignal = 9;
    private const int StochasticPeriod = 14;
    private const int StochasticSmoothing = 3;
    private const double BollingerWidth = 2;
    private const int ScratchColumns = 4;

    private readonly BarWindow _bars;

    internal IndicatorInputs(BarWindow bars)
    {
        _bars = bars;
        RunRecursive();
        RunStochastic();
    }

    internal double Rsi { get; private set; } = double.NaN;

    internal double AtrOfPrice { get; private set; } = double.NaN;

    internal double MacdHistogramOfPrice { get; private set; } = double.NaN;

    internal double Adx { get; private set; } = double.NaN;

    internal double PlusDi { get; private set; } = double.NaN;

    internal double MinusDi { get; private set; } = double.NaN;

    internal double StochasticK { get; private set; } = double.NaN;

    internal double StochasticD { get; private set; } = double.NaN;

    internal double Cci(int period)
    {
        if (_bars.Count < period)
        {
            return double.NaN;
        }

        Span<double> output = stackalloc double[period];
        Indicators.Cci.Compute(Tail(_bars.Highs, period), Tail(_bars.Lows, period), Tail(_bars.Closes, period), period, output);
        return output[^1];
    }

    internal double WilliamsR(int period)
    {
        if (_bars.Count < period)
        {
            return double.NaN;
        }

        Span<double> output = stackalloc double[period];
        Indicators.WilliamsR.Compute(
            Tail(_bars.Highs, period),
            Tail(_bars.Lows, period),
            Tail(_bars.Closes, period),
            period,
            output
        );
        return output[^1];
    }

    internal double Mfi(int period)
    {
        int needed = period + 1;
        if (_bars.Count < needed)
        {
            return double.NaN;
        }

        Span<double> output = stackalloc double[needed];
        Indicators.Mfi.Compute(
            Tail(_bars.Highs, needed),
            Tail(_bars.Lows, needed),
            Tail(_bars.Closes, needed),
            Tail(_bars.Volumes, needed),
            period,
            output
        );
        return output[^1];
    }

    internal double BollingerPercentB(int period)
    {
        if (_bars.Count < period)
        {
            return double.NaN;
        }

        Span<double> upper = stackalloc double[period];
        Span<double> middle = stackalloc double[period];
        Span<double> lower = stackalloc double[period];
        ReadOnlySpan<double> closes = Tail(_bars.Closes, period);
        BollingerBands.Compute(closes, period, BollingerWidth, upper, middle, lower);
        return BollingerBands.PercentB(closes[^1], upper[^1], lower[^1]);
    }

    /// <summary>Change of on-balance volume over the window, over the volume of the window: from -1 (all on falls) to 1.</summary>
    internal double ObvSlope(int length)
    {
        int needed = length + 1;
        if (_bars.Count < needed)
        {
            return double.NaN;
        }

        Span<double> output = stackalloc double[needed];
        Obv.Compute(Tail(_bars.Closes, needed), Tail(_bars.Volumes, needed), output);
        return output[^1] / (WindowStatistics.Mean(Tail(_bars.Volumes, length)) * length);
    }

    private static ReadOnlySpan<double> Tail(ReadOnlySpan<double> column, int length) => column[^length..];

    private void RunRecursive()
    {
        int n = _bars.Count;
        if (n == 0)
        {
            return;
        }

        var scratch = new double[ScratchColumns * n];
        Span<double> a = scratch.AsSpan(0, n);
        Span<double> b = scratch.AsSpan(n, n);
        Span<double> c = scratch.AsSpan(2 * n, n);
        Span<double> d = scratch.AsSpan(3 * n, n);
        double close = _bars.Closes[^1];
        Indicators.Rsi.Compute(_bars.Closes, WilderPeriod, a);
        Rsi = a[^1];
        Atr.Compute(_bars.Highs, _bars.Lows, _bars.Closes, WilderPeriod, a);
        AtrOfPrice = a[^1] / close;
        Macd.Compute(_bars.Closes, MacdFast, MacdSlow, MacdSignal, a, b, c);
        MacdHistogramOfPrice = c[^1] / close;
        Indicators.Adx.Compute(_bars.Highs, _bars.Lows, _bars.Closes, WilderPeriod, a, b, c, d);
        Adx = a[^1];
        PlusDi = b[^1];
        MinusDi = c[^1];
    }

    private void RunStochastic()
    {
        int needed = Math.Min(_bars.Count, StochasticPeriod + (2 * (StochasticSmoothing - 1)));
        Span<double> k = stackalloc double[needed];
        Span<double> d = stackalloc double[needed];
        Stochastic.Compute(
            Tail(_bars.Highs, needed),
            Tail(_bars.Lows, needed),
            Tail(_bars.Closes, needed),
            StochasticPeriod,
            StochasticSmoothing,
            StochasticSmoothing,
            k,
            d
        );
        if (needed > 0)
        {
            StochasticK = k[^1];
            StochasticD = d[^1];
        }
    }
}
