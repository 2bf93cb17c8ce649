using Rlaif.Cli;
using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Tests.Rewards;

namespace Rlaif.Tests.Cli;

public sealed class DecisionCalendarTests
{
    private static readonly SessionCalendar Calendar = NyseCalendar.Sessions(
        new DateOnly(2019, 1, 1),
        new DateOnly(2019, 12, 31)
    );

    private static SettledCandidate[] Every(int sessions, int dates)
    {
        SettledCandidate some = SharedModel.Later.Candidates[0];
        return [.. Enumerable.Range(0, dates).Select(d => At(some, Calendar.Sessions[3 + (d * sessions)]))];
    }

    private static SettledCandidate At(SettledCandidate some, DateOnly date) =>
        some with
        {
            Context = some.Context with { AsOf = new DateTimeOffset(date, new TimeOnly(21, 0), TimeSpan.Zero) },
        };

    [Theory]
    [InlineData(1, 30, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(5, 2, 5)]
    [InlineData(5, 40, 5)]
    [InlineData(21, 9, 21)]
    [InlineData(5, 1, 1)]
    public void SessionsBetween_DecisionsEveryFewSessions_IsThatMany(int every, int dates, int expected) =>
        Assert.Equal(expected, DecisionCalendar.SessionsBetween(Every(every, dates), Calendar));

    [Fact]
    public void SessionsBetween_UnevenSteps_IsTheirRoundedMean()
    {
        SettledCandidate[] daily = Every(1, 12);
        // Steps of 1, 3 and 7 sessions.
        Assert.Equal(4, DecisionCalendar.SessionsBetween([daily[0], daily[1], daily[4], daily[11]], Calendar));
    }
}
