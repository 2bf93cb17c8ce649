using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli;

public sealed class ScheduleFileTests
{
    [Fact]
    public void Default_HasEveryJobAtItsTimes()
    {
        Timetable times = ScheduleFile.Parse(ScheduleFile.Default, "default").ToTimetable();
        Assert.Equal(Enum.GetValues<ProductionJob>(), times.Jobs);
        // A Friday in winter, 12:00 in New York.
        var noon = new DateTimeOffset(2024, 1, 5, 17, 0, 0, TimeSpan.Zero);
        Assert.Equal(noon.AddMinutes(1), times.Next(ProductionJob.Prices, noon));
        Assert.Equal(noon.AddMinutes(5), times.Next(ProductionJob.Settlement, noon));
        Assert.Equal(noon.AddHours(4.5), times.Next(ProductionJob.Decisions, noon));
        Assert.Equal(noon.AddHours(6), times.Next(ProductionJob.Monitoring, noon));
        // Monday, 02:00.
        Assert.Equal(new DateTimeOffset(2024, 1, 8, 7, 0, 0, TimeSpan.Zero), times.Next(ProductionJob.Learning, noon));
    }

    [Theory]
    // The last day of winter time and the first of summer time, and back.
    [InlineData("2024-03-08T22:00Z", "2024-03-11T20:30Z")]
    [InlineData("2024-03-07T22:00Z", "2024-03-08T21:30Z")]
    [InlineData("2024-11-01T21:00Z", "2024-11-04T21:30Z")]
    [InlineData("2024-10-31T21:00Z", "2024-11-01T20:30Z")]
    public void Decisions_AreTakenAtTheSameTimeInNewYorkAllYear(string after, string expected)
    {
        Timetable times = ScheduleFile.Parse(ScheduleFile.Default, "default").ToTimetable();
        Assert.Equal(At(expected), times.Next(ProductionJob.Decisions, At(after)));
    }

    [Fact]
    public void List_IsDueAtEachOfItsTimes_AndAJobThatIsNotThereNever()
    {
        Timetable times = ScheduleFile
            .Parse("""{"decisions":["0 0 10 ? * MON-FRI","0 30 15 ? * MON-FRI"]}""", "file")
            .ToTimetable();
        DateTimeOffset first = times.Next(ProductionJob.Decisions, At("2024-07-01T00:00Z"))!.Value;
        Assert.Equal(At("2024-07-01T14:00Z"), first);
        Assert.Equal(At("2024-07-01T19:30Z"), times.Next(ProductionJob.Decisions, first));
        Assert.Null(times.Next(ProductionJob.Learning, first));
    }

    [Theory]
    [InlineData("""{"decide":"0 0 10 ? * MON-FRI"}""", "there is no job 'decide'")]
    [InlineData("""{"decisions":"daily"}""", "must be a cron expression")]
    [InlineData("""{"decisions":15}""", "must be a cron expression")]
    [InlineData("[]", "a schedule is an object of jobs: prices, settlement, decisions")]
    public void Parse_WhatIsNoSchedule_SaysWhatIsAllowed(string text, string expected)
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => ScheduleFile.Parse(text, "schedule.json"));
        Assert.StartsWith("schedule.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WritesTheDefaultOnceAndReadsWhatTheUserMadeOfIt()
    {
        using var folder = new TempFolder();
        string path = folder.PathOf("schedule.json");
        Assert.Equal(6, ScheduleFile.Load(path, create: true).Times.Count);
        File.WriteAllText(path, """{"settlement":"0 0 18 ? * MON-FRI"}""");
        Assert.Equal([ProductionJob.Settlement], ScheduleFile.Load(path, create: true).Times.Keys);
        RlaifInputException missing = Assert.Throws<RlaifInputException>(() =>
            ScheduleFile.Load(folder.PathOf("other.json"), create: false)
        );
        Assert.Contains("other.json", missing.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
