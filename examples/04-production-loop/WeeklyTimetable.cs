using Rlaif.Core;
using Rlaif.Data;

namespace Rlaif.Examples;

/// <summary>Settle, decide and reconcile at the close of each New York session; learn on Mondays at 02:00 UTC.</summary>
/// <remarks>`rlaif run` reads such times from a file of cron expressions; a program may as well compute them.</remarks>
internal static class WeeklyTimetable
{
    private static readonly TimeSpan LearningHour = TimeSpan.FromHours(2);

    public static Timetable Create() =>
        new(
            new Dictionary<ProductionJob, Func<DateTimeOffset, DateTimeOffset?>>
            {
                [ProductionJob.Settlement] = NextClose,
                [ProductionJob.Decisions] = NextClose,
                [ProductionJob.Reconciliation] = NextClose,
                [ProductionJob.Learning] = NextMonday,
            }
        );

    private static DateTimeOffset? NextClose(DateTimeOffset after)
    {
        for (var day = DateOnly.FromDateTime(after.UtcDateTime); day.Year <= NyseCalendar.LastYear; day = day.AddDays(1))
        {
            if (NyseCalendar.IsSession(day) && NyseCalendar.Hours(day).Close > after)
            {
                return NyseCalendar.Hours(day).Close;
            }
        }

        return null;
    }

    private static DateTimeOffset? NextMonday(DateTimeOffset after)
    {
        var moment = new DateTimeOffset(after.UtcDateTime.Date, TimeSpan.Zero) + LearningHour;
        while (moment.DayOfWeek != DayOfWeek.Monday || moment <= after)
        {
            moment = moment.AddDays(1);
        }

        return moment;
    }
}
