using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class ExchangeTests
{
    [Theory]
    [InlineData("America/New_York", "AAPL", 1967)]
    [InlineData("Asia/Shanghai", "600028.SH", 1992)]
    public void Session_EveryDayToTwentyForty_AgreesWithTheMachinesZone(string zoneName, string symbol, int firstYear)
    {
        bool known = TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out TimeZoneInfo? zone);
        Assert.SkipUnless(known, $"This machine has no zone data for {zoneName}.");
        var exchange = Exchange.Of(symbol);
        for (var day = new DateTime(firstYear, 1, 1); day.Year < 2040; day = day.AddDays(1))
        {
            (DateTimeOffset open, DateTimeOffset close) = exchange.Session(day);
            DateTime opens = day.AddHours(9.5);
            Assert.Equal(opens - zone!.GetUtcOffset(opens), open.UtcDateTime);
            Assert.Equal(TimeSpan.Zero, open.Offset);
            Assert.Equal(exchange.Closes - exchange.Opens, close - open);
        }
    }

    [Theory]
    [InlineData("AAPL", "", true)]
    [InlineData("BRK.B", "", true)]
    [InlineData(".SPX", "", true)]
    [InlineData("600028.SH", "SH", true)]
    [InlineData("0700.HK", "HK", false)]
    public void CodeOf_Suffix_NamesTheExchange(string symbol, string code, bool known)
    {
        Assert.Equal(code, Exchange.CodeOf(symbol));
        Assert.Equal(known, Exchange.IsKnown(symbol));
    }
}
