namespace Rlaif.Core;

/// <summary>A range of session dates, both ends included.</summary>
public readonly record struct DateRange(DateOnly From, DateOnly To)
{
    /// <summary>Everything.</summary>
    public static DateRange All { get; } = new(DateOnly.MinValue, DateOnly.MaxValue);

    /// <summary>From 1 January of <paramref name="first"/> to 31 December of <paramref name="last"/>.</summary>
    public static DateRange Years(int first, int last) => new(new DateOnly(first, 1, 1), new DateOnly(last, 12, 31));

    /// <summary>The last moment of the last day, UTC.</summary>
    public DateTimeOffset EndOfLastDay => new(To.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero);

    /// <summary>Whether the date lies in the range.</summary>
    public bool Contains(DateOnly date) => date >= From && date <= To;
}
