using System.Collections.Immutable;

namespace Rlaif.Data;

/// <summary>The trading days of an exchange, in order. Sessions after the last one listed are unknown, not absent.</summary>
public sealed class SessionCalendar
{
    /// <summary>Creates a calendar from trading days in any order; duplicates count once.</summary>
    public SessionCalendar(IEnumerable<DateOnly> sessions)
    {
        Sessions = [.. sessions.Distinct().Order()];
    }

    /// <summary>The trading days, ascending.</summary>
    public ImmutableArray<DateOnly> Sessions { get; }

    /// <summary>Position of the first trading day at or after <paramref name="date"/>; the number of sessions when there is none.</summary>
    public int IndexAtOrAfter(DateOnly date)
    {
        int index = Sessions.BinarySearch(date);
        return index >= 0 ? index : ~index;
    }

    /// <summary>The trading day <paramref name="count"/> - 1 sessions after <paramref name="first"/> (1 is that day itself); null when unknown.</summary>
    public DateOnly? Nth(DateOnly first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int index = IndexAtOrAfter(first) + count - 1;
        return index < Sessions.Length ? Sessions[index] : null;
    }

    /// <summary>Number of trading days from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int CountBetween(DateOnly from, DateOnly to) => Math.Max(0, IndexAtOrAfter(to.AddDays(1)) - IndexAtOrAfter(from));
}
