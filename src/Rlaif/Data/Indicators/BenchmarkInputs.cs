namespace Rlaif.Data.Indicators;

/// <summary>Returns of a symbol beside those of the market index, over the sessions that both have.</summary>
internal sealed class BenchmarkInputs
{
    internal const int Length = 60;

    // An index whose last bar is older than this says nothing about today. A week covers holidays and exchanges in other time zones.
    private const int MaxLagDays = 7;

    private readonly double[] _symbolReturns = new double[Length];
    private readonly double[] _benchmarkReturns = new double[Length];
    private readonly BarWindow _bars;
    private readonly BarWindow _benchmark;
    private readonly bool _isCurrent;
    private readonly bool _isPaired;

    internal BenchmarkInputs(BarWindow bars, BarWindow benchmark)
    {
        _bars = bars;
        _benchmark = benchmark;
        _isCurrent =
            bars.Count > 0 && benchmark.Count > 0 && bars.Last.Session.DayNumber - benchmark.Last.Session.DayNumber <= MaxLagDays;
        _isPaired = _isCurrent && FillReturns();
    }

    internal double Beta =>
        _isPaired
            ? WindowStatistics.CrossDeviations(_symbolReturns, _benchmarkReturns)
                / WindowStatistics.SquaredDeviations(_benchmarkReturns)
            : double.NaN;

    internal double Correlation
    {
        get
        {
            if (!_isPaired)
            {
                return double.NaN;
            }

            double variances =
                WindowStatistics.SquaredDeviations(_symbolReturns) * WindowStatistics.SquaredDeviations(_benchmarkReturns);
            double cross = WindowStatistics.CrossDeviations(_symbolReturns, _benchmarkReturns);
            return variances > 0 ? Math.Clamp(cross / Math.Sqrt(variances), -1, 1) : double.NaN;
        }
    }

    internal double BenchmarkReturn(int length) => _isCurrent ? PriceInputs.SimpleReturn(_benchmark.Closes, length) : double.NaN;

    internal double BenchmarkVolatility(int length) =>
        _isCurrent ? PriceInputs.LogVolatility(_benchmark.Closes, length) : double.NaN;

    internal double RelativeStrength(int length) => PriceInputs.SimpleReturn(_bars.Closes, length) - BenchmarkReturn(length);

    // Walks back over the sessions that both have; returns run from one common session to the next. Newest first.
    private bool FillReturns()
    {
        ReadOnlySpan<double> own = _bars.Closes;
        ReadOnlySpan<double> index = _benchmark.Closes;
        int filled = -1;
        double ownLater = 0;
        double indexLater = 0;
        for (int i = own.Length - 1, j = index.Length - 1; i >= 0 && j >= 0 && filled < Length; )
        {
            int order = _bars[i].Session.CompareTo(_benchmark[j].Session);
            if (order == 0)
            {
                if (filled >= 0)
                {
                    _symbolReturns[filled] = Math.Log(ownLater / own[i]);
                    _benchmarkReturns[filled] = Math.Log(indexLater / index[j]);
                }

                filled++;
                ownLater = own[i];
                indexLater = index[j];
            }

            i -= order >= 0 ? 1 : 0;
            j -= order <= 0 ? 1 : 0;
        }

        return filled == Length;
    }
}
