using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using static Rlaif.Tests.Outcomes.Given;
using static Rlaif.Tests.Outcomes.Weeks;

namespace Rlaif.Tests.Outcomes;

/// <summary>Settlements whose numbers were worked out by hand; the working stands beside each.</summary>
public sealed class SettlementLiteralTests
{
    private static readonly SettlementOptions Target5 = Free with { TargetReturn = 0.05 };
    private static readonly SettlementOptions Stop3 = Free with { StopReturn = 0.03 };
    private static readonly SettlementOptions Both = Free with { TargetReturn = 0.05, StopReturn = 0.03 };

    /// <summary>Name, result, and the gross return worked out by hand.</summary>
    private static readonly (string Name, Func<SettlementResult> Settle, double Gross)[] GrossCases =
    [
        // 110 / 100 - 1 = 0.10
        ("long, up", () => Settle(TradeAction.Buy, MondayMorning, Rising), 0.10),
        // -(110 / 100 - 1) = -0.10
        ("short, up", () => Settle(TradeAction.Sell, MondayMorning, Rising), -0.10),
        // 90 / 100 - 1 = -0.10
        ("long, down", () => Settle(TradeAction.Buy, MondayMorning, Falling), -0.10),
        // -(90 / 100 - 1) = 0.10
        ("short, down", () => Settle(TradeAction.Sell, MondayMorning, Falling), 0.10),
        ("hold, up", () => Settle(TradeAction.Hold, MondayMorning, Rising), 0),
        ("hold with split", () => Settle(TradeAction.Hold, MondayMorning, SplitWeek, null, [Split("01-10", 4)]), 0),
        // 110 * 4 / 400 - 1 = 0.10
        ("long through 4:1", () => Settle(TradeAction.Buy, MondayMorning, SplitWeek, null, [Split("01-10", 4)]), 0.10),
        ("short through 4:1", () => Settle(TradeAction.Sell, MondayMorning, SplitWeek, null, [Split("01-10", 4)]), -0.10),
        // Without the action the same quotes are a crash: 110 / 400 - 1 = -0.725
        ("no split on file", () => Settle(TradeAction.Buy, MondayMorning, SplitWeek), -0.725),
        // Ten old for one new: (110 * 0.1) / 100 - 1 = -0.89
        ("reverse split", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Split("01-10", 0.1m)]), -0.89),
        // In effect before the entry open: not ours. 110 / 100 - 1
        ("split on entry day", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Split("01-08", 4)]), 0.10),
        // In effect before the exit close: 110 * 2 / 100 - 1 = 1.2
        ("split on exit day", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Split("01-12", 2)]), 1.20),
        ("split after exit", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Split("01-16", 4)]), 0.10),
        // Two splits: 110 * 2 * 3 / 100 - 1 = 5.6
        ("two splits", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Split("01-09", 2), Split("01-11", 3)]), 5.6),
        // (110 + 2) / 100 - 1 = 0.12; the short owes it
        ("long earns dividend", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Dividend("01-10", 2)]), 0.12),
        ("short owes dividend", () => Settle(TradeAction.Sell, MondayMorning, Rising, null, [Dividend("01-10", 2)]), -0.12),
        ("dividend on entry day", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Dividend("01-08", 2)]), 0.10),
        ("dividend on exit day", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Dividend("01-12", 2)]), 0.12),
        ("dividend after exit", () => Settle(TradeAction.Buy, MondayMorning, Rising, null, [Dividend("01-16", 2)]), 0.10),
        ("hold earns no dividend", () => Settle(TradeAction.Hold, MondayMorning, Rising, null, [Dividend("01-10", 2)]), 0),
        // One share is four on Thursday: (110 * 4 + 4 * 0.5) / 400 - 1 = 442 / 400 - 1 = 0.105
        (
            "dividend after split",
            () => Settle(TradeAction.Buy, MondayMorning, SplitWeek, null, [Split("01-10", 4), Dividend("01-11", 0.5m)]),
            0.105
        ),
        // Paid on the one old share: (440 + 2) / 400 - 1 = 0.105
        (
            "dividend before split",
            () => Settle(TradeAction.Buy, MondayMorning, SplitWeek, null, [Dividend("01-09", 2), Split("01-10", 4)]),
            0.105
        ),
        // Same day: the split comes first, so four shares are paid: (440 + 4) / 400 - 1 = 0.11
        (
            "dividend with split",
            () => Settle(TradeAction.Buy, MondayMorning, SplitWeek, null, [Dividend("01-10", 1), Split("01-10", 4)]),
            0.11
        ),
        // Saturday's decision: Monday's open
        ("decided on Saturday", () => Settle(TradeAction.Buy, "2024-01-06T12:00:00Z", Rising), 0.10),
        // Friday after the close: Monday's open
        ("decided on Friday night", () => Settle(TradeAction.Buy, "2024-01-05T21:00:00Z", Rising), 0.10),
        // At the very open: that bar
        ("decided at the open", () => Settle(TradeAction.Buy, "2024-01-08T14:30:00Z", Rising), 0.10),
        // A second later: Tuesday's open 101, held one day to 102: 102 / 101 - 1 = 1/101
        (
            "decided after the open",
            () => Settle(TradeAction.Buy, "2024-01-08T14:30:01Z", Rising, Free with { HoldDays = 1 }),
            1.0 / 101
        ),
        // One day: 101 / 100 - 1
        ("hold one day", () => Settle(TradeAction.Buy, MondayMorning, Rising, Free with { HoldDays = 1 }), 0.01),
        // Two days: 102 / 100 - 1
        ("hold two days", () => Settle(TradeAction.Buy, MondayMorning, Rising, Free with { HoldDays = 2 }), 0.02),
        // Wednesday missing inside the window makes no difference
        ("halt inside", () => Settle(TradeAction.Buy, MondayMorning, [.. Rising[..2], .. Rising[3..]]), 0.10),
        // Target 105 touched by Thursday's high of 105: filled at 105
        ("long target", () => Settle(TradeAction.Buy, MondayMorning, Rising, Target5), 0.05),
        // Short target 95 touched by Thursday's low of 95
        ("short target", () => Settle(TradeAction.Sell, MondayMorning, Falling, Target5), 0.05),
        // Stop 97 touched by Tuesday's low of 97
        ("long stop", () => Settle(TradeAction.Buy, MondayMorning, Falling, Stop3), -0.03),
        // Short stop 103 touched by Tuesday's high of 103
        ("short stop", () => Settle(TradeAction.Sell, MondayMorning, Rising, Stop3), -0.03),
        // Opens at 107, beyond 105: filled at 107
        (
            "target gapped",
            () => Settle(TradeAction.Buy, MondayMorning, [Rising[0], Bar("01-09", 107, 109, 101, 108)], Target5),
            0.07
        ),
        // Opens at 92, beyond 97: filled at 92, not at 97
        ("stop gapped", () => Settle(TradeAction.Buy, MondayMorning, [Rising[0], Bar("01-09", 92, 99, 90, 98)], Stop3), -0.08),
        // Short, opens at 110, beyond 103: -(110 / 100 - 1)
        (
            "short stop gapped",
            () => Settle(TradeAction.Sell, MondayMorning, [Rising[0], Bar("01-09", 110, 112, 100, 101)], Stop3),
            -0.10
        ),
        // Short, opens at 91, beyond 95: -(91 / 100 - 1)
        (
            "short target gapped",
            () => Settle(TradeAction.Sell, MondayMorning, [Rising[0], Bar("01-09", 91, 99, 90, 98)], Target5),
            0.09
        ),
        // 96..106 touches 97 and 105: the stop
        (
            "both in one bar",
            () => Settle(TradeAction.Buy, MondayMorning, [Rising[0], Bar("01-09", 101, 106, 96, 104)], Both),
            -0.03
        ),
        // Opens at 106 beyond the target, falls to 90 later: the open came first
        (
            "open beyond target, then stop",
            () => Settle(TradeAction.Buy, MondayMorning, [Rising[0], Bar("01-09", 106, 107, 90, 91)], Both),
            0.06
        ),
        // Touched on the entry bar itself: low 96 under 97
        ("stop on entry day", () => Settle(TradeAction.Buy, MondayMorning, [Bar("01-08", 100, 101, 96, 100)], Stop3), -0.03),
        // 10% of 400 is 440, after 4:1 it is 110, touched by Friday's high of 111
        (
            "target moves with split",
            () => Settle(TradeAction.Buy, MondayMorning, SplitWeek, Free with { TargetReturn = 0.1 }, [Split("01-10", 4)]),
            0.10
        ),
        // 3% under 400 is 388, after 4:1 it is 97: Wednesday's 101 is no loss. 440 / 400 - 1
        ("split trips no stop", () => Settle(TradeAction.Buy, MondayMorning, SplitWeek, Stop3, [Split("01-10", 4)]), 0.10),
        // Friday never traded, but the stop was filled on Tuesday
        (
            "stop before missing exit",
            () => Settle(TradeAction.Buy, MondayMorning, [.. Falling[..4], Bar("01-16", 90, 91, 89, 90)], Stop3),
            -0.03
        ),
        // A hold has no target: it gets the whole window
        ("hold has no target", () => Settle(TradeAction.Hold, MondayMorning, Rising, Target5), 0),
    ];

    public static TheoryData<string> GrossNames => [.. GrossCases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(GrossNames))]
    public void Settle_WithoutCosts_GivesTheReturnWorkedOutByHand(string name)
    {
        (_, Func<SettlementResult> settle, double gross) = GrossCases.Single(c => c.Name == name);
        Outcome outcome = settle().Outcome!;
        Near(gross, outcome.GrossReturn);
        Near(gross, outcome.NetReturn);
        Assert.Equal(0, outcome.Costs);
    }
}
