using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>Finds the bar on which a profit target or a stop loss would have been filled.</summary>
internal static class TargetStop
{
    /// <summary>
    /// The first fill among the bars <paramref name="entry"/>..<paramref name="end"/> - 1, or null. An open beyond a level fills at that open, in whichever
    /// direction, because it comes before all else in the bar; otherwise the fill is at the level, and when one bar touches both levels
    /// the stop is taken, since bars do not tell which came first. Levels move with splits.
    /// </summary>
    internal static ExitPoint? FirstTouch(BarSeries series, int entry, int end, int side, SettlementOptions options)
    {
        decimal start = series[entry].Open;
        decimal? target = start * (1 + (side * (decimal?)options.TargetReturn));
        decimal? stop = start * (1 - (side * (decimal?)options.StopReturn));
        if (target is null && stop is null)
        {
            return null;
        }

        var held = new HeldShare(series, series[entry].Session);
        for (int i = entry; i < end; i++)
        {
            Bar bar = series[i];
            held.AdvanceTo(bar.Session);
            if (Fill(bar, side, target / held.Shares, stop / held.Shares) is var (price, at, reason))
            {
                return new ExitPoint(i, bar.Session, price, at, bar.CloseTime, reason, bar.Open);
            }
        }

        return null;
    }

    private static (decimal Price, DateTimeOffset At, ExitReason Reason)? Fill(Bar bar, int side, decimal? target, decimal? stop)
    {
        decimal worst = side > 0 ? bar.Low : bar.High;
        decimal best = side > 0 ? bar.High : bar.Low;
        if (side * (bar.Open - stop) <= 0)
        {
            return (bar.Open, bar.OpenTime, ExitReason.Stop);
        }

        if (side * (bar.Open - target) >= 0)
        {
            return (bar.Open, bar.OpenTime, ExitReason.Target);
        }

        if (side * (worst - stop) <= 0)
        {
            // The moment inside the bar is unknown: the close is when the fill is known for certain.
            return (stop!.Value, bar.CloseTime, ExitReason.Stop);
        }

        return side * (best - target) >= 0 ? (target!.Value, bar.CloseTime, ExitReason.Target) : null;
    }
}
