using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Tests.Outcomes;

namespace Rlaif.Tests.Scenarios;

/// <summary>
/// A thousand decisions are tracked while a clock moves from close to close, by processes that come and go, and settled at once when everything is known: the
/// outcomes are the same, to the last bit. The clock of the live run sees no bar before it closes.
/// </summary>
public sealed class LiveSettlementTests
{
    private const int Decisions = 1_000;
    private const string Daily = "bars_us_daily/bars_us_daily_2021_2025.csv.gz";
    private const string Hourly = "ai_trader/bars_hourly_nasdaq100_2025-10_2025-11.csv.gz";

    /// <summary>Terms that decisions take in turn: by time alone, and with each kind of level.</summary>
    private static readonly SettlementOptions[] Terms =
    [
        new() { HoldDays = 5, MinReturnsForRatios = 3 },
        new()
        {
            HoldDays = 8,
            TargetReturn = 0.03,
            StopReturn = 0.02,
            MinReturnsForRatios = 2,
        },
        new() { HoldDays = 3, TrailReturn = 0.015 },
        new()
        {
            HoldDays = 12,
            TargetReturn = 0.05,
            StopReturn = 0.03,
            TrailReturn = 0.025,
            MinReturnsForRatios = 4,
        },
        new() { HoldDays = 1, StopReturn = 0.01 },
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task SimulatedDays_TrackedLive_EqualTheBatch(int closesPerLook)
    {
        SimulatedMarket market = SimulatedMarket.Create(
            new SimulationOptions { Sessions = 480, Symbols = ["AAPL", "MSFT", "GOOGL", "TSLA", "NVDA"] }
        );
        await CompareAsync(market, skip: 260, closesPerLook);
    }

    [Fact]
    public async Task RealDays_TrackedLive_EqualTheBatch()
    {
        IMarketData all = await CsvMarketData.LoadAsync(SharedData.Require(Daily));
        // The latest sessions of those that trade until the end, so that every decision is settled.
        string[] symbols = ["AAPL", "AMZN", "BAC", "GOOGL", "HD", "JPM", "KO", "META", "MSFT", "NVDA", "TSLA", "XOM"];
        var series = new List<BarSeries>();
        foreach (string symbol in symbols)
        {
            BarSeries bars = await all.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            series.Add(new BarSeries(symbol, Enumerable.Range(bars.Count - 130, 130).Select(i => bars[i]), bars.Actions));
        }

        await CompareAsync(new InMemoryMarketData("real", series), skip: 20, closesPerLook: 1);
    }

    /// <summary>Six bars a day from October to November 2025: the clocks change on the way.</summary>
    [Fact]
    public async Task RealHours_TrackedLive_EqualTheBatch()
    {
        string[] symbols = ["AAPL", "AMD", "AMZN", "GOOGL", "META", "MSFT", "NFLX", "NVDA", "ORLY", "TSLA"];
        ILookup<string, Bar> bars = ReadHours(SharedData.Require(Hourly)).ToLookup(b => b.Symbol, b => b.Bar);
        var market = new InMemoryMarketData("hours", symbols.Select(s => new BarSeries(s, bars[s])));
        await CompareAsync(market, skip: 0, closesPerLook: 1);
    }

    private static async Task CompareAsync(IMarketData market, int skip, int closesPerLook)
    {
        DateTimeOffset[] closes = await ClosesAsync(market);
        Proposal[] proposals =
        [
            .. closes.Skip(skip).SelectMany(c => market.Symbols.Select(s => Given.Proposal(c, s))).Take(Decisions),
        ];
        Assert.Equal(Decisions, proposals.Length);
        IReadOnlyList<Outcome> live = await TrackAsync(market, proposals, closes[skip..], closesPerLook);
        Dictionary<string, Outcome> batch = await SettleAsync(market, proposals, closes[^1].AddDays(1));

        Assert.Equal(3 * Decisions, batch.Count);
        Assert.Equal(batch.Count, live.Count);
        Assert.All(live, o => Assert.Equal(Json(batch[o.OutcomeId]), Json(o)));
        Outcome[] traded = [.. live.Where(o => o.Provenance == OutcomeProvenance.Traded)];
        Assert.Equal(Decisions, traded.Length);
        // Equal nothings would prove nothing.
        foreach (TradeAction action in (TradeAction[])[TradeAction.Buy, TradeAction.Sell])
        {
            Assert.All(
                [ExitReason.TimeLimit, ExitReason.Target, ExitReason.Stop, ExitReason.TrailingStop],
                reason => Assert.True(traded.Count(o => o.Action == action && o.ExitReason == reason) >= 5, $"{action} {reason}")
            );
        }

        Assert.True(traded.Count(o => o.Sharpe is not null) >= 100);
    }

    private static async Task<IReadOnlyList<Outcome>> TrackAsync(
        IMarketData market,
        Proposal[] proposals,
        DateTimeOffset[] closes,
        int closesPerLook
    )
    {
        const int LooksPerProcess = 5;
        string path = Path.Combine(Path.GetTempPath(), $"rlaif-live-{Guid.NewGuid():N}.db");
        Ledger ledger = await Ledger.OpenAsync(path);
        try
        {
            int next = 0;
            int closed = 0;
            DateTimeOffset[] looks =
            [
                .. closes.Where((_, i) => i % closesPerLook == 0),
                // Past midnight, when the last day is over for certain.
                closes[^1].AddDays(1),
            ];
            for (int look = 0; look < looks.Length; look++)
            {
                if (look % LooksPerProcess == 0)
                {
                    await ledger.DisposeAsync();
                    ledger = await Ledger.OpenAsync(path);
                }

                DateTimeOffset now = looks[look];
                OutcomeTracker[] trackers =
                [
                    .. Terms.Select(t => new OutcomeTracker(market, ledger, new FakeTimeProvider(now), t)),
                ];
                for (; next < proposals.Length && proposals[next].Context.AsOf <= now; next++)
                {
                    TradingDecision decision = await Given.RecordAsync(ledger, proposals[next], AcceptedOf(next));
                    Assert.NotNull(await trackers[next % Terms.Length].TrackDecisionAsync(decision));
                }

                IReadOnlyList<Position> ended = await trackers[look % Terms.Length].UpdatePositionsAsync();
                Assert.All(ended, p => Assert.True(p.ExitAt <= now));
                closed += ended.Count;
            }

            Assert.Equal(Decisions, closed);
            Assert.Equal(Decisions, await ledger.CountAsync<PositionClosed>());
            return await ledger.ReadAsync<Outcome>();
        }
        finally
        {
            await ledger.DisposeAsync();
            File.Delete(path);
        }
    }

    private static async Task<Dictionary<string, Outcome>> SettleAsync(
        IMarketData market,
        Proposal[] proposals,
        DateTimeOffset now
    )
    {
        var outcomes = new Dictionary<string, Outcome>();
        for (int kind = 0; kind < Terms.Length; kind++)
        {
            int[] own = [.. Enumerable.Range(0, proposals.Length).Where(i => i % Terms.Length == kind)];
            SettledBatch batch = await new OutcomeSettler(market, Terms[kind]).SettleAsync(
                [.. own.Select(i => proposals[i])],
                [.. own.Select(i => TradingDecision.Accept(proposals[i].Candidates[AcceptedOf(i)], "first"))],
                now
            );
            foreach (SettledCandidate settled in batch.Settled)
            {
                outcomes.Add(settled.Outcome.OutcomeId, settled.Outcome);
            }
        }

        return outcomes;
    }

    // Buys and sells in turn, whatever the terms.
    private static int AcceptedOf(int number) => number / Terms.Length % 2;

    private static async Task<DateTimeOffset[]> ClosesAsync(IMarketData market)
    {
        var closes = new SortedSet<DateTimeOffset>();
        foreach (string symbol in market.Symbols)
        {
            BarSeries bars = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            closes.UnionWith(Enumerable.Range(0, bars.Count).Select(i => bars[i].CloseTime));
        }

        return [.. closes];
    }

    // symbol, start in New York, open, high, low, close: hours from 10:00 on, the first half hour of trading is missing.
    private static IEnumerable<(string Symbol, Bar Bar)> ReadHours(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] f = line.Split(',');
            var start = DateTime.ParseExact(f[1], "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            DateTimeOffset nineThirty = NyseCalendar.Hours(DateOnly.FromDateTime(start)).Open;
            DateTimeOffset open = nineThirty + (start.TimeOfDay - new TimeSpan(9, 30, 0));
            decimal[] p = [.. f[2..6].Select(x => decimal.Parse(x, CultureInfo.InvariantCulture))];
            yield return (f[0], new Bar(open, open.AddHours(1), p[0], p[1], p[2], p[3], 1_000_000));
        }
    }

    private static string Json(Outcome outcome) => JsonSerializer.Serialize(outcome, RlaifJson.Compact);
}
