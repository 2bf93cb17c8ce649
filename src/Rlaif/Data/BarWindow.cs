namespace Rlaif.Data;

/// <summary>
/// The last complete bars at one moment, as columns of doubles, oldest first. Prices and volumes are in units of the first bar's
/// shares (see <see cref="PriceScale"/>), so ratios across a split are true returns. Nothing after the moment can be reached.
/// </summary>
public readonly struct BarWindow
{
    private readonly BarSeries? _series;
    private readonly int _start;

    internal BarWindow(BarSeries series, int start, int count)
    {
        _series = series;
        _start = start;
        Count = count;
    }

    /// <summary>Number of bars.</summary>
    public int Count { get; }

    /// <summary>Opening prices.</summary>
    public ReadOnlySpan<double> Opens => Slice(_series?.Columns.Open);

    /// <summary>Highest prices.</summary>
    public ReadOnlySpan<double> Highs => Slice(_series?.Columns.High);

    /// <summary>Lowest prices.</summary>
    public ReadOnlySpan<double> Lows => Slice(_series?.Columns.Low);

    /// <summary>Closing prices.</summary>
    public ReadOnlySpan<double> Closes => Slice(_series?.Columns.Close);

    /// <summary>Shares traded.</summary>
    public ReadOnlySpan<double> Volumes => Slice(_series?.Columns.Volume);

    /// <summary>Multiply a price of the columns by this to get dollars as quoted on the last bar; 1 when there was no split.</summary>
    public double PriceScale => Count == 0 ? 1 : 1 / _series!.Columns.Shares[_start + Count - 1];

    /// <summary>The bar at a position as it was traded, 0 being the oldest.</summary>
    public Bar this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _series![_start + index];
        }
    }

    /// <summary>The newest bar.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is empty.</exception>
    public Bar Last => this[Count - 1];

    private ReadOnlySpan<double> Slice(double[]? column) => column is null ? [] : column.AsSpan(_start, Count);
}
