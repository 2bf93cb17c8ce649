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

    /// <summary>Highest equity at the entry or a mark, at least 1.</summary>
    internal decimal Peak => _peak;

    /// <summary>Largest fall from a running peak, at most 0.</summary>
    internal decimal Drawdown => _drawdown;

    /// <summary>Best return touched, at least 0.</summary>
    internal decimal Best => _best;

    /// <summary>Worst return touched, at most 0.</summary>
    internal decimal Worst => _worst;

    /// <summary>Sharpe and Sortino ratio of the way; null with fewer sessions than <see cref="SettlementOptions.MinReturnsForRatios"/>, or when not defined.</summary>
    /// <remarks>
    /// Returns are those of sessions and a year has 252, whatever the resolution of the bars: how wrong a ratio is depends on the time that it was measured
    /// over, not on the number of prices seen in it, and candidates compare across resolutions only so.
    /// </remarks>
    internal (double? Sharpe, double? Sortino) Ratios(SettlementOptions options)
    {
        // A short that lost more than its notional on the way has no returns from there on.
        if (_wipedOut || _sessionReturns.Count < options.MinReturnsForRatios)
        {
            return (null, null);
        }

        double[] returns = [.. _sessionReturns];
        return (ReturnStatistics.Sharpe(returns), ReturnStatistics.Sortino(returns));
    }

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
