using System.Text.Json;
using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using static Rlaif.Tests.Outcomes.Given;
using static Rlaif.Tests.Outcomes.Weeks;

namespace Rlaif.Tests.Outcomes;

public sealed class TrailingStopTests
{
    private static readonly SettlementOptions Trail5 = Free with { TrailReturn = 0.05 };
    private static readonly Gen<RandomScenario> Scenarios = Gen.ULong.Select(RandomScenario.From);

    /// <summary>Name, result, and exit price, return and reason worked out by hand. The first bar of <see cref="Rising"/> opens at 100 and reaches 102.</summary>
    private static readonly (string Name, Func<SettlementResult> Settle, decimal Exit, double Gross, ExitReason Reason)[] Cases =
    [
        // Levels 95, 96.9, 97.85, 98.8, 99.75 (of 100, 102, 103, 104, 105) under lows of 99, 100, 101, 102, 103
        ("never touched", () => Settle(TradeAction.Buy, MondayMorning, Rising, Trail5), 110, 0.10, ExitReason.TimeLimit),
        // Level of the entry: 100 * 0.95 = 95; Monday's low is 94
        ("on the entry bar", () => Long([Bar("01-08", 100, 101, 94, 96)]), 95, -0.05, ExitReason.TrailingStop),
        // Monday reached 120 and fell to 96, above 95: its own high moves the level for Tuesday only, to 114. Tuesday opens at 116, falls to 113
        (
            "own high counts later",
            () => Long([Bar("01-08", 100, 120, 96, 118), Bar("01-09", 116, 117, 113, 115)]),
            114,
            0.14,
            ExitReason.TrailingStop
        ),
        // Monday's high 110: level 104.5. Tuesday opens at 103, beyond it
        (
            "open beyond",
            () => Long([Bar("01-08", 100, 110, 99, 109), Bar("01-09", 103, 112, 102, 111)]),
            103,
            0.03,
            ExitReason.TrailingStop
        ),
        // Tuesday opens at 120: that open moves the level to 114 at once, and the low of 113 touches it
        ("open moves it", () => Long([Rising[0], Bar("01-09", 120, 121, 113, 118)]), 114, 0.14, ExitReason.TrailingStop),
        // Short: best 89 (Monday's low), level 89 * 1.05 = 93.45; Tuesday's high 94 touches it: 1 - 0.9345
        (
            "short",
            () => Short([Bar("01-08", 100, 101, 89, 90), Bar("01-09", 90, 94, 88, 89)]),
            93.45m,
            0.0655,
            ExitReason.TrailingStop
        ),
        // Short, opens at 97 beyond 93.45
        (
            "short, open beyond",
            () => Short([Bar("01-08", 100, 101, 89, 90), Bar("01-09", 97, 98, 88, 89)]),
            97,
            0.03,
            ExitReason.TrailingStop
        ),
        // Tuesday touches the target of 108 and 107 * 0.95 = 101.65: the stop, as bars do not tell which came first
        (
            "before the target in one bar",
            () => Long([Bar("01-08", 100, 107, 99, 106), Bar("01-09", 106, 109, 101, 108)], Trail5 with { TargetReturn = 0.08 }),
            101.65m,
            0.0165,
            ExitReason.TrailingStop
        ),
        // Opens at 109, beyond the target of 108: that came first
        (
            "open beyond the target",
            () => Long([Bar("01-08", 100, 107, 99, 106), Bar("01-09", 109, 110, 90, 91)], Trail5 with { TargetReturn = 0.08 }),
            109,
            0.09,
            ExitReason.Target
        ),
        // The fixed stop of 3% (97) lies above the trailing one of 5% (95) until the price has risen
        (
            "fixed stop is nearer",
            () => Long([Bar("01-08", 100, 101, 94, 96)], Trail5 with { StopReturn = 0.03 }),
            97,
            -0.03,
            ExitReason.Stop
        ),
        // After a high of 110 the trailing one (104.5) lies above the fixed one (97)
        (
            "trailing stop is nearer",
            () => Long([Bar("01-08", 100, 110, 99, 109), Bar("01-09", 109, 110, 90, 91)], Trail5 with { StopReturn = 0.03 }),
            104.5m,
            0.045,
            ExitReason.TrailingStop
        ),
        // Equal at the entry: the fixed one gives its name
        ("equal", () => Long([Bar("01-08", 100, 101, 94, 96)], Trail5 with { StopReturn = 0.05 }), 95, -0.05, ExitReason.Stop),
        // 412 * 0.95 is 97.85 in new shares on Wednesday; then 104 * 0.95 = 98.8 and 105 * 0.95 = 99.75, under lows of 101, 102, 103
        (
            "split trips nothing",
            () => Settle(TradeAction.Buy, MondayMorning, SplitWeek, Trail5, [Split("01-10", 4)]),
            110,
            0.10,
            ExitReason.TimeLimit
        ),
        // Best 412 in old shares is 103 in new ones: level 97.85, touched by Wednesday's low of 97: 97.85 * 4 / 400 - 1
        (
            "split moves the level",
            () => Long([.. SplitWeek[..2], Bar("01-10", 102, 103, 97, 98)], Trail5, Split("01-10", 4)),
            97.85m,
            -0.0215,
            ExitReason.TrailingStop
        ),
        // A dividend moves no level; it is earned. Level 95 touched on Wednesday: 95 + 1 - 100
        (
            "dividend moves no level",
            () => Long([Bar("01-08", 100, 100, 99, 99), Bar("01-09", 98, 99, 94, 95)], Trail5, Dividend("01-09", 1)),
            95,
            -0.04,
            ExitReason.TrailingStop
        ),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    private static SettlementResult Long(Bar[] bars, SettlementOptions? options = null, params CorporateAction[] actions) =>
        Settle(TradeAction.Buy, MondayMorning, bars, options ?? Trail5, actions);

    private static SettlementResult Short(Bar[] bars) => Settle(TradeAction.Sell, MondayMorning, bars, Trail5);

    [Theory]
    [MemberData(nameof(Names))]
    public void Settle_TrailingStop_FillsWhereWorkedOutByHand(string name)
    {
        (_, Func<SettlementResult> settle, decimal exit, double gross, ExitReason reason) = Cases.Single(c => c.Name == name);
        Outcome outcome = settle().Outcome!;
        Assert.Equal((reason, exit), (outcome.ExitReason, outcome.ExitPrice));
        Near(gross, outcome.GrossReturn);
    }

    [Fact]
    public void Settle_TrailingStop_FillsWhereThePaperBrokersTrailingOrderDoes() =>
        Scenarios.Sample(
            s =>
            {
                s = s with { Options = s.Options with { TargetReturn = null, StopReturn = null, TrailReturn = 0.03 } };
                if (s.Action == TradeAction.Hold || s.Settle().Outcome is not { } outcome)
                {
                    return;
                }

                BarSeries bars = s.Path().Bars;
                PaperOrder order = TrailingOrder(s, outcome);
                decimal? price = null;
                for (int i = bars.FirstOpenAtOrAfter(outcome.EntryAt); price is null && bars[i].CloseTime <= outcome.KnownAt; i++)
                {
                    foreach (CorporateAction split in SplitsBefore(bars, i, outcome.EntryAt))
                    {
                        order = order.Split(split.Value);
                    }

                    BarMatch match = BarMatch.Of(order, bars[i], isLast: false);
                    order = order with { BestPrice = match.BestPrice };
                    price = match.Price;
                }

                Assert.Equal(outcome.ExitReason == ExitReason.TrailingStop, price is not null);
                Assert.Equal((double)(price ?? outcome.ExitPrice), (double)outcome.ExitPrice, 1e-9);
            },
            iter: 500
        );

    private static PaperOrder TrailingOrder(RandomScenario s, Outcome outcome) =>
        new()
        {
            Order = new Order
            {
                ClientOrderId = "trail",
                Symbol = "AAPL",
                Side = s.Action == TradeAction.Buy ? OrderSide.Sell : OrderSide.Buy,
                Type = OrderType.TrailingStop,
                TrailFraction = 0.03m,
                Quantity = 1,
                CreatedAt = outcome.EntryAt,
            },
            Number = 0,
            Revision = 0,
            Status = OrderStatus.Accepted,
            ActiveFrom = outcome.EntryAt,
            SeenUntil = outcome.EntryAt,
            UpdatedAt = outcome.EntryAt,
        };

    // Those that come into effect with bar i: after the session of the bar before it, or, for the first bar, none.
    private static IEnumerable<CorporateAction> SplitsBefore(BarSeries bars, int i, DateTimeOffset entry) =>
        bars[i].OpenTime == entry
            ? []
            : bars.Actions.Where(a =>
                a.Kind == CorporateActionKind.Split && a.ExDate > bars[i - 1].Session && a.ExDate <= bars[i].Session
            );

    [Fact]
    public void Settle_ExtremesWithoutANewBest_NeverLoosenTheStop() =>
        Scenarios.Sample(
            s =>
            {
                // A wider trail never ends a position earlier.
                Outcome? Of(double trail) =>
                    (s with { Options = s.Options with { TargetReturn = null, StopReturn = null, TrailReturn = trail } })
                        .Settle()
                        .Outcome;
                if (Of(0.06) is { } wide)
                {
                    Assert.True(Of(0.03)!.KnownAt <= wide.KnownAt);
                }
            },
            iter: 400
        );

    [Fact]
    public void SettlementOptions_WrittenBeforeTrailingStops_ReadAndWriteTheSame()
    {
        const string Before = """
            {"hold_days":5,"commission_bps":1,"half_spread_bps":2,"slippage_bps":2,"borrow_bps_per_year":50,"min_returns_for_ratios":20,"equity":100000,"target_return":null,"stop_return":null}
            """;
        SettlementOptions read = JsonSerializer.Deserialize<SettlementOptions>(Before, RlaifJson.Compact)!;
        Assert.Equal(new SettlementOptions(), read);
        Assert.Equal(Before.Trim(), JsonSerializer.Serialize(read, RlaifJson.Compact));
        SettlementOptions trailing = read with { TrailReturn = 0.05 };
        string written = JsonSerializer.Serialize(trailing, RlaifJson.Compact);
        Assert.EndsWith(",\"trail_return\":0.05}", written, StringComparison.Ordinal);
        Assert.Equal(trailing, JsonSerializer.Deserialize<SettlementOptions>(written, RlaifJson.Compact));
        Assert.Equal("\"trailing_stop\"", JsonSerializer.Serialize(ExitReason.TrailingStop, RlaifJson.Compact));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1)]
    public void SettlementOptions_TrailOutOfRange_IsRefused(double trail) =>
        Assert.Throws<RlaifInputException>(() => (Free with { TrailReturn = trail }).Validated());
}
