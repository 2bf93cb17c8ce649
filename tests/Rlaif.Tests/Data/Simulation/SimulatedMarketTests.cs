using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.News;

namespace Rlaif.Tests.Data.Simulation;

public sealed class SimulatedMarketTests
{
    private const int Horizon = 5;

    private static readonly SimulationOptions Short = new() { Sessions = 500 };

    [Fact]
    public async Task Create_SameSeed_GivesTheSameMarket()
    {
        Assert.Equal(await FingerprintAsync(Short), await FingerprintAsync(Short));
        Assert.NotEqual(await FingerprintAsync(Short), await FingerprintAsync(Short with { Seed = 43 }));
    }

    [Fact]
    public async Task Create_OneMoreSymbol_LeavesTheOthersAsTheyWere()
    {
        SimulatedMarket five = SimulatedMarket.Create(Short);
        SimulatedMarket six = SimulatedMarket.Create(Short with { Symbols = [.. Short.Symbols, "AMZN"] });
        BarSeries before = await five.GetBarsAsync("TSLA", DateTimeOffset.MaxValue);
        BarSeries after = await six.GetBarsAsync("TSLA", DateTimeOffset.MaxValue);
        Assert.Equal(
            Enumerable.Range(0, before.Count).Select(i => before[i]),
            Enumerable.Range(0, after.Count).Select(i => after[i])
        );
    }

    [Fact]
    public async Task Create_Bars_AreWellFormedAndOnTradingDays()
    {
        SimulatedMarket market = SimulatedMarket.Create(Short);
        foreach (string symbol in market.Symbols.Append(SimulatedMarket.IndexSymbol))
        {
            BarSeries series = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            Assert.Equal(500, series.Count);
            for (int i = 0; i < series.Count; i++)
            {
                Bar bar = series[i];
                Assert.True(bar.Low > 0 && bar.Low <= Math.Min(bar.Open, bar.Close) && bar.High >= Math.Max(bar.Open, bar.Close));
                Assert.NotEqual(DayOfWeek.Saturday, bar.Session.DayOfWeek);
                Assert.NotEqual(DayOfWeek.Sunday, bar.Session.DayOfWeek);
            }
        }
    }

    [Fact]
    public void ExpectedReturn_NullMarket_IsZeroEverywhere()
    {
        SimulatedMarket market = SimulatedMarket.Create(Short.WithoutEdge());
        Assert.Equal("null", market.Source);
        Assert.All(
            SignalMoments(market),
            asOf => Assert.All(market.Symbols, s => Assert.Equal(0, market.ExpectedReturn(s, asOf, Horizon)))
        );
    }

    [Fact]
    public async Task ExpectedReturn_PlantedMarket_IsWhatReturnsAverageTo()
    {
        // Realized returns regressed on the truth: the slope of an unbiased expectation is one.
        double products = 0;
        double squares = 0;
        for (int seed = 1; seed <= 4; seed++)
        {
            SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Seed = seed });
            foreach (string symbol in market.Symbols)
            {
                BarSeries series = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
                foreach (DateTimeOffset asOf in SignalMoments(market))
                {
                    int entry = series.FirstOpenAtOrAfter(asOf);
                    if (entry + Horizon > series.Count)
                    {
                        continue;
                    }

                    double expected = market.ExpectedReturn(symbol, asOf, Horizon);
                    double realized = (double)(series[entry + Horizon - 1].Close / series[entry].Open) - 1;
                    products += expected * realized;
                    squares += expected * expected;
                }
            }
        }

        Assert.InRange(products / squares, 0.85, 1.15);
    }

    [Fact]
    public async Task Headlines_SentimentWords_TellNothingAboutTheTruth()
    {
        var sentiment = new List<double>();
        var truth = new List<double>();
        for (int seed = 1; seed <= 3; seed++)
        {
            SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Seed = seed });
            foreach (string symbol in market.Symbols)
            {
                foreach (DateTimeOffset asOf in SignalMoments(market))
                {
                    MarketSnapshot snapshot = await market.GetSnapshotAsync(symbol, asOf);
                    double[] scores =
                    [
                        .. snapshot
                            .News.Where(n => n.PublishedAt > asOf.AddDays(-7))
                            .Select(n => SentimentLexicon.Score(n.Headline)),
                    ];
                    sentiment.Add(scores.DefaultIfEmpty(0).Average());
                    truth.Add(market.ExpectedReturn(symbol, asOf, Horizon));
                }
            }
        }

        double correlation = MathNet.Numerics.Statistics.Correlation.Pearson(sentiment, truth);
        Assert.InRange(correlation, -0.06, 0.06);
    }

    [Fact]
    public async Task News_OfAWeek_AreKnownAtTheSignal()
    {
        SimulatedMarket market = SimulatedMarket.Create(Short);
        int withNews = 0;
        foreach (DateTimeOffset asOf in SignalMoments(market))
        {
            MarketSnapshot snapshot = await market.GetSnapshotAsync("AAPL", asOf);
            withNews += snapshot.News.Any(n => n.PublishedAt > asOf.AddDays(-9)) ? 1 : 0;
            Assert.All(snapshot.News, n => Assert.True(n.PublishedAt <= asOf));
        }

        Assert.Equal(SignalMoments(market).Count, withNews);
    }

    private static IReadOnlyList<DateTimeOffset> SignalMoments(SimulatedMarket market)
    {
        SessionCalendar calendar = market.GetCalendar(market.Symbols[0]);
        return
        [
            .. Enumerable
                .Range(0, calendar.Sessions.Length)
                .Where(i => SimulatedMarket.IsSignalSession(i, Horizon))
                .Select(i => NyseCalendar.Hours(calendar.Sessions[i]).Close),
        ];
    }

    private static Task<string> FingerprintAsync(SimulationOptions options)
    {
        SimulatedMarket market = SimulatedMarket.Create(options);
        return MarketFingerprint.ComputeAsync(market, market.Symbols, DateTimeOffset.MaxValue);
    }
}
