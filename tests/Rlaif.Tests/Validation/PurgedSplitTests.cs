using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class PurgedSplitTests
{
    private static SettledCandidate[] Daily(int sessions, int hold = 5) =>
        [.. Enumerable.Range(0, sessions).SelectMany(s => new[] { "A", "B" }.SelectMany(a => Two(a, s, hold)))];

    private static IEnumerable<SettledCandidate> Two(string symbol, int session, int hold) =>
        [
            SettledData.Candidate(symbol, session, index: 0, hold: hold),
            SettledData.Candidate(symbol, session, index: 1, hold: hold),
        ];

    [Fact]
    public void Create_DailyDecisionsHeldFiveDays_PurgesAndEmbargoesFiveDatesAtEachBorder()
    {
        // 100 dates: 68 train, 12 stopping, 20 validation. A decision at a close exits at the fifth close after it, so the last
        // five dates of each earlier side touch the next one; the first five sessions after the last exit are skipped.
        PurgedSplit split = PurgedSplit.Create(Daily(100), SettledData.Weekdays);
        Assert.Equal(5, split.EmbargoDays);
        Assert.Equal([63, 2, 15], split.Sides.Select(s => s.Dates));
        Assert.Equal(2 * (5 + 5), split.Purged);
        Assert.Equal(2 * (5 + 5), split.Embargoed);
        Assert.Equal(SettledData.Session(62), split.Train.LastDate);
        Assert.Equal(SettledData.Session(73), split.Stopping!.FirstDate);
        Assert.Equal(SettledData.Session(85), split.Validation.FirstDate);
        Assert.Equal((0, 0), (split.SharedDecisions, split.OverlappingWindows));
        Assert.Equal(SplitPart.Train, split.PartOf(SettledData.ContextId("A", 62)));
        Assert.Null(split.PartOf(SettledData.ContextId("A", 63)));
    }

    [Fact]
    public void Create_EmbargoOfZero_StillStartsAfterEveryEarlierExit()
    {
        PurgedSplit split = PurgedSplit.Create(
            Daily(60),
            SettledData.Weekdays,
            new PurgedSplitOptions { EmbargoDays = 0, StoppingFraction = 0 }
        );
        Assert.Null(split.Stopping);
        Assert.True(SettledData.CloseOf(split.Validation.FirstDate) > split.Train.Span.To);
        Assert.Equal(0, split.Embargoed);
    }

    // The oracle looks at every pair of decisions and every session between them, and knows nothing of borders.
    [Fact]
    public void Create_RandomDatesAndHoldingPeriods_NeverLeaksAndLosesNoContext() =>
        Gen.Select(
                Gen.Select(Gen.Int[0, 300], Gen.Int[1, 12], Gen.Int[0, 4]).Array[40, 160],
                Gen.Int[0, 12],
                Gen.Double[0.1, 0.5],
                Gen.Double[0, 0.4]
            )
            .Sample((draws, embargo, validation, stopping) => CheckRandomSplit(draws, embargo, validation, stopping), iter: 150);

    private static void CheckRandomSplit(
        (int Session, int Hold, int Symbol)[] draws,
        int embargo,
        double validation,
        double stopping
    )
    {
        SettledCandidate[] candidates =
        [
            .. draws
                .DistinctBy(d => (d.Session, d.Symbol))
                .Select(d => SettledData.Candidate($"S{d.Symbol}", d.Session, hold: d.Hold)),
        ];
        PurgedSplit split;
        try
        {
            split = PurgedSplit.Create(
                candidates,
                SettledData.Weekdays,
                new PurgedSplitOptions
                {
                    EmbargoDays = embargo,
                    ValidationFraction = validation,
                    StoppingFraction = stopping,
                }
            );
        }
        catch (NotEnoughDataException)
        {
            return;
        }

        Assert.Equal(candidates.Length, split.Sides.Sum(s => s.ContextIds.Count) + split.Purged + split.Embargoed);
        ILookup<SplitPart?, SettledCandidate> byPart = candidates.ToLookup(c => split.PartOf(c.Context.ContextId));
        for (int later = 1; later < split.Sides.Count; later++)
        {
            foreach (SettledCandidate after in byPart[split.Sides[later].Part])
            {
                foreach (SettledCandidate before in split.Sides.Take(later).SelectMany(s => byPart[s.Part]))
                {
                    Assert.True(before.Outcome.ExitAt < after.Context.AsOf);
                    DateOnly exit = DateOnly.FromDateTime(before.Outcome.ExitAt.UtcDateTime);
                    Assert.True(HasSessionsBetween(exit, after.Context.Date, embargo));
                }
            }
        }
    }

    private static bool HasSessionsBetween(DateOnly exit, DateOnly decision, int sessions)
    {
        for (DateOnly day = exit.AddDays(1); sessions > 0 && day < decision; day = day.AddDays(1))
        {
            sessions -= day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : 1;
        }

        return sessions <= 0;
    }

    [Fact]
    public void Create_LaterPricesChange_EarlierSidesStayTheSame()
    {
        SettledCandidate[] all = Daily(120);
        PurgedSplit before = PurgedSplit.Create(all, SettledData.Weekdays);
        SettledCandidate[] changed =
        [
            .. all.Select(c =>
                c.Context.Date > before.Train.LastDate
                    ? c with
                    {
                        Outcome = c.Outcome with { NetReturn = 0.5, ExitPrice = 150 },
                    }
                    : c
            ),
        ];
        PurgedSplit after = PurgedSplit.Create(changed, SettledData.Weekdays);
        Assert.Equal(before.Train.ContextIds, after.Train.ContextIds);
    }

    [Fact]
    public void Create_CandidatesInAnyOrder_GivesTheSameSplit()
    {
        SettledCandidate[] candidates = Daily(120);
        SettledCandidate[] shuffled = [.. candidates];
        new DeterministicRandom(3).Shuffle<SettledCandidate>(shuffled);
        PurgedSplit a = PurgedSplit.Create(candidates, SettledData.Weekdays);
        PurgedSplit b = PurgedSplit.Create(shuffled, SettledData.Weekdays);
        Assert.Equal(a.Sides.Select(s => s.ContextIds), b.Sides.Select(s => s.ContextIds));
    }

    [Fact]
    public void Create_TooFewDates_SaysHowMany()
    {
        NotEnoughDataException error = Assert.Throws<NotEnoughDataException>(() =>
            PurgedSplit.Create(Daily(8), SettledData.Weekdays)
        );
        Assert.Contains("16 contexts of 8 dates", error.Message, StringComparison.Ordinal);
        Assert.Throws<NotEnoughDataException>(() => PurgedSplit.Create([], SettledData.Weekdays));
    }

    [Fact]
    public void Apply_PairsOfEveryKind_KeepsThoseWithinOneSideAndCountsTheRest()
    {
        SettledCandidate[] all = Daily(100);
        PurgedSplit split = PurgedSplit.Create(all, SettledData.Weekdays);
        SettledCandidate At(string symbol, int session, int index = 0) =>
            all.Single(c => c.Candidate.CandidateId == $"{SettledData.ContextId(symbol, session)}-{index}");

        SplitPairs pairs = split.Apply([
            SettledData.Pair(At("A", 3), At("A", 3, 1), PreferencePool.SameContext),
            SettledData.Pair(At("A", 74), At("B", 74), PreferencePool.SameDate),
            SettledData.Pair(At("A", 90), At("A", 91), PreferencePool.SameSymbol),
            SettledData.Pair(At("A", 62), At("A", 73), PreferencePool.SameSymbol),
            SettledData.Pair(At("A", 62), At("A", 63), PreferencePool.SameSymbol),
            SettledData.Pair(At("A", 68), At("A", 68, 1), PreferencePool.SameContext),
        ]);
        Assert.Equal((1, 1, 1), (pairs.Train.Count, pairs.Stopping.Count, pairs.Validation.Count));
        Assert.Equal((1, 2), (pairs.CrossSide, pairs.Purged));
    }

    [Fact]
    public void Apply_UnknownCandidate_Throws()
    {
        PurgedSplit split = PurgedSplit.Create(Daily(100), SettledData.Weekdays);
        PreferencePair pair = SettledData.Pair(
            SettledData.Candidate("C", 1),
            SettledData.Candidate("A", 1),
            PreferencePool.SameDate
        );
        Assert.Throws<ArgumentException>(() => split.Apply([pair]));
    }

    [Theory]
    [InlineData("x", 20, 25, "1 shared decisions (x)")]
    [InlineData("late", 18, 23, "1 windows that reach into a later side (x)")]
    [InlineData("late", 21, 26, "1 decisions within 5 sessions of an earlier exit (late)")]
    public void Check_PlantedLeak_ThrowsAndNamesTheDecision(string laterId, int from, int to, string expected)
    {
        // The earlier decision x holds from session 13 to session 18.
        SplitContext earlier = Context("x", 13, 18);
        SplitContext later = Context(laterId, from, to);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            SplitAudit.Check(
                [
                    [earlier],
                    [later],
                ],
                SettledData.Weekdays,
                embargoDays: 5
            )
        );
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CleanSides_CountsNothing() =>
        Assert.Equal(
            new SplitAudit(0, 0, 0),
            SplitAudit.Check(
                [
                    [Context("x", 13, 18)],
                    [Context("y", 24, 29)],
                ],
                SettledData.Weekdays,
                embargoDays: 5
            )
        );

    private static SplitContext Context(string id, int from, int to) =>
        new(
            id,
            "A",
            new LabelWindow(SettledData.CloseOf(SettledData.Session(from)), SettledData.CloseOf(SettledData.Session(to)))
        );
}
