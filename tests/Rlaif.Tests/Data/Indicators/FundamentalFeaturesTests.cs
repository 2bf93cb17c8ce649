using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Tests.Data.Indicators;

public sealed class FundamentalFeaturesTests
{
    private static readonly BarSeries Bars = TestBars.Constant(100, 50, 10);
    private static readonly DateTimeOffset AsOf = Bars[99].CloseTime;

    // Period ends 2013-12-31, 2014-03-31, ... 2014-12-31, each filed 30 days later; the last one 2015-01-30.
    private static readonly DateOnly[] Ends =
    [
        new(2013, 12, 31),
        new(2014, 3, 31),
        new(2014, 6, 30),
        new(2014, 9, 30),
        new(2014, 12, 31),
    ];

    private static readonly FundamentalReport[] FiveQuarters = [.. Ends.Select((e, i) => Report(e, i))];

    [Fact]
    public void Compute_FiveQuarters_EqualsTheDefinitions()
    {
        IReadOnlyDictionary<string, double?> values = Compute(FiveQuarters);

        // Quarters 1..4: eps 0.6 0.7 0.8 0.9, net income 12 14 16 18, revenue 110 120 130 140 (100 a year before).
        Assert.Equal(3.0 / 50, values["earnings_yield"]!.Value, 12);
        Assert.Equal(0.4, values["revenue_growth_yoy"]!.Value, 12);
        Assert.Equal(18.0 / 140, values["net_margin"]!.Value, 12);
        Assert.Equal(60.0 / 400, values["return_on_equity"]!.Value, 12);
        Assert.Equal(1.5, values["debt_to_equity"]!.Value, 12);
        Assert.Equal((AsOf - FiveQuarters[^1].FiledAt).TotalDays, values["days_since_filing"]);
    }

    [Fact]
    public void Compute_NoFilings_IsNull() =>
        Assert.All(
            (string[])
                ["earnings_yield", "revenue_growth_yoy", "net_margin", "return_on_equity", "debt_to_equity", "days_since_filing"],
            name => Assert.Null(Compute([])[name])
        );

    [Fact]
    public void Compute_ThreeQuarters_HasNoYearlyFigures()
    {
        IReadOnlyDictionary<string, double?> values = Compute(FiveQuarters[2..]);

        Assert.Null(values["earnings_yield"]);
        Assert.Null(values["return_on_equity"]);
        Assert.Null(values["revenue_growth_yoy"]);
        Assert.NotNull(values["net_margin"]);
    }

    [Fact]
    public void Compute_QuarterMissing_DoesNotSumAcrossTheGap() =>
        Assert.Null(Compute([FiveQuarters[0], FiveQuarters[1], FiveQuarters[3], FiveQuarters[4]])["earnings_yield"]);

    [Fact]
    public void Compute_Restatement_ReplacesItsQuarterAndMovesTheFilingDate()
    {
        FundamentalReport restated = FiveQuarters[3] with { EarningsPerShare = 0.3m, FiledAt = AsOf.AddDays(-2) };

        IReadOnlyDictionary<string, double?> values = Compute([.. FiveQuarters, restated]);

        Assert.Equal(2.5 / 50, values["earnings_yield"]!.Value, 12);
        Assert.Equal(18.0 / 140, values["net_margin"]!.Value, 12);
        Assert.Equal(2.0, values["days_since_filing"]);
    }

    [Fact]
    public void Compute_MissingOrNegativeFigures_IsNull()
    {
        Assert.Null(Compute([.. FiveQuarters[..4], FiveQuarters[4] with { EarningsPerShare = null }])["earnings_yield"]);
        Assert.Null(Compute([.. FiveQuarters[..4], FiveQuarters[4] with { Equity = -5 }])["debt_to_equity"]);
        Assert.Null(Compute([.. FiveQuarters[..4], FiveQuarters[4] with { Revenue = 0 }])["net_margin"]);
    }

    [Fact]
    public void Compute_SplitAfterTheFiling_CountsEarningsInSharesOfToday()
    {
        // 2:1 before bar 60: quoted 100 until then, 50 after; a dollar per old share is half a dollar per new one.
        var bars = TestBars.Split(Bars, 60, 2);
        FundamentalReport[] asFiled =
        [
            .. FiveQuarters.Select(q => q.FiledAt < bars[60].OpenTime ? q with { EarningsPerShare = q.EarningsPerShare * 2 } : q),
        ];
        Assert.Contains(asFiled, q => q.EarningsPerShare > 1);

        Assert.Equal(3.0 / 50, Compute(asFiled, bars)["earnings_yield"]!.Value, 12);
    }

    private static IReadOnlyDictionary<string, double?> Compute(FundamentalReport[] reports, BarSeries? bars = null) =>
        MarketFeatures.Compute(MarketSnapshot.Create(bars ?? Bars, AsOf, fundamentals: reports));

    private static FundamentalReport Report(DateOnly end, int index) =>
        new()
        {
            Symbol = "FLAT",
            PeriodEnd = end,
            FiledAt = new DateTimeOffset(end.AddDays(30), new TimeOnly(21, 5), TimeSpan.Zero),
            Revenue = 100 + (10 * index),
            NetIncome = 10 + (2 * index),
            EarningsPerShare = 0.5m + (0.1m * index),
            Equity = 400,
            Liabilities = 600,
        };
}
