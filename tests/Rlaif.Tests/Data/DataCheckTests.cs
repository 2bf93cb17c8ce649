using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class DataCheckTests
{
    private static readonly DateOnly First = new(2024, 1, 1);
    private static readonly SessionCalendar Calendar = new(Enumerable.Range(0, 30).Select(First.AddDays));

    private static Bar Day(int day, decimal close, decimal? open = null, decimal volume = 100)
    {
        (DateTimeOffset opens, DateTimeOffset closes) = Exchange
            .Of("A")
            .Session(First.AddDays(day).ToDateTime(TimeOnly.MinValue));
        decimal first = open ?? close;
        return new Bar(opens, closes, first, Math.Max(first, close), Math.Min(first, close), close, volume);
    }

    private static string[] Run(Bar[] bars, params CorporateAction[] actions) =>
        [.. DataCheck.Run("A", bars, actions, Calendar).Select(f => $"{f.Date.DayNumber - First.DayNumber} {f.Kind}")];

    [Fact]
    public void Run_CleanBars_FindsNothing() => Assert.Empty(Run([.. Enumerable.Range(0, 20).Select(i => Day(i, 10 + i))]));

    [Fact]
    public void Run_BrokenBars_FindsEachKindInOrder()
    {
        Bar bad = Day(1, 10) with { Low = -1, High = 9, Open = 0 };
        Assert.Equal(
            ["0 Duplicate", "1 NonPositivePrice", "1 NotIncreasing", "2 HighBelowLow"],
            Run([Day(0, 10), Day(0, 11), Day(2, 10) with { High = 8, Low = 9 }, bad]).Order()
        );
    }

    [Fact]
    public void Run_MissingSessions_AreOneGapPerRun()
    {
        IReadOnlyList<DataFinding> findings = DataCheck.Run("A", [Day(3, 10), Day(4, 11), Day(8, 12), Day(10, 13)], [], Calendar);
        Assert.Equal(
            [
                new DataFinding("A", First.AddDays(5), DataFindingKind.Gap, "3 sessions are missing, 2024-01-06 to 2024-01-08"),
                new DataFinding("A", First.AddDays(9), DataFindingKind.Gap, "1 session is missing, 2024-01-10 to 2024-01-10"),
            ],
            findings
        );
    }

    [Theory]
    [InlineData(100, 49, 50, true)] // a fall by half
    [InlineData(100, 54, 50, true)] // a 2:1 split on a good day
    [InlineData(100, 151, 120, true)]
    [InlineData(100, 66, 70, false)] // a bad day
    [InlineData(100, 149, 140, false)]
    public void Run_LargeMove_IsAJump(double before, double close, double open, bool found) =>
        Assert.Equal(found ? ["1 Jump"] : [], Run([Day(0, (decimal)before), Day(1, (decimal)close, (decimal)open)]));

    [Fact]
    public void Run_JumpWithItsSplit_IsNone()
    {
        Bar[] bars = [Day(0, 700), Day(1, 101, 100)];
        DataFinding finding = Assert.Single(DataCheck.Run("A", bars, [], Calendar));
        Assert.Contains("likely a 7:1 split", finding.Detail, StringComparison.Ordinal);
        Assert.Empty(Run(bars, new CorporateAction(First.AddDays(1), CorporateActionKind.Split, 7)));
        Assert.Contains(
            "likely a 1:10 split",
            DataCheck.Run("A", [Day(0, 1), Day(1, 10)], [], Calendar)[0].Detail,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(5, 100, 1)]
    [InlineData(4, 100, 0)]
    [InlineData(5, 0, 1)]
    public void Run_RepeatedClose_IsAStaleRunFromFiveBarsOn(int length, int volume, int expected)
    {
        Bar[] bars = [.. Enumerable.Range(0, length).Select(i => Day(i, 10, volume: volume)), Day(length, 11, volume: volume)];
        Assert.Equal(expected, Run(bars).Count(f => f == "0 StaleRun"));
    }

    [Fact]
    public void Run_NoVolumeForDays_IsStaleOnlyWhereVolumeIsKnown()
    {
        Bar[] quiet = [.. Enumerable.Range(0, 6).Select(i => Day(i, 10 + i, volume: 0))];
        Assert.Empty(Run(quiet));
        Assert.Equal(["0 StaleRun"], Run([.. quiet, Day(6, 20)]));
    }

    [Fact]
    public async Task RunAsync_Market_UsesTheSessionsOfTheOtherSymbols()
    {
        var market = new InMemoryMarketData(
            "test",
            [new BarSeries("B", [Day(0, 10), Day(2, 11)]), new BarSeries("A", [Day(0, 10), Day(1, 11), Day(2, 12)])]
        );
        DataFinding finding = Assert.Single(await DataCheck.RunAsync(market));
        Assert.Equal(("B", First.AddDays(1), DataFindingKind.Gap), (finding.Symbol, finding.Date, finding.Kind));
        Assert.Empty(await DataCheck.RunAsync(market, ["A"]));
    }
}
