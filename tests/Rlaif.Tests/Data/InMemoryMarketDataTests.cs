using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class InMemoryMarketDataTests
{
    private static readonly DateOnly Monday = new(2024, 1, 8);

    [Fact]
    public void GetCalendar_OneSymbolTradesOnWeekends_MakesNoTradingDayOfTheOthers()
    {
        var market = new InMemoryMarketData(
            "test",
            [Series("AAPL", Weekdays(14)), Series("MSFT", Weekdays(14)), Series("BTC", [.. Enumerable.Range(0, 12)])]
        );
        Assert.Equal(Weekdays(14).Select(d => Monday.AddDays(d)), market.GetCalendar("AAPL").Sessions);
    }

    [Fact]
    public void GetCalendar_OneSymbolMissesADay_KeepsTheDay()
    {
        var market = new InMemoryMarketData(
            "test",
            [Series("AAPL", [0, 1, 2, 3]), Series("MSFT", [0, 1, 3]), Series("TSLA", [0, 1, 2, 3])]
        );
        Assert.Contains(Monday.AddDays(2), market.GetCalendar("MSFT").Sessions);
    }

    [Fact]
    public void GetCalendar_SymbolListedLater_DoesNotTakeEarlierDaysAway()
    {
        var market = new InMemoryMarketData(
            "test",
            [Series("AAPL", [0, 1, 2, 3]), Series("NEW1", [3]), Series("NEW2", [3]), Series("NEW3", [3])]
        );
        Assert.Equal(4, market.GetCalendar("AAPL").Sessions.Length);
    }

    private static int[] Weekdays(int days) => [.. Enumerable.Range(0, days).Where(d => d % 7 < 5)];

    private static BarSeries Series(string symbol, int[] days) =>
        new(
            symbol,
            days.Select(d =>
            {
                var open = new DateTimeOffset(Monday.AddDays(d).ToDateTime(new TimeOnly(14, 30)), TimeSpan.Zero);
                return new Bar(open, open.AddHours(6.5), 100, 101, 99, 100, 1000);
            })
        );
}
