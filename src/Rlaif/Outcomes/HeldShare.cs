using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>One share bought at the open of a session, followed through the splits and cash dividends of the sessions after it.</summary>
internal struct HeldShare
{
    private readonly BarSeries _series;
    private int _next;

    /// <summary>An action with its ex-date on <paramref name="entrySession"/> took effect before that open and is not counted.</summary>
    internal HeldShare(BarSeries series, DateOnly entrySession)
    {
        _series = series;
        Shares = 1;
        while (_next < series.Actions.Length && series.Actions[_next].ExDate <= entrySession)
        {
            _next++;
        }
    }

    /// <summary>Shares that the one share has become.</summary>
    internal decimal Shares { get; private set; }

    /// <summary>Dividends received (by a short: owed) so far, in currency for the one share at entry.</summary>
    internal decimal Cash { get; private set; }

    /// <summary>Applies every action up to and including the session; a split comes before a dividend of the same day.</summary>
    internal void AdvanceTo(DateOnly session)
    {
        for (; _next < _series.Actions.Length && _series.Actions[_next].ExDate <= session; _next++)
        {
            CorporateAction action = _series.Actions[_next];
            if (action.Kind == CorporateActionKind.Split)
            {
                Shares *= action.Value;
            }
            else
            {
                Cash += Shares * action.Value;
            }
        }
    }

    /// <summary>Value of the holding at a price as quoted now, dividends included.</summary>
    internal readonly decimal Worth(decimal price) => (price * Shares) + Cash;
}
