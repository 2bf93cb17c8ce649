using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>Finds the bar on which a profit target, a stop loss or a trailing stop would have been filled.</summary>
internal static class TargetStop
{
    /// <summary>
    /// The first fill among the bars <paramref name="entry"/>..<paramref name="end"/> - 1, or null. An open beyond a level fills at that open, in whichever
    /// direction, because it comes before all else in the bar; otherwise the fill is at the level, and when one bar touches a stop and the target
    /// the stop is taken, since bars do not tell which came first. Levels move with splits.
    /// <para>A trailing stop follows the best price since the entry, the entry itself included. An open moves it at once; whatever else a bar reached moves it
    /// for the bars after only, for the same reason: the low may have come before the high. The paper broker fills its trailing orders by the same rule.</para>
    /// </summary>
    internal static ExitPoint? FirstTouch(BarSeries series, int entry, int end, int side, SettlementOptions options)
    {
        var levels = new ExitLevels(series[entry].Open, side, options);
        if (levels.AreNone)
        {
            return null;
        }

        var held = new HeldShare(series, series[entry].Session);
        for (int i = entry; i < end; i++)
        {
            Bar bar = series[i];
            held.AdvanceTo(bar.Session);
            levels.Raise(bar.Open * held.Shares);
            if (Fill(bar, side, held.Shares, levels) is var (price, at, reason))
            {
                return new ExitPoint(i, bar.Session, price, at, bar.CloseTime, reason, bar.Open);
            }

            levels.Raise(Best(bar, side) * held.Shares);
        }

        return null;
    }

    /// <summary>The levels in force after the bars <paramref name="entry"/>..<paramref name="end"/> - 1, if none of them was touched.</summary>
    internal static ExitLevels LevelsAfter(BarSeries series, int entry, int end, int side, SettlementOptions options)
    {
        var levels = new ExitLevels(series[entry].Open, side, options);
        var held = new HeldShare(series, series[entry].Session);
        for (int i = entry; i < end; i++)
        {
            Bar bar = series[i];
            held.AdvanceTo(bar.Session);
            levels.Raise(bar.Open * held.Shares);
            levels.Raise(Best(bar, side) * held.Shares);
        }

        return levels;
    }

    private static decimal Best(Bar bar, int side) => side > 0 ? bar.High : bar.Low;

    private static (decimal Price, DateTimeOffset At, ExitReason Reason)? Fill(
        Bar bar,
        int side,
        decimal shares,
        ExitLevels levels
    )
    {
        (decimal? atEntry, ExitReason reason) = levels.NearestStop;
        decimal? stop = atEntry / shares;
        decimal? target = levels.Target / shares;
        decimal worst = side > 0 ? bar.Low : bar.High;
        if (stop is { } beyond && levels.IsBeyond(bar.Open, beyond))
        {
            return (bar.Open, bar.OpenTime, reason);
        }

        if (target is { } reached && levels.IsReached(bar.Open, reached))
        {
            return (bar.Open, bar.OpenTime, ExitReason.Target);
        }

        // The moment inside the bar is unknown: the close is when the fill is known for certain.
        if (stop is { } level && levels.IsBeyond(worst, level))
        {
            return (level, bar.CloseTime, reason);
        }

        return target is { } goal && levels.IsReached(Best(bar, side), goal) ? (goal, bar.CloseTime, ExitReason.Target) : null;
    }
}
