using CsCheck;
using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tests.Validation;
using Rlaif.Validation;

namespace Rlaif.Tests.Outcomes;

public sealed class OverlappingWindowsTests
{
    private static int Dates(params IEnumerable<SettledCandidate> settled) =>
        OverlappingWindows.DatesPerWindow(settled, TimeSpan.Zero);

    private static IEnumerable<SettledCandidate> Every(int step, int hold, int dates, int from = 0, string symbol = "A") =>
        Enumerable.Range(0, dates).Select(d => SettledData.Candidate(symbol, from + (d * step), hold: hold));

    [Theory]
    [InlineData(5, 1, 5)]
    [InlineData(5, 5, 1)]
    [InlineData(5, 2, 3)]
    [InlineData(5, 3, 2)]
    [InlineData(1, 5, 1)]
    [InlineData(10, 2, 5)]
    public void DatesPerWindow_EvenSteps_IsHoldByStepRoundedUp(int hold, int step, int expected) =>
        Assert.Equal(expected, Dates(Every(step, hold, 30)));

    [Fact]
    public void DatesPerWindow_Nothing_IsOne() => Assert.Equal(1, Dates());

    [Fact]
    public void DatesPerWindow_YearsOfMonthlyDecisionsBeforeAMonthOfDailyOnes_AreNoExcuse() =>
        Assert.Equal(5, Dates([.. Every(20, 5, 40), .. Every(1, 5, 22, from: 800)]));

    [Theory]
    [InlineData("A", 100)]
    [InlineData("ABCDE", 20)]
    public void DatesPerWindow_OneHaltOfMonths_CountsForNothing(string symbols, int dates)
    {
        SettledCandidate[] settled = [.. symbols.SelectMany(s => Every(1, 5, dates, symbol: $"{s}"))];
        settled[7] = settled[7] with
        {
            Outcome = settled[7].Outcome with { ExitAt = SettledData.CloseOf(SettledData.Session(300)) },
        };
        Assert.Equal(5, Dates(settled));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void DatesPerWindow_FewLongPositionsAmongShortOnes_CountTheLong(int longOnes) =>
        Assert.Equal(20, Dates(Enumerable.Range(0, 10).SelectMany(s => Every(1, s < longOnes ? 20 : 2, 100, symbol: $"S{s}"))));

    [Fact]
    public void DatesPerWindow_AnyDecisions_IsWhatCountingGives() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 12])
            .Array[1, 40]
            .Select(Gen.Int[0, 10])
            .Sample(
                (decisions, reach) =>
                {
                    SettledCandidate[] settled =
                    [
                        .. decisions.Select((d, i) => SettledData.Candidate($"S{i}", d.Item1, hold: d.Item2)),
                    ];
                    // Of forty windows the two longest may be freaks, of twenty the longest may be one.
                    TimeSpan usual = settled.Select(LengthOf).OrderDescending().ElementAt(settled.Length / 20);
                    (DateTimeOffset Start, DateTimeOffset End)[] windows =
                    [
                        .. settled
                            .GroupBy(s => s.Context.AsOf)
                            .Select(g => (g.Key, g.Key.AddDays(reach) + g.Max(s => LengthOf(s) < usual ? LengthOf(s) : usual))),
                    ];
                    Assert.Equal(
                        windows.Max(w => windows.Count(o => o.Start >= w.Start && o.Start < w.End)),
                        OverlappingWindows.DatesPerWindow(settled, TimeSpan.FromDays(reach))
                    );
                },
                iter: 500
            );

    [Fact]
    public void ForPairs_PairsAcrossDates_ReachAsFarAsTheWidest()
    {
        SettledCandidate[] weekly = [.. Every(5, 5, 12)];
        var near = new PreferenceDataset(weekly, weekly.Zip(weekly.Skip(1), Pair));
        var far = new PreferenceDataset(weekly, [.. near.Pairs, Pair(weekly[0], weekly[4])]);
        Assert.Equal(1, BootstrapOptions.ForDecisions(weekly).BlockLength);
        Assert.Equal(2, BootstrapOptions.ForPairs(near).BlockLength);
        Assert.Equal(5, BootstrapOptions.ForPairs(far).BlockLength);

        static PreferencePair Pair(SettledCandidate one, SettledCandidate other) =>
            SettledData.Pair(one, other, PreferencePool.SameSymbol);
    }

    /// <summary>Twelve weeks of daily decisions held a week, on prices without any edge: taken for independent, their intervals cover the truth two times in three.</summary>
    [Fact]
    public void Compare_DailyDecisionsHeldAWeek_IntervalsCoverTheTruth()
    {
        const int Markets = 300;
        int covered = 0;
        int coveredDateByDate = 0;
        for (int market = 0; market < Markets; market++)
        {
            var random = new DeterministicRandom(market);
            double[] days = [.. Enumerable.Range(0, 70).Select(_ => 0.01 * random.NextGaussian())];
            SettledCandidate[] long5 = [.. Enumerable.Range(0, 60).Select(d => Held(d, days.AsSpan(d, 5)))];
            SettledCandidate[] nothing = [.. Enumerable.Range(0, 60).Select(d => Held(d, []))];
            covered += Covers(PairedComparison.Compare(nothing, long5, random));
            coveredDateByDate += Covers(PairedComparison.Compare(nothing, long5, random, new BootstrapOptions()));
        }

        Assert.InRange(covered / (double)Markets, 0.86, 0.99);
        Assert.InRange(coveredDateByDate / (double)Markets, 0.4, 0.75);

        static SettledCandidate Held(int session, ReadOnlySpan<double> returns)
        {
            double sum = 0;
            foreach (double r in returns)
            {
                sum += r;
            }

            return SettledData.Candidate("A", session, sum);
        }

        static int Covers(PairedComparison comparison) => comparison.Interval is { Lower: <= 0, Upper: >= 0 } ? 1 : 0;
    }

    private static TimeSpan LengthOf(SettledCandidate settled) => settled.Outcome.ExitAt - settled.Context.AsOf;
}
