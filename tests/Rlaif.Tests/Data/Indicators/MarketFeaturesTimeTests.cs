using CsCheck;
using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Tests.Data.Indicators;

/// <summary>Features see nothing after their moment and no unit of price.</summary>
public sealed class MarketFeaturesTimeTests
{
    private const long Iterations = 100;

    [Fact]
    public void Compute_RealBarsPerturbedAfterTheMoment_ChangesNothing()
    {
        ReferenceTable table = ReferenceTable.Read("bars_us_daily/bars_us_daily_2021_2025.csv.gz");
        BarSeries[] symbols =
        [
            .. ((string[])["AAPL", "NVDA", "TSLA", "KO"]).Select(s => TestBars.Read(table.Where("symbol", s), symbol: s)),
        ];
        BarSeries index = TestBars.Read(ReferenceTable.Read("bars_us_daily/index_gspc_daily_2021_2026.csv.gz"), symbol: "GSPC");

        Gen.Select(Gen.Int[0, symbols.Length - 1], Gen.Int[0, 1100], Gen.Int[-3, 20], Gen.Decimal[0.2m, 5m])
            .Sample(
                (symbol, bar, hours, factor) => AssertSeesNoFuture(symbols[symbol], index, bar, hours, factor),
                iter: Iterations
            );
    }

    [Fact]
    public void Compute_SyntheticBarsPerturbedAfterTheMoment_ChangesNothing() =>
        Gen.Select(TestBars.Paths(30, 120), TestBars.Paths(120, 120), Gen.Int[0, 29], Gen.Int[-3, 20], Gen.Decimal[0.2m, 5m])
            .Sample(
                (series, index, bar, hours, factor) => AssertSeesNoFuture(series, index, bar, hours, factor),
                iter: Iterations
            );

    [Fact]
    public void Compute_SplitAdjustedOrRawWithAction_IsTheSame()
    {
        // The 7:1 split of 2014-06-09, and the same bars adjusted for it.
        ReferenceTable table = ReferenceTable.Read("bars_lean_raw/bars_daily_raw.csv.gz").Where("symbol", "AAPL");
        var ex = new DateOnly(2014, 6, 9);
        Bar[] raw = [.. TestBars.Bars(TestBars.Read(table)).Where(b => b.Session.Year is 2013 or 2014)];
        var withAction = new BarSeries("AAPL", raw, [new CorporateAction(ex, CorporateActionKind.Split, 7)]);
        var adjusted = new BarSeries("AAPL", raw.Select(b => b.Session < ex ? TestBars.Scaled(b, 1 / 7m, 7) : b));

        for (int i = 0; i < raw.Length; i++)
        {
            var left = MarketSnapshot.Create(withAction, raw[i].CloseTime);
            var right = MarketSnapshot.Create(adjusted, raw[i].CloseTime);
            AssertSame(MarketFeatures.Compute(left), MarketFeatures.Compute(right), 1e-9);
        }
    }

    [Fact]
    public void Compute_SyntheticSplit_IsTheSame() =>
        Gen.Select(TestBars.Paths(70, 120), Gen.Int[1, 69], Gen.Int[2, 9])
            .Sample(
                (adjusted, index, ratio) =>
                    AssertSame(
                        MarketFeatures.Compute(MarketFeaturesTests.Snapshot(adjusted)),
                        MarketFeatures.Compute(MarketFeaturesTests.Snapshot(TestBars.Split(adjusted, index, ratio))),
                        1e-7
                    ),
                iter: Iterations
            );

    [Fact]
    public void Compute_OtherUnitsOfPriceAndVolume_IsTheSame() =>
        Gen.Select(TestBars.Paths(70, 120), Gen.Decimal[0.03m, 40m], Gen.Int[2, 50])
            .Sample(
                (series, price, volume) =>
                    AssertSame(
                        MarketFeatures.Compute(MarketFeaturesTests.Snapshot(series)),
                        MarketFeatures.Compute(MarketFeaturesTests.Snapshot(TestBars.Scaled(series, price, volume))),
                        1e-7
                    ),
                iter: Iterations
            );

    [Fact]
    public void Compute_ManyThreads_AgreesWithOne()
    {
        BarSeries series = TestBars.Read(ReferenceTable.Read("oracle_indicators_skender/quotes_default.csv"));
        MarketSnapshot[] snapshots =
        [
            .. Enumerable.Range(0, 200).Select(i => MarketSnapshot.Create(series, series[300 + i].CloseTime, series)),
        ];

        double?[][] expected = [.. snapshots.Select(s => MarketFeatures.Compute(s).Values.ToArray())];

        Assert.Equal(expected, snapshots.AsParallel().AsOrdered().Select(s => MarketFeatures.Compute(s).Values.ToArray()));
    }

    // Everything that becomes known after the moment is changed: bars, the index, a split, news and filings.
    private static void AssertSeesNoFuture(BarSeries series, BarSeries index, int bar, int hours, decimal factor)
    {
        bar = Math.Min(bar, series.Count - 1);
        DateTimeOffset asOf = series[bar].CloseTime.AddHours(hours);
        DateTimeOffset[] moments = [.. Enumerable.Range(-40, 80).Select(d => asOf.AddDays(d).AddMinutes(7))];
        NewsItem[] news = [.. moments.Select((m, i) => new NewsItem("A", m, i % 3 == 0 ? "bankruptcy" : "superb profit", "x"))];
        FundamentalReport[] filings =
        [
            .. Enumerable.Range(-5, 8).Select(i => Filing(DateOnly.FromDateTime(asOf.UtcDateTime), i)),
        ];
        var split = new CorporateAction(DateOnly.FromDateTime(asOf.UtcDateTime).AddDays(2), CorporateActionKind.Split, 3);

        var seen = MarketSnapshot.Create(series, asOf, index, news, filings);
        var perturbed = MarketSnapshot.Create(
            Perturbed(series, asOf, factor, split),
            asOf,
            Perturbed(index, asOf, factor, split),
            news.Select(n => n.PublishedAt > asOf ? n with { Headline = "crashing" } : n),
            filings.Select(f => f.FiledAt > asOf ? f with { EarningsPerShare = 99, Revenue = 1, Equity = 1 } : f)
        );

        AssertSame(MarketFeatures.Compute(seen), MarketFeatures.Compute(perturbed), 0);
    }

    private static BarSeries Perturbed(BarSeries series, DateTimeOffset asOf, decimal factor, CorporateAction split) =>
        new(series.Symbol, TestBars.Bars(series).Select(b => b.CloseTime > asOf ? TestBars.Scaled(b, factor, 2) : b), [split]);

    private static FundamentalReport Filing(DateOnly day, int quarters) =>
        new()
        {
            Symbol = "A",
            PeriodEnd = day.AddMonths(3 * quarters),
            FiledAt = new DateTimeOffset(day.AddMonths(3 * quarters).AddDays(35), new TimeOnly(21, 5), TimeSpan.Zero),
            Revenue = 100 + quarters,
            NetIncome = 10 + quarters,
            EarningsPerShare = 1,
            Equity = 50,
            Liabilities = 70,
        };

    private static void AssertSame(
        IReadOnlyDictionary<string, double?> expected,
        IReadOnlyDictionary<string, double?> actual,
        double tolerance
    )
    {
        foreach ((string name, double? value) in expected)
        {
            double? other = actual[name];
            double allowed = tolerance * Math.Max(1, Math.Abs(value ?? 0));
            bool isSame = value is null ? other is null : other is not null && Math.Abs(value.Value - other.Value) <= allowed;
            Assert.True(isSame, $"{name}: {value} against {other}");
        }
    }
}
