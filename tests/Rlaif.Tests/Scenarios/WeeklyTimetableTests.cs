using Rlaif.Examples;

namespace Rlaif.Tests.Scenarios;

/// <summary>The times of <c>examples/04-production-loop</c>.</summary>
public sealed class WeeklyTimetableTests
{
    [Theory]
    [InlineData("2016-11-23T20:59:00Z", "2016-11-23T21:00:00Z")] // Wednesday, winter time
    [InlineData("2016-11-23T21:00:00Z", "2016-11-25T18:00:00Z")] // Thanksgiving is no session, the day after is a short one
    [InlineData("2016-11-25T18:00:00Z", "2016-11-28T21:00:00Z")]
    [InlineData("2016-07-01T20:00:00Z", "2016-07-05T20:00:00Z")] // summer time, and Monday is a holiday
    public void Next_OfTheClosingJobs_IsTheNextCloseInNewYork(string after, string expected)
    {
        Timetable times = WeeklyTimetable.Create();
        ProductionJob[] closing = [ProductionJob.Settlement, ProductionJob.Decisions, ProductionJob.Reconciliation];
        Assert.All(closing, j => Assert.Equal(At(expected), times.Next(j, At(after))));
    }

    [Theory]
    [InlineData("2016-07-03T12:00:00Z", "2016-07-04T02:00:00Z")] // holidays, too: nothing is traded then
    [InlineData("2016-07-04T01:59:59Z", "2016-07-04T02:00:00Z")]
    [InlineData("2016-07-04T02:00:00Z", "2016-07-11T02:00:00Z")]
    public void Next_OfLearning_IsTheNextMondayAtTwo(string after, string expected) =>
        Assert.Equal(At(expected), WeeklyTimetable.Create().Next(ProductionJob.Learning, At(after)));

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
