using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class SampleMarketTests
{
    [Fact]
    public async Task Load_Sample_IsAppleWithTheIndexFromAMonthEarlier()
    {
        IMarketData market = SampleMarket.Load();
        Assert.Equal([SampleMarket.Symbol], market.Symbols);
        Assert.Equal(SampleMarket.Benchmark, market.Benchmark);
        BarSeries apple = await market.GetBarsAsync("AAPL", DateTimeOffset.MaxValue);
        BarSeries index = await market.GetBarsAsync("SP500", DateTimeOffset.MaxValue);
        Assert.Equal((1260, 1281), (apple.Count, index.Count));
        Assert.Equal((new DateOnly(2013, 5, 13), new DateOnly(2018, 5, 11)), (apple[0].Session, apple[^1].Session));
        Assert.Equal((new DateOnly(2013, 4, 12), new DateOnly(2018, 5, 11)), (index[0].Session, index[^1].Session));
        Assert.Equal(
            (64.501427m, 65.414284m, 64.5m, 64.96286m, 79237200m),
            (apple[0].Open, apple[0].High, apple[0].Low, apple[0].Close, apple[0].Volume)
        );
        Assert.Equal(2727.719971m, index[^1].Close);
    }

    [Fact]
    public async Task Load_Sample_PassesTheDataCheck() => Assert.Empty(await DataCheck.RunAsync(SampleMarket.Load()));
}
