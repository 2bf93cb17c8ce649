using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Outcomes;

/// <summary>What must hold of every settlement, whatever the market.</summary>
public sealed class SettlementLawTests
{
    private static readonly Gen<RandomScenario> Scenarios = Gen.ULong.Select(RandomScenario.From);

    private static void ForSettled(Action<RandomScenario, Outcome> law) =>
        Scenarios.Sample(
            s =>
            {
                if (s.Settle().Outcome is { } outcome)
                {
                    law(s, outcome);
                }
            },
            iter: 400
        );

    private static string Json(Outcome outcome) => System.Text.Json.JsonSerializer.Serialize(outcome, RlaifJson.Compact);

    [Fact]
    public void Settle_ShortThatFallsAndLongThatRisesByTheSame_ScoreTheSame() =>
        Gen.Select(Gen.Int[1, 9000], Gen.Int[100, 90000])
            .Sample(
                (change, cents) =>
                {
                    decimal start = cents / 100m;
                    decimal move = start * change / 10_000m;
                    Outcome rise = OneDay(TradeAction.Buy, start, start + move);
                    Outcome fall = OneDay(TradeAction.Sell, start, start - move);
                    Outcome hold = OneDay(TradeAction.Hold, start, start - move);
                    Given.Near(change / 10_000.0, rise.NetReturn);
                    Given.Near(rise.NetReturn, fall.NetReturn);
                    Assert.Equal(0, hold.NetReturn);
                },
                iter: 300
            );

    private static Outcome OneDay(TradeAction action, decimal open, decimal close) =>
        Given
            .Settle(
                action,
                "2024-01-08T08:00:00Z",
                [Given.Bar("01-08", open, Math.Max(open, close), Math.Min(open, close), close)],
                Given.Free with
                {
                    HoldDays = 1,
                }
            )
            .Outcome!;

    [Fact]
    public void Settle_AnyOutcome_KeepsItsOwnArithmetic() =>
        ForSettled(
            (s, o) =>
            {
                Given.Near(o.GrossReturn - o.Costs, o.NetReturn);
                Given.Near((double)(o.Quantity * o.EntryPrice) * o.NetReturn, (double)o.Pnl);
                Assert.True(o.Costs >= 0);
                Assert.True(o.MaxDrawdown <= 0 && o.AdverseExcursion <= 0 && o.FavorableExcursion >= 0);
                Assert.True(o.GrossReturn <= o.FavorableExcursion + 1e-12 && o.GrossReturn >= o.AdverseExcursion - 1e-12);
                Assert.True(o.EntryAt >= s.AsOf && o.ExitAt >= o.EntryAt);
                Assert.True(o.KnownAt >= o.ExitAt && o.KnownAt <= s.Now);
                Assert.InRange(o.HoldDays, 1, s.Options.HoldDays);
                Assert.True(s.Action != TradeAction.Hold || (o.NetReturn == 0 && o.Quantity == 0 && o.Pnl == 0));
                Assert.True(o.Quantity * o.EntryPrice <= 0.037m * s.Options.Equity);
            }
        );

    [Fact]
    public void Settle_AllPricesScaled_ChangesNoReturn() =>
        ForSettled(
            (s, o) =>
            {
                const decimal Factor = 3.7m;
                RandomScenario scaled = s with
                {
                    Bars = [.. s.Bars.Select(b => Scale(b, Factor))],
                    Benchmark = [.. s.Benchmark.Select(b => Scale(b, 0.01m))],
                    Actions =
                    [
                        .. s.Actions.Select(a => a.Kind == CorporateActionKind.Split ? a : a with { Value = a.Value * Factor }),
                    ],
                };
                SameReturns(o, scaled.Settle().Outcome!);
            }
        );

