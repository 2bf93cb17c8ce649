namespace Rlaif.Outcomes;

/// <summary>
/// The prices at which a position is closed before its time. All are prices of a share at entry: divided by the shares that it has become they are prices as
/// quoted, so a split moves them and a dividend does not.
/// </summary>
internal struct ExitLevels
{
    private readonly int _side;

    // What a trailing stop leaves of the best price; null without one.
    private readonly decimal? _kept;
    private decimal _best;

    internal ExitLevels(decimal entryPrice, int side, SettlementOptions options)
    {
        _side = side;
        Target = entryPrice * (1 + (side * (decimal?)options.TargetReturn));
        Stop = entryPrice * (1 - (side * (decimal?)options.StopReturn));
        _kept = 1 - (side * (decimal?)options.TrailReturn);
        _best = entryPrice;
    }

    internal decimal? Target { get; }

    internal decimal? Stop { get; }

    /// <summary>Where the trailing stop stands after the best price so far.</summary>
    internal readonly decimal? Trailing => _best * _kept;

    internal readonly bool AreNone => Target is null && Stop is null && _kept is null;

    /// <summary>The one of the two stops that a falling position meets first, and its name; the fixed one when they are equal.</summary>
    internal readonly (decimal? Level, ExitReason Reason) NearestStop =>
        Trailing is { } trailing && !(Stop is { } stop && IsBeyond(trailing, stop))
            ? (trailing, ExitReason.TrailingStop)
            : (Stop, ExitReason.Stop);

    /// <summary>The position could have been sold at this price: a better one than before moves the trailing stop.</summary>
    internal void Raise(decimal price)
    {
        if (_side > 0 ? price > _best : price < _best)
        {
            _best = price;
        }
    }

    /// <summary>Whether a price is at a stop's level or worse.</summary>
    internal readonly bool IsBeyond(decimal price, decimal level) => _side > 0 ? price <= level : price >= level;

    /// <summary>Whether a price is at the target or better.</summary>
    internal readonly bool IsReached(decimal price, decimal target) => _side > 0 ? price >= target : price <= target;
}
