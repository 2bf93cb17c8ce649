namespace Rlaif.Outcomes;

/// <summary>Follows the equity of one position, 1 at entry, and keeps what its outcome reports of the way.</summary>
internal sealed class EquityPath
{
    private readonly int _side;
    private readonly decimal _entryPrice;
    private readonly List<double> _sessionReturns = [];
    private decimal _equity = 1;
    private decimal _sessionStart = 1;
    private decimal _peak = 1;
    private decimal _drawdown;
    private decimal _best;
    private decimal _worst;
    private bool _wipedOut;

    internal EquityPath(int side, decimal entryPrice)
    {
        _side = side;
        _entryPrice = entryPrice;
    }

    /// <summary>Return of the position at the last mark, signed by its side.</summary>
    internal decimal Return => _equity - 1;

    /// <summary>Largest fall from a running peak, at most 0.</summary>
    internal double MaxDrawdown => (double)_drawdown;

    /// <summary>Best return touched, at least 0.</summary>
    internal double FavorableExcursion => (double)_best;

    /// <summary>Worst return touched, at most 0.</summary>
    internal double AdverseExcursion => (double)_worst;

    /// <summary>Return of each session; null when a short lost more than its notional on the way, since returns end there.</summary>
    internal double[]? SessionReturns => _wipedOut ? null : [.. _sessionReturns];

    /// <summary>The holding was worth this at some moment inside a bar.</summary>
    internal decimal Touch(decimal worth)
    {
        decimal gain = _side * ((worth / _entryPrice) - 1);
        _best = Math.Max(_best, gain);
        _worst = Math.Min(_worst, gain);
        return gain;
    }

    /// <summary>The holding was worth this at the close of a bar or at the exit.</summary>
    internal void Mark(decimal worth)
    {
        _equity = 1 + Touch(worth);
        _peak = Math.Max(_peak, _equity);
        _drawdown = Math.Min(_drawdown, (_equity / _peak) - 1);
    }

    /// <summary>The last mark was the last of its session.</summary>
    internal void EndSession()
    {
        _wipedOut |= _equity <= 0;
        if (!_wipedOut)
        {
            _sessionReturns.Add((double)((_equity / _sessionStart) - 1));
            _sessionStart = _equity;
        }
    }
}
