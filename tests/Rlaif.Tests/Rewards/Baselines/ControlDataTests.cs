using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Baselines;
using Rlaif.Tests.Validation;

namespace Rlaif.Tests.Rewards.Baselines;

/// <summary>What the control runs are trained on.</summary>
public sealed class ControlDataTests
{
    private static readonly DeterministicRandom Coins = new(3);

    [Fact]
    public void Turn_PairsOfOneDate_ShareACoinAndAboutHalfOfTheDatesTurn()
    {
        PreferenceDataset data = SettledData.CoinPairs(900, new DeterministicRandom(1), pairsPerDate: 3);
        PreferenceDataset turned = DateCoins.Turn(data, Coins);
        Assert.Equal(data.Candidates, turned.Candidates);
        Assert.Equal(data.Pairs.Select(p => (p.PairId, p.Confidence)), turned.Pairs.Select(p => (p.PairId, p.Confidence)));
        var byDate = data
            .Pairs.Zip(turned.Pairs)
            .GroupBy(
                p => data.Candidates[data.IndexOf(p.First.ChosenId)].Context.Date,
                p => p.First.ChosenId == p.Second.RejectedId
            )
            .ToArray();
        Assert.All(byDate, date => Assert.Single(date.Distinct()));

        // 300 fair coins: 150 with a standard deviation of 8.7.
        Assert.InRange(byDate.Count(d => d.First()), 120, 180);
    }

    [Fact]
    public void Turn_ADateOnTwoSides_HasTheSameCoinOnBoth()
    {
        PreferenceDataset data = SettledData.CoinPairs(60, new DeterministicRandom(1));
        var half = new PreferenceDataset(data.Candidates, data.Pairs.Where((_, i) => i % 2 == 0));
        Assert.Equal(DateCoins.Turn(data, Coins).Pairs.Where((_, i) => i % 2 == 0), DateCoins.Turn(half, Coins).Pairs);
    }

    [Fact]
    public void Turn_PairAcrossDates_HasTheCoinOfTheLater()
    {
        SettledCandidate[] line = [.. Enumerable.Range(0, 40).Select(i => SettledData.Candidate("A", i))];
        bool[] alone = [.. line.Skip(1).Select(c => IsTurned(c, SettledData.Candidate("B", Index(c))))];
        bool[] across = [.. line.Skip(1).Select(c => IsTurned(c, line[0]))];
        bool[] backwards = [.. line.Skip(1).Select(c => IsTurned(line[0], c))];
        Assert.Equal(alone, across);
        Assert.Equal(alone, backwards);
        Assert.Equal(2, alone.Distinct().Count());

        int Index(SettledCandidate c) => Array.FindIndex(line, l => ReferenceEquals(l, c));

        static bool IsTurned(SettledCandidate a, SettledCandidate b)
        {
            PreferencePair pair = SettledData.Pair(a, b, PreferencePool.SameSymbol);
            return DateCoins.Turn(new PreferenceDataset([a, b], [pair]), Coins).Pairs[0].ChosenId != pair.ChosenId;
        }
    }

    [Fact]
    public void Shift_EveryContext_HasTheFeaturesOfItsSymbolsFirstDecisionAfterTheExit()
    {
        // Held five sessions, decided every second one: the first decision at or after the exit is three later.
        SettledCandidate[] settled =
        [
            .. from i in Enumerable.Range(0, 10)
            from symbol in new[] { "A", "B" }
            select WithFeature(SettledData.Candidate(symbol, 2 * i), symbol == "A" ? i : -i),
        ];
        IReadOnlyList<SettledCandidate> shifted = FutureFeatures.Shift(settled);
        Assert.Equal(14, shifted.Count);
        foreach (SettledCandidate s in shifted)
        {
            SettledCandidate original = settled.Single(o => o.Candidate.CandidateId == s.Candidate.CandidateId);
            double now = original.Context.Features["x"]!.Value;
            Assert.Equal(now + (original.Context.Symbol == "A" ? 3 : -3), s.Context.Features["x"]!.Value);
            Assert.Equal((original.Candidate, original.Outcome), (s.Candidate, s.Outcome));
            Assert.Equal((original.Context.AsOf, original.Context.ContextId), (s.Context.AsOf, s.Context.ContextId));
        }
    }

    private static SettledCandidate WithFeature(SettledCandidate settled, double value) =>
        settled with
        {
            Context = settled.Context with
            {
                Features = new Dictionary<string, double?>(StringComparer.Ordinal) { ["x"] = value },
            },
        };
}
