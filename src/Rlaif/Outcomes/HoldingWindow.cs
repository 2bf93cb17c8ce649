using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>The bars between the decision and the end of its holding period, as far as they are known at the clock.</summary>
/// <param name="Entry">Position of the bar whose open fills the decision; -1 when there is none (see <paramref name="Problem"/>).</param>
/// <param name="End">Position after the last known bar of the holding period.</param>
/// <param name="Due">Trading day whose close ends the holding period; null when there is no entry or the calendar does not reach it.</param>
/// <param name="Problem">Why the window is not complete (no entry, or no exit yet); null when its last bar is the exit bar.</param>
internal readonly record struct HoldingWindow(int Entry, int End, DateOnly? Due, SettlementResult? Problem)
{
    internal bool HasEntry => Entry >= 0;

    /// <summary>Whether the decision cannot be filled any more.</summary>
    internal bool IsVoid => !HasEntry && Problem!.Status == SettlementStatus.Failed;

    internal static HoldingWindow Find(MarketPath path, DateTimeOffset asOf, int holdDays, DateTimeOffset now)
    {
        BarSeries bars = path.Bars;
        int known = bars.CountKnownAt(now);
        int entry = bars.FirstOpenAtOrAfter(asOf);
        if (entry >= known)
        {
            return new HoldingWindow(-1, known, null, SettlementResult.Pending(SettlementReasons.WaitingForEntry));
        }

        DateOnly session = bars[entry].Session;
        if (session > NextSession(path, asOf, entry))
        {
            return new HoldingWindow(-1, known, null, SettlementResult.Failed(SettlementReasons.NoEntryBar));
        }

        if (bars[entry].Open <= 0)
        {
            return new HoldingWindow(-1, known, null, SettlementResult.Failed(SettlementReasons.NonPositivePrice));
        }

        DateOnly? due = path.Calendar.Nth(session, holdDays);
        int afterDue = FirstAfter(bars, due ?? LastSession(path.Calendar, session));
        int end = Math.Max(Math.Min(afterDue, known), entry + 1);
        return new HoldingWindow(entry, end, due, ExitProblem(bars, end, due, afterDue < known, now));
    }

    /// <summary>Position of the first bar of a session after <paramref name="session"/>.</summary>
    internal static int FirstAfter(BarSeries bars, DateOnly session) => bars.FirstOpenAtOrAfter(Midnight(session.AddDays(1)));

    internal static DateTimeOffset Midnight(DateOnly date) => new(date, TimeOnly.MinValue, TimeSpan.Zero);

    private static SettlementResult? ExitProblem(BarSeries bars, int end, DateOnly? due, bool tradedLater, DateTimeOffset now)
    {
        bool hasExitBar = bars[end - 1].Session == due;
        if (tradedLater && due is not null)
        {
            return hasExitBar ? null : SettlementResult.Failed(SettlementReasons.MissingExitBar);
        }

        return hasExitBar && IsLastOfSession(bars, end, now) ? null : SettlementResult.Pending(SettlementReasons.WaitingForExit);
    }

    // No later session is known yet: more bars of this one may be to come, unless its day is over or bars are whole sessions.
    private static bool IsLastOfSession(BarSeries bars, int end, DateTimeOffset now)
    {
        DateOnly session = bars[end - 1].Session;
        if (end < bars.Count && bars[end].Session == session)
        {
            return false;
        }

        if (DateOnly.FromDateTime(now.UtcDateTime) > session)
        {
            return true;
        }

        // On the first day of a series nothing else tells that more bars of it are to come.
        if (bars[end - 1].IsPartOfASession)
        {
            return false;
        }

        for (int i = end - 1; i > 0; i--)
        {
            if (bars[i].Session == bars[i - 1].Session)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first session in which the decision could be filled; the last day there is when the calendar does not say.</summary>
    private static DateOnly NextSession(MarketPath path, DateTimeOffset asOf, int entry)
    {
        SessionCalendar calendar = path.Calendar;
        DateOnly date = DateOnly.FromDateTime(asOf.UtcDateTime);
        int index = calendar.IndexAtOrAfter(date);
        if (index < calendar.Sessions.Length && calendar.Sessions[index] == date && IsOver(path.Bars, asOf, entry))
        {
            index++;
        }

        return index < calendar.Sessions.Length ? calendar.Sessions[index] : DateOnly.MaxValue;
    }

    // Whether the session of the decision's own date can no longer fill it. The calendar knows days, not hours: when the symbol did not
    // trade at all on that day, the hour at which it last opened before (or first opens after) tells.
    private static bool IsOver(BarSeries bars, DateTimeOffset asOf, int entry)
    {
        DateOnly date = DateOnly.FromDateTime(asOf.UtcDateTime);
        if (bars[entry].Session == date)
        {
            return false;
        }

        Bar nearest = bars[Math.Max(entry - 1, 0)];
        return nearest.Session == date || nearest.OpenTime.UtcDateTime.TimeOfDay < asOf.UtcDateTime.TimeOfDay;
    }

    private static DateOnly LastSession(SessionCalendar calendar, DateOnly session) =>
        calendar.Sessions.Length == 0 || calendar.Sessions[^1] < session ? session : calendar.Sessions[^1];
}
