using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Validation;

/// <summary>A position as an equity curve needs it: what it commits, how to mark it while it is open, what it came to.</summary>
internal sealed record CurvePosition
{
    internal required string Symbol { get; init; }

    /// <summary>1 for long, -1 for short.</summary>
    internal required int Side { get; init; }

    /// <summary>Fraction of equity committed.</summary>
    internal required double Size { get; init; }

    internal required DateOnly Entry { get; init; }

    internal required decimal EntryPrice { get; init; }

    internal required DateOnly Exit { get; init; }

    internal required double GrossReturn { get; init; }

    internal required double NetReturn { get; init; }

    /// <summary>All costs, a fraction of the notional at entry.</summary>
    internal required double Costs { get; init; }

    /// <summary>The part of <see cref="Costs"/> that is due at the entry.</summary>
    internal required double EntryCosts { get; init; }

    /// <summary>Value bought plus value sold, in units of the notional at entry.</summary>
    internal double Traded => 2 + (Side * GrossReturn);

    internal static CurvePosition From(SettledCandidate settled, double entryRate)
    {
        Outcome outcome = settled.Outcome;
        return new CurvePosition
        {
            Symbol = outcome.Symbol,
            Side = outcome.Action == TradeAction.Sell ? -1 : 1,
            Size = outcome.PositionSize,
            Entry = DateOnly.FromDateTime(outcome.EntryAt.UtcDateTime),
            EntryPrice = outcome.EntryPrice,
            Exit = DateOnly.FromDateTime(outcome.ExitAt.UtcDateTime),
            GrossReturn = outcome.GrossReturn,
            NetReturn = outcome.NetReturn,
            Costs = outcome.Costs,
            EntryCosts = Math.Min(entryRate, outcome.Costs),
        };
    }

    /// <summary>A long position from the open of one bar to the close of another.</summary>
    internal static CurvePosition Hold(BarSeries bars, int first, int last, double size, double entryRate)
    {
        var position = new CurvePosition
        {
            Symbol = bars.Symbol,
            Side = 1,
            Size = size,
            Entry = bars[first].Session,
            EntryPrice = bars[first].Open,
            Exit = bars[last].Session,
            GrossReturn = 0,
            NetReturn = 0,
            Costs = 0,
            EntryCosts = entryRate,
        };
        double gross = position.GrossAt(bars, bars[last].Session);
        double costs = entryRate * (2 + gross);
        return position with { GrossReturn = gross, NetReturn = gross - costs, Costs = costs };
    }

    /// <summary>Net return of the open position at the close of a session: splits and dividends counted, the exit not yet paid for.</summary>
    internal double MarkAt(BarSeries bars, DateOnly session) => GrossAt(bars, session) - EntryCosts;

    private double GrossAt(BarSeries bars, DateOnly session)
    {
        // The last complete bar of the session, or of an earlier one when the symbol did not trade.
        int last = bars.CountKnownAt(new DateTimeOffset(session.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero)) - 1;
        if (last < 0 || bars[last].Session < Entry)
        {
            return 0;
        }

        decimal shares = 1;
        decimal cash = 0;
        foreach (CorporateAction action in bars.Actions)
        {
            // An action of the entry day took effect before the open at which the position was bought.
            if (action.ExDate > Entry && action.ExDate <= bars[last].Session)
            {
                cash += action.Kind == CorporateActionKind.Dividend ? shares * action.Value : 0;
                shares *= action.Kind == CorporateActionKind.Split ? action.Value : 1;
            }
        }

        return Side * (double)((((bars[last].Close * shares) + cash) / EntryPrice) - 1);
    }
}
