using System.Collections;
using System.Runtime.InteropServices;

namespace Rlaif.Outcomes;

/// <summary>
/// The open positions in memory, marked with live prices between two bars: profit, excursions, drawdown, trailing stops, and who reached a level. Made by
/// <see cref="OutcomeTracker.LoadOpenPositionsAsync"/>; positions that wait for their first bar are not in it. It writes nothing and closes nothing: what a
/// position earned is settled from bars, or by <see cref="OutcomeTracker.ClosePositionAsync"/> at the price of whoever acted on a touch.
/// <para>It serves the UTC date on which it was made, because splits and dividends take effect in the morning, and knows the positions of then: make a new one
/// every day, and when positions were opened or closed. Drawdowns count every tick, so they are at least as deep as those of outcomes, which count the closes
/// of bars. Not thread-safe.</para>
/// </summary>
public sealed class OpenPositions : IReadOnlyList<Position>
{
    private readonly HeldPosition[] _held;

    // One stretch of memory for each symbol, so that a tick walks along it; beside it, where it begins and what its positions earn together.
    private readonly PositionMark[] _marks;
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly int[] _starts;
    private readonly decimal[] _profits;
    private readonly List<PositionTouch> _touches = [];

    /// <summary>Takes over positions that are held.</summary>
    /// <param name="held">The positions, followed to the last known close.</param>
    /// <param name="date">The date of the clock, UTC.</param>
    internal OpenPositions(IEnumerable<HeldPosition> held, DateOnly date)
    {
        Date = date;
        // Stable: within a symbol in the order in which they were opened.
        _held = [.. held.OrderBy(h => h.Position.Symbol, StringComparer.Ordinal)];
        _marks = [.. _held.Select(h => new PositionMark(h))];
        var starts = new List<int>();
        for (int i = 0; i < _held.Length; i++)
        {
            if (_symbols.TryAdd(_held[i].Position.Symbol, starts.Count))
            {
                starts.Add(i);
            }
        }

        _starts = [.. starts, _held.Length];
        _profits = [.. starts.Select((_, symbol) => Profit(symbol))];
        UnrealizedPnl = _profits.Sum();
    }

    /// <summary>The UTC date whose prices it can be marked with.</summary>
    public DateOnly Date { get; }

    /// <inheritdoc/>
    public int Count => _held.Length;

    /// <summary>Profit or loss of all positions at their latest prices before costs, splits and dividends included, in currency.</summary>
    public decimal UnrealizedPnl { get; private set; }

    /// <summary>A position as it stands, by symbol and then in the order of opening; ratios, days held and problems are those of the last bar.</summary>
    public Position this[int index] => _marks[index].Describe(_held[index]);

    /// <summary>
    /// Marks every position of the symbols that were traded. Ticks of symbols that are not held are passed over; those of one symbol have to come in the order
    /// in which they happened. Takes time in proportion to the positions of these symbols and allocates nothing for them.
    /// </summary>
    /// <param name="ticks">Prices, later than the last bars.</param>
    /// <returns>The positions that reached a level for the first time, each once in the life of this object; valid until the next call.</returns>
    /// <exception cref="RlaifInputException">A price is not positive or not of <see cref="Date"/>; then nothing was marked.</exception>
    public ReadOnlySpan<PositionTouch> Update(ReadOnlySpan<PriceTick> ticks)
    {
        foreach (ref readonly PriceTick tick in ticks)
        {
            RequireUsable(tick);
        }

        _touches.Clear();
        foreach (ref readonly PriceTick tick in ticks)
        {
            if (_symbols.TryGetValue(tick.Symbol, out int symbol))
            {
                Mark(symbol, tick);
            }
        }

        decimal total = 0;
        foreach (decimal profit in _profits)
        {
            total += profit;
        }

        UnrealizedPnl = total;
        return CollectionsMarshal.AsSpan(_touches);
    }

    /// <inheritdoc/>
    public IEnumerator<Position> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Mark(int symbol, in PriceTick tick)
    {
        for (int i = _starts[symbol]; i < _starts[symbol + 1]; i++)
        {
            if (_marks[i].Mark(tick.Price) is var (reason, level))
            {
                _touches.Add(new PositionTouch(_held[i].Position.PositionId, tick.Symbol, reason, level, tick.Price, tick.At));
            }
        }

        _profits[symbol] = Profit(symbol);
    }

    private decimal Profit(int symbol)
    {
        decimal sum = 0;
        for (int i = _starts[symbol]; i < _starts[symbol + 1]; i++)
        {
            sum += _marks[i].Profit;
        }

        return sum;
    }

    private void RequireUsable(in PriceTick tick)
    {
        if (tick.Price <= 0)
        {
            throw new RlaifInputException($"The price of {tick.Symbol} at {tick.At:u} is {tick.Price}; it must be positive.");
        }

        if (DateOnly.FromDateTime(tick.At.UtcDateTime) != Date)
        {
            throw new RlaifInputException(
                $"The price of {tick.Symbol} is of {tick.At:u}; these open positions are of {Date:yyyy-MM-dd} (UTC) and know no later split or dividend."
            );
        }
    }
}