    [Fact]
    public void Settle_SplitAdjustedSeries_SettlesLikeTheRawOneWithItsSplits() =>
        Scenarios.Sample(
            drawn =>
            {
                // Levels that no price in cents meets exactly: dividing by seven and multiplying again loses the last digit.
                RandomScenario s = drawn with
                {
                    Options = drawn.Options with
                    {
                        TargetReturn = drawn.Options.TargetReturn + 1.234567e-7,
                        StopReturn = drawn.Options.StopReturn + 1.234567e-7,
                        TrailReturn = drawn.Options.TrailReturn + 1.234567e-7,
                    },
                };
                // Every price and dividend in shares of the last day: divided by the splits that were still to come.
                decimal Later(DateOnly day) =>
                    s
                        .Actions.Where(a => a.Kind == CorporateActionKind.Split && a.ExDate > day)
                        .Aggregate(1m, (product, a) => product * a.Value);
                RandomScenario adjusted = s with
                {
                    Bars = [.. s.Bars.Select(b => Scale(b, 1 / Later(b.Session)))],
                    Actions =
                    [
                        .. s
                            .Actions.Where(a => a.Kind == CorporateActionKind.Dividend)
                            .Select(a => a with { Value = a.Value / Later(a.ExDate) }),
                    ],
                };
                SettlementResult expected = s.Settle();
                SettlementResult found = adjusted.Settle();
                Assert.Equal(expected.Reason, found.Reason);
                if (expected.Outcome is not null)
                {
                    SameReturns(expected.Outcome, found.Outcome!);
                }
            },
            iter: 400
        );

    [Fact]
    public void Settle_BarsBeforeTheEntryOrAfterTheExitChanged_ChangesNothing() =>
        ForSettled(
            (s, o) =>
            {
                Bar Perturb(Bar b) => b.OpenTime < o.EntryAt || b.OpenTime >= o.KnownAt ? Scale(b, 1.9m) : b;
                RandomScenario changed = s with
                {
                    Bars = [.. s.Bars.Select(Perturb)],
                    Benchmark =
                    [
                        .. s.Benchmark.Select(b => b.Session < Day(o.EntryAt) || b.Session > Day(o.ExitAt) ? Scale(b, 1.9m) : b),
                    ],
                    Actions =
                    [
                        .. s.Actions.Where(a => a.ExDate > Day(o.EntryAt) && a.ExDate <= Day(o.ExitAt)),
                        new CorporateAction(Day(o.EntryAt), CorporateActionKind.Split, 5),
                        new CorporateAction(Day(o.KnownAt).AddDays(1), CorporateActionKind.Split, 5),
                    ],
                };
                Assert.Equal(Json(o), Json(changed.Settle().Outcome!));
            }
        );

    [Fact]
    public void Settle_ClockMovesOn_PendingThenSettledThenNeverDifferent() =>
        Scenarios.Sample(
            s =>
            {
                string? first = null;
                for (DateTimeOffset now = s.AsOf; now < s.AsOf.AddDays(40); now = now.AddHours(13.5))
                {
                    SettlementResult found = (s with { Now = now }).Settle();
                    Assert.True(found.Outcome is null || found.Outcome.KnownAt <= now);
                    Assert.True(first is null || found.IsSettled);
                    first ??= found.Outcome is { } outcome ? Json(outcome) : null;
                    Assert.True(first is null || first == Json(found.Outcome!));
                }
            },
            iter: 60
        );

    [Fact]
    public void Settle_WholeSeriesOrOnlyTheKnownPart_GivesTheSame() =>
        Scenarios.Sample(
            s =>
            {
                MarketPath whole = s.Path();
                var known = new MarketPath(whole.Bars.KnownAt(s.Now), whole.Calendar, whole.Benchmark!.KnownAt(s.Now));
                DecisionContext context = Given.Context(s.AsOf);
                Candidate candidate = Given.Candidate(context, s.Action);
                Assert.Equal(
                    Settlement.Settle(context, candidate, whole, s.Now, s.Options),
                    Settlement.Settle(context, candidate, known, s.Now, s.Options)
                );
            },
            iter: 300
        );

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static Bar Scale(Bar b, decimal factor) =>
        b with
        {
            Open = b.Open * factor,
            High = b.High * factor,
            Low = b.Low * factor,
            Close = b.Close * factor,
        };

    private static void SameReturns(Outcome expected, Outcome actual)
    {
        Given.Near(expected.GrossReturn, actual.GrossReturn);
        Given.Near(expected.NetReturn, actual.NetReturn);
        Given.Near(expected.Costs, actual.Costs);
        Given.Near(expected.MaxDrawdown, actual.MaxDrawdown);
        Given.Near(expected.FavorableExcursion, actual.FavorableExcursion);
        Given.Near(expected.AdverseExcursion, actual.AdverseExcursion);
        Given.Near(expected.BenchmarkReturn, actual.BenchmarkReturn);
        Assert.Equal(expected.ExitReason, actual.ExitReason);
    }
}
