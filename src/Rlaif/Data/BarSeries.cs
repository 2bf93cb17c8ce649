using System.Collections.Immutable;

namespace Rlaif.Data;

/// <summary>
/// All bars of one symbol, in time order, with the corporate actions that its prices do not yet reflect. Immutable and columnar.
/// A whole series reaches beyond any decision: only settlement and storage may hold one, agents and features get a
/// <see cref="MarketSnapshot"/>.
/// </summary>
public sealed class BarSeries
{
    private readonly ImmutableArray<Bar> _bars;
    private readonly long[] _openTicks;
    private readonly long[] _closeTicks;

    /// <summary>Creates a series from bars in strictly increasing time order.</summary>
    /// <param name="symbol">The instrument, not empty.</param>
    /// <param name="bars">Bars, each opening at or after the close of the one before.</param>
    /// <param name="actions">Splits and dividends that the prices do not reflect; null for none.</param>
    /// <exception cref="RlaifInputException">A bar is out of order; the message names it.</exception>
    public BarSeries(string symbol, IEnumerable<Bar> bars, IEnumerable<CorporateAction>? actions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        Symbol = symbol;
        _bars = [.. bars];
        Actions = [.. (actions ?? []).OrderBy(a => a.ExDate).ThenBy(a => a.Kind)];
        _openTicks = new long[_bars.Length];
        _closeTicks = new long[_bars.Length];
        for (int i = 0; i < _bars.Length; i++)
        {
            _openTicks[i] = _bars[i].OpenTime.UtcTicks;
            _closeTicks[i] = _bars[i].CloseTime.UtcTicks;
            if (_closeTicks[i] < _openTicks[i] || (i > 0 && _openTicks[i] < _closeTicks[i - 1]))
            {
                throw new RlaifInputException(
                    $"{symbol}: the bar that opens at {_bars[i].OpenTime:u} is out of order; bars must not overlap and must come in time order."
                );
            }
        }

        Columns = new BarColumns(_bars.AsSpan(), Actions);
    }

    /// <summary>The instrument.</summary>
    public string Symbol { get; }

    /// <summary>Number of bars.</summary>
    public int Count => _bars.Length;

    /// <summary>Splits and dividends that the prices do not reflect, by date.</summary>
    public ImmutableArray<CorporateAction> Actions { get; }

    /// <summary>The bar at a position.</summary>
    public Bar this[int index] => _bars[index];

    internal BarColumns Columns { get; }

    /// <summary>Position of the first bar that opens at or after <paramref name="time"/>; <see cref="Count"/> when there is none.</summary>
    public int FirstOpenAtOrAfter(DateTimeOffset time) => LowerBound(_openTicks, time.UtcTicks);

    /// <summary>Number of bars that are complete at <paramref name="time"/>: those with <c>CloseTime &lt;= time</c>.</summary>
    public int CountKnownAt(DateTimeOffset time) => LowerBound(_closeTicks, time.UtcTicks + 1);

    /// <summary>The part of the series that is known at <paramref name="time"/>: complete bars, and actions in effect on that date.</summary>
    public BarSeries KnownAt(DateTimeOffset time)
    {
        int count = CountKnownAt(time);
        // An action is in effect before the open of its date: whoever holds the share that morning has to know it.
        DateOnly today = DateOnly.FromDateTime(time.UtcDateTime);
        if (count == Count && (Actions.IsEmpty || Actions[^1].ExDate <= today))
        {
            return this;
        }

        return new BarSeries(Symbol, _bars[..count], Actions.Where(a => a.ExDate <= today));
    }

    private static int LowerBound(long[] values, long value)
    {
        int low = 0;
        int high = values.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (values[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
