using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class EquityCurveTests
{
    private const double Side = 5e-4;

    private static BarSeries Bars(string symbol, decimal[] closes, params CorporateAction[] actions) =>
        new(
            symbol,
            closes.Select(
                (c, i) =>
                {
                    DateOnly date = SettledData.Session(i);
                    decimal open = i == 0 ? c : closes[i - 1];
                    return new Bar(
                        SettledData.OpenOf(date),
                        SettledData.CloseOf(date),
                        open,
                        Math.Max(open, c),
                        Math.Min(open, c),
                        c,
                        1000
                    );
                }
            ),
            actions
        );

    private static Dictionary<string, BarSeries> Map(params BarSeries[] series) =>
        series.ToDictionary(s => s.Symbol, StringComparer.Ordinal);

    /// <summary>A decision that was settled on the bars: in at an open, out at a close, the usual costs.</summary>
    private static SettledCandidate Trade(
        BarSeries bars,
        int decided,
        double size,
        TradeAction action = TradeAction.Buy,
        int hold = 5,
        decimal? worthAtExit = null
    )
    {
        SettledCandidate settled = SettledData.Candidate(bars.Symbol, decided, size: size, action: action, hold: hold);
        decimal entry = bars[decided + 1].Open;
        decimal exit = worthAtExit ?? bars[decided + hold].Close;
        double gross = (action == TradeAction.Sell ? -1 : 1) * (double)((exit / entry) - 1);
        double costs = (Side * (1 + (double)(exit / entry))) + (action == TradeAction.Sell ? 0.005 * 4 / 365 : 0);
        return settled with
        {
            Outcome = settled.Outcome with
            {
                EntryPrice = entry,
                ExitPrice = exit,
                GrossReturn = gross,
                Costs = costs,
                NetReturn = gross - costs,
            },
        };
    }

    private static decimal[] RandomCloses(int count, int seed)
    {
        var random = new DeterministicRandom(seed);
        decimal[] closes = new decimal[count];
        decimal price = 100;
        for (int i = 0; i < count; i++)
        {
            price = Math.Round(price * (decimal)Math.Exp(0.02 * random.NextGaussian()), 4);
            closes[i] = price;
        }

        return closes;
    }

    [Theory]
    [InlineData(TradeAction.Buy, 1)]
    [InlineData(TradeAction.Sell, -1)]
    public void FromTrades_OnePosition_IsMarkedAtEachCloseAndEndsAtItsNetReturn(TradeAction action, int side)
    {
        BarSeries bars = Bars("A", [100, 102, 101, 105, 103, 110, 120]);
        SettledCandidate trade = Trade(bars, 0, 0.5, action);
        EquityCurve curve = EquityCurve.FromTrades([trade], Map(bars));
        Assert.Equal([.. Enumerable.Range(1, 5).Select(SettledData.Session)], curve.Points.Select(p => p.Date));
        double[] closes = [102, 101, 105, 103];
        Assert.All(
            closes.Select((c, i) => (c, i)),
            x => Assert.Equal(1 + (0.5 * ((side * ((x.c / 100) - 1)) - Side)), curve.Points[x.i].Equity, 1e-12)
        );
        Assert.Equal(1 + (0.5 * trade.Outcome.NetReturn), curve.Points[^1].Equity, 1e-12);
        PortfolioReport report = PortfolioReport.Of(curve);
        Assert.Equal(0.5 * trade.Outcome.NetReturn, report.TotalReturn, 1e-12);
        Assert.Equal(0.5 * trade.Outcome.Costs, report.Costs, 1e-12);
        Assert.Equal((1, side > 0 ? 1.0 : 0.0), (report.Trades, report.WinRate!.Value));
    }

    [Fact]
    public void FromTrades_SplitAndDividendWhileOpen_MakeNoJump()
    {
        // Four for one before session 3: the price falls to a quarter, the position is worth the same. Then two dollars a share are paid.
        CorporateAction[] actions =
        [
            new(SettledData.Session(3), CorporateActionKind.Split, 4),
            new(SettledData.Session(4), CorporateActionKind.Dividend, 2),
        ];
        BarSeries bars = Bars("A", [100, 100, 100, 25, 23, 23, 23], actions);
        EquityCurve curve = EquityCurve.FromTrades([Trade(bars, 0, 1, worthAtExit: 100)], Map(bars));
        Assert.All(curve.Points.SkipLast(1), p => Assert.Equal(1 - Side, p.Equity, 1e-12));
        Assert.Equal(1 - (2 * Side), curve.Points[^1].Equity, 1e-12);
    }

    [Fact]
    public void FromTrades_NotCompounded_EndsAtTheSumOfSizesTimesNetReturns() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Select(Gen.Int[0, 80], Gen.Double[0, 1], Gen.Int[0, 2]).Array[0, 40])
            .Sample(
                (seed, draws) =>
                {
                    BarSeries bars = Bars("A", RandomCloses(100, seed));
                    SettledCandidate[] trades =
                    [
                        .. draws.DistinctBy(d => d.Item1).Select(d => Trade(bars, d.Item1, d.Item2, (TradeAction)d.Item3)),
                    ];
                    EquityCurve curve = EquityCurve.FromTrades(trades, Map(bars), new EquityCurveOptions { Compounded = false });
                    double expected = trades
                        .Where(t => t.Outcome.Action != TradeAction.Hold)
                        .Sum(t => PairedComparison.Contribution(t));
                    Assert.Equal(expected, PortfolioReport.Of(curve).TotalReturn, 1e-10);
                },
                iter: 60
            );

    [Fact]
    public void FromTrades_CompoundedOneAfterTheOther_MultipliesTheGrowth()
    {
        BarSeries bars = Bars("A", RandomCloses(40, 3));
        SettledCandidate[] trades = [Trade(bars, 0, 0.5), Trade(bars, 5, 0.8, TradeAction.Sell), Trade(bars, 20, 1)];
        EquityCurve curve = EquityCurve.FromTrades(trades, Map(bars));
        double expected = trades.Aggregate(1.0, (equity, t) => equity * (1 + PairedComparison.Contribution(t)));
        Assert.Equal(expected, curve.Points[^1].Equity, 1e-12);
    }

    [Fact]
    public void FromTrades_OnlyHolds_IsFlat()
    {
        BarSeries bars = Bars("A", RandomCloses(20, 3));
        SettledCandidate hold = SettledData.Candidate("A", 2, size: 0, action: TradeAction.Hold);
        EquityCurve curve = EquityCurve.FromTrades([hold], Map(bars));
        Assert.Equal(5, curve.Points.Count);
        Assert.All(curve.Points, p => Assert.Equal(1, p.Equity));
        PortfolioReport report = PortfolioReport.Of(curve);
        Assert.Equal((0.0, 0.0, 0), (report.TotalReturn, report.MaxDrawdown, report.Trades));
        Assert.Null(report.Sharpe);
        Assert.Null(report.WinRate);
        Assert.Empty(EquityCurve.FromTrades([], Map(bars)).Points);
    }

    [Fact]
    public void FromTrades_BarsAfterADate_ChangeNoPointBefore() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[5, 35])
            .Sample(
                (seed, cut) =>
                {
                    decimal[] closes = RandomCloses(45, seed);
                    decimal[] changed = [.. closes.Select((c, i) => i > cut ? c * 1.5m : c)];
                    EquityCurve before = Run(Bars("A", closes));
                    EquityCurve after = Run(Bars("A", changed));
                    DateOnly last = SettledData.Session(cut);
                    Assert.Equal(before.Points.Where(p => p.Date <= last), after.Points.Where(p => p.Date <= last));

                    static EquityCurve Run(BarSeries bars) =>
                        EquityCurve.FromTrades(Enumerable.Range(0, 12).Select(i => Trade(bars, 3 * i, 0.2)), Map(bars));
                },
                iter: 30
            );

    [Fact]
    public void FromTrades_TwoCandidatesOfAContextOrMissingBars_Throws()
    {
        BarSeries bars = Bars("A", RandomCloses(20, 3));
        SettledCandidate trade = Trade(bars, 0, 0.5);
        Assert.Throws<ArgumentException>(() => EquityCurve.FromTrades([trade, trade], Map(bars)));
        Assert.Throws<ArgumentException>(() => EquityCurve.FromTrades([trade], Map()));
    }

    [Fact]
    public void BuyAndHold_OneSeries_EarnsFirstOpenToLastCloseLessTwoSidesOfCosts()
    {
        BarSeries bars = Bars("A", [100, 102, 101, 105, 103, 110]);
        EquityCurve curve = EquityCurve.BuyAndHold([bars], new DateRange(SettledData.Session(1), SettledData.Session(4)));
        Assert.Equal(4, curve.Points.Count);
        Assert.Equal(1.02 - Side, curve.Points[0].Equity, 1e-12);
        Assert.Equal(1.03 - (Side * 2.03), curve.Points[^1].Equity, 1e-12);
    }

    [Fact]
    public void BuyAndHold_TwoSeries_AreEquallyWeighted()
    {
        BarSeries a = Bars("A", [100, 110, 121]);
        BarSeries b = Bars("B", [50, 50, 50]);
        EquityCurve curve = EquityCurve.BuyAndHold([a, b], DateRange.All);
        Assert.Equal(1 + (0.5 * 0.21) - (0.5 * Side * (2.21 + 2)), curve.Points[^1].Equity, 1e-12);
        Assert.Empty(EquityCurve.BuyAndHold([a], new DateRange(DateOnly.MinValue, DateOnly.MinValue)).Points);
    }

    [Fact]
    public void Turnover_OneTradeInAYear_IsWhatWasBoughtAndSoldHalved()
    {
        BarSeries bars = Bars("A", [.. Enumerable.Repeat(100m, 260)]);
        SettledCandidate trade = Trade(bars, 0, 0.5, hold: 252);
        PortfolioReport report = PortfolioReport.Of(EquityCurve.FromTrades([trade], Map(bars)));
        Assert.Equal(0.5, report.Turnover!.Value, 1e-3);
    }
}
