namespace Rlaif.Outcomes;

/// <summary>One position under live prices. Everything is an amount for one share at entry, so that a mark needs no division but that of a drawdown.</summary>
internal struct PositionMark
{
    private readonly bool _isLong;
    private readonly decimal _quantity;
    private readonly decimal _entry;
    private readonly decimal _shares;
    private readonly decimal _cash;
    private ExitLevels _levels;
    private decimal _price;
    private decimal _gain;
    private decimal _peak;
    private decimal _drawdown;

    // Lowest equity since the peak: only a lower one can be a deeper fall from it.
    private decimal _trough;
    private decimal _best;
    private decimal _worst;
    private bool _isTouched;
    private bool _isMarked;

    internal PositionMark(HeldPosition held)
    {
        Position position = held.Position;
        _isLong = position.Side == PositionSide.Long;
        _quantity = held.SharesAtEntry;
        _entry = position.EntryPrice!.Value;
        _shares = held.Share.Shares;
        _cash = held.Share.Cash;
        _levels = held.Levels;
        _gain = _entry * held.Way.Return;
        _peak = _entry * held.Way.Peak;
        _trough = _peak;
        _drawdown = held.Way.Drawdown;
        _best = _entry * held.Way.Best;
        _worst = _entry * held.Way.Worst;
    }

    /// <summary>Profit or loss of all its shares, in currency before costs.</summary>
    internal readonly decimal Profit => _quantity * _gain;

    /// <summary>The market is at a price as quoted now; tells the level that it reached if none was reached before.</summary>
    internal (ExitReason Reason, decimal Level)? Mark(decimal price)
    {
        decimal quoted = price * _shares;
        decimal worth = quoted + _cash;
        _price = price;
        _isMarked = true;
        _gain = _isLong ? worth - _entry : _entry - worth;
        _best = Math.Max(_best, _gain);
        _worst = Math.Min(_worst, _gain);
        decimal equity = _entry + _gain;
        if (equity >= _peak)
        {
            _peak = equity;
            _trough = equity;
        }
        else if (equity < _trough)
        {
            _trough = equity;
            _drawdown = Math.Min(_drawdown, (equity / _peak) - 1);
        }

        // One price is one moment: a better one than before cannot be the one that comes back to the trailing stop.
        _levels.Raise(quoted);
        return _isTouched ? null : Touch(quoted);
    }

    /// <summary>The position as the last price left it; as the last bar did when there was none.</summary>
    internal readonly Position Describe(HeldPosition held) =>
        _isMarked
            ? held.Position with
            {
                Quantity = _quantity * _shares,
                CurrentPrice = _price,
                UnrealizedPnl = Profit,
                UnrealizedReturn = (double)(_gain / _entry),
                MaxDrawdown = (double)_drawdown,
                FavorableExcursion = (double)(_best / _entry),
                AdverseExcursion = (double)(_worst / _entry),
                TargetPrice = _levels.Target / _shares,
                StopPrice = _levels.Stop / _shares,
                TrailingPrice = _levels.Trailing / _shares,
            }
            : held.Position;

    private (ExitReason Reason, decimal Level)? Touch(decimal quoted)
    {
        (decimal? stop, ExitReason reason) = _levels.NearestStop;
        if (stop is { } level && _levels.IsBeyond(quoted, level))
        {
            _isTouched = true;
            return (reason, level / _shares);
        }

        if (_levels.Target is { } target && _levels.IsReached(quoted, target))
        {
            _isTouched = true;
            return (ExitReason.Target, target / _shares);
        }

        return null;
    }
}
