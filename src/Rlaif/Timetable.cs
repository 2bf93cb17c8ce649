namespace Rlaif;

/// <summary>When the jobs of a production loop are due.</summary>
/// <param name="next">For each job, its first time after a moment, UTC; null when there is none. A job that is not in it is never due.</param>
public sealed class Timetable(IReadOnlyDictionary<ProductionJob, Func<DateTimeOffset, DateTimeOffset?>> next)
{
    /// <summary>The jobs that are ever due, in the order in which they are done.</summary>
    public IEnumerable<ProductionJob> Jobs => next.Keys.Order();

    /// <summary>The first time of a job after a moment, UTC; null when there is none.</summary>
    public DateTimeOffset? Next(ProductionJob job, DateTimeOffset after) =>
        next.TryGetValue(job, out Func<DateTimeOffset, DateTimeOffset?>? of) ? of(after) : null;

    /// <summary>Settles and decides at each of these moments: the closes of the sessions.</summary>
    /// <param name="closes">In any order.</param>
    public static Timetable At(IEnumerable<DateTimeOffset> closes)
    {
        DateTimeOffset[] moments = [.. closes.Distinct().Order()];
        return new Timetable(
            new Dictionary<ProductionJob, Func<DateTimeOffset, DateTimeOffset?>>
            {
                [ProductionJob.Settlement] = NextOf,
                [ProductionJob.Decisions] = NextOf,
            }
        );

        DateTimeOffset? NextOf(DateTimeOffset after)
        {
            int index = Array.BinarySearch(moments, after);
            index = index < 0 ? ~index : index + 1;
            return index < moments.Length ? moments[index] : null;
        }
    }
}
