using CsCheck;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Preferences;

public sealed partial class PreferenceGeneratorTests
{
    private const int Worlds = 40;
    private static readonly Gen<int> Seeds = Gen.Int[0, 1_000_000];

    private static readonly PreferenceOptions AllPools = new()
    {
        Pools = [PreferencePool.SameContext, PreferencePool.SameDate, PreferencePool.SameSymbol],
    };

    private static readonly PreferenceOptions Small = new() { MinSamples = 2, Pools = [PreferencePool.SameContext] };

    // ---- Reference values ----

    [Theory]
    [InlineData(0.25, 0.570)]
    [InlineData(0.5, 0.638)]
    [InlineData(1, 0.760)]
    [InlineData(2, 0.921)]
    public void Generate_GapInSigmas_GivesTheConfidenceOfTheFormula(double gap, double confidence)
    {
        double horizonVolatility = 0.02 * Math.Sqrt(5);
        List<SettledCandidate> settled = OneContext(gap * horizonVolatility, (TradeAction.Buy, 0.05), (TradeAction.Hold, 0));
        PreferencePair pair = Assert.Single(PreferenceGenerator.Generate(settled, Small).Pairs);
        Assert.Equal(gap, pair.OutcomeMargin, 1e-12);
        Assert.Equal(confidence, pair.Confidence, 5e-4);
    }

    [Fact]
    public void Generate_ReturnMetric_ConfidenceUsesTheMeanExpectedVolatility()
    {
        List<SettledCandidate> settled =
        [
            SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.08, volatility: 0.01),
            SettledSamples.Single("TSLA", 0, TradeAction.Buy, -0.03, volatility: 0.03),
        ];
        var options = new PreferenceOptions { MinSamples = 2, Metric = ComparisonMetric.Return };
        PreferencePair pair = Assert.Single(PreferenceGenerator.Generate(settled, options).Pairs);
        Assert.Equal(PreferencePool.SameDate, pair.Pool);
        Assert.Equal(settled[0].Candidate.CandidateId, pair.ChosenId);
        Assert.Equal(0.11, pair.OutcomeMargin, 1e-12);
        Assert.Equal(PoolPairs.ConfidenceOf(0.11 / (0.02 * Math.Sqrt(5))), pair.Confidence, 1e-12);
    }

    [Fact]
    public void Generate_SharpeMetric_ConfidenceUsesTheStandardErrorOfFiveReturns()
    {
        List<SettledCandidate> settled = OneContext(0.05, (TradeAction.Buy, 0.05), (TradeAction.Sell, 0.05));
        settled = [WithSharpe(settled[0], 4), WithSharpe(settled[1], -4)];
        PreferencePair pair = Assert.Single(
            PreferenceGenerator.Generate(settled, Small with { Metric = ComparisonMetric.Sharpe }).Pairs
        );
        Assert.Equal(8, pair.OutcomeMargin, 1e-12);
        Assert.Equal(PoolPairs.ConfidenceOf(8 / 7.0993), pair.Confidence, 1e-5);
    }

    [Fact]
    public void Generate_CustomMetric_ConfidenceUsesTheSpreadKnownByThen()
    {
        ComparisonMetric metric = ComparisonMetric.Custom("gross", s => s.Outcome.GrossReturn);
        List<SettledCandidate> early = OneContext(0.1, (TradeAction.Buy, 0.05), (TradeAction.Sell, 0.05));
        List<SettledCandidate> late = [.. early, SettledSamples.Single("AAPL", 70, TradeAction.Buy, 0.9)];
        PreferencePair pair = Assert.Single(PreferenceGenerator.Generate(early, Small with { Metric = metric }).Pairs);
        Assert.Equal(PoolPairs.ConfidenceOf(0.2 / Math.Sqrt(0.02)), pair.Confidence, 1e-12);
        Assert.Equal(pair, Assert.Single(PreferenceGenerator.Generate(late, Small with { Metric = metric }).Pairs));
    }

    // ---- What a pair says ----

    [Fact]
    public void Generate_FallingMarket_ChoosesTheSell()
    {
        List<SettledCandidate> settled = OneContext(
            -0.06,
            (TradeAction.Buy, 0.05),
            (TradeAction.Sell, 0.05),
            (TradeAction.Hold, 0)
        );
        var order = PreferenceGenerator
            .Generate(settled, Small)
            .Pairs.Select(p => (ActionOf(settled, p.ChosenId), ActionOf(settled, p.RejectedId)))
            .Order()
            .ToArray();
        Assert.Equal(
            [(TradeAction.Sell, TradeAction.Buy), (TradeAction.Sell, TradeAction.Hold), (TradeAction.Hold, TradeAction.Buy)],
            order
        );
    }

    [Fact]
    public void Generate_ReturnsMirrored_SwapsChosenAndRejected() =>
        Seeds.Sample(
            seed =>
            {
                List<SettledCandidate> settled = [.. SettledSamples.World(seed).Select(s => WithoutCosts(s, mirror: false))];
                List<SettledCandidate> mirrored = [.. settled.Select(s => WithoutCosts(s, mirror: true))];
                Assert.Equal(
                    Generate(settled).Select(p => (p.ChosenId, p.RejectedId, p.Pool, p.OutcomeMargin, p.Confidence)).Order(),
                    Generate(mirrored).Select(p => (p.RejectedId, p.ChosenId, p.Pool, p.OutcomeMargin, p.Confidence)).Order()
                );
            },
            iter: Worlds
        );

    [Fact]
    public void Generate_AnyWorld_PairsAreWhatTheirPoolSays() =>
        Seeds.Sample(
            seed =>
            {
                List<SettledCandidate> settled = SettledSamples.World(seed);
                Dictionary<string, SettledCandidate> byId = settled.ToDictionary(s => s.Candidate.CandidateId);
                foreach (PreferencePair pair in Generate(settled))
                {
                    SettledCandidate chosen = byId[pair.ChosenId];
                    SettledCandidate rejected = byId[pair.RejectedId];
                    RequirePool(pair.Pool, chosen, rejected);
                    Assert.True(ComparisonMetric.VolScaled.Score(chosen) > ComparisonMetric.VolScaled.Score(rejected));
                    Assert.InRange(pair.OutcomeMargin, 0.1, double.MaxValue);
                    Assert.InRange(pair.Confidence, PoolPairs.ConfidenceOf(0.1), 1);
                    Assert.Equal(new[] { chosen.Outcome.KnownAt, rejected.Outcome.KnownAt }.Max(), pair.KnownAt);
                }
            },
            iter: Worlds
        );

    [Fact]
    public void Generate_AnyWorld_KeepsTheCapAndCountsEveryPossiblePair() =>
        Gen.Select(Seeds, Gen.Int[1, 6])
            .Sample(
                (seed, cap) =>
                {
                    List<SettledCandidate> settled = SettledSamples.World(seed);
                    PreferenceResult result = PreferenceGenerator.Generate(settled, AllPools with { MaxPairsPerDecision = cap });
                    var perCandidate = result
                        .Pairs.SelectMany(p => new[] { (p.Pool, Id: p.ChosenId), (p.Pool, Id: p.RejectedId) })
                        .CountBy(p => p);
                    Assert.All(perCandidate, c => Assert.InRange(c.Value, 1, cap));

                    long undefined = result.Dropped.GetValueOrDefault("metric_undefined");
                    long dropped = result.Dropped.Values.Sum() - undefined;
                    Assert.Equal(PossiblePairs(settled), result.Pairs.Count + dropped);
                },
                iter: Worlds
            );

    [Fact]
    public void Generate_ManyCandidatesAtOneMoment_EveryoneGetsPartnersUpToTheCap()
    {
        List<SettledCandidate> settled = SettledSamples.World(7, moments: 1, candidates: 5, symbols: 400);
        PreferenceResult result = PreferenceGenerator.Generate(
            settled,
            new PreferenceOptions { Pools = [PreferencePool.SameDate] }
        );
        int scored = settled.Count(s => ComparisonMetric.VolScaled.Score(s) is not null);
        Assert.InRange(result.Pairs.Count, (int)(0.8 * scored * 4 / 2), scored * 4 / 2);
        Assert.True(result.Dropped["over_cap"] > 1_000_000);
    }

    // ---- Determinism and time ----

    [Fact]
    public void Generate_AnyOrderOfInput_GivesTheSameResult() =>
        Seeds.Sample(
            seed =>
            {
                List<SettledCandidate> settled = SettledSamples.World(seed);
                SettledCandidate[] shuffled = [.. settled];
                new DeterministicRandom(seed).Shuffle(shuffled.AsSpan());
                PreferenceResult expected = PreferenceGenerator.Generate(settled, AllPools);
                PreferenceResult found = PreferenceGenerator.Generate(shuffled, AllPools);
                Assert.Equal(expected.Pairs, found.Pairs);
                Assert.Equal(expected.Dropped, found.Dropped);
            },
            iter: Worlds
        );

    [Fact]
    public void Generate_LaterDecisionsAdded_ChangesNoEarlierPairOfAnyPool() =>
        Gen.Select(Seeds, Gen.Int[2, 9])
            .Sample(
                (seed, moments) =>
                {
                    List<SettledCandidate> all = SettledSamples.World(seed, moments: 10);
                    DateTimeOffset now = SettledSamples.FirstDecision.AddDays(7 * moments);
                    List<SettledCandidate> past = [.. all.Where(s => s.Context.AsOf < now)];
                    DateTimeOffset lastKnown = past.Max(s => s.Outcome.KnownAt);
                    Assert.Equal(Generate(past), Generate(all).Where(p => p.KnownAt <= lastKnown));
                },
                iter: Worlds
            );

    [Fact]
    public void Generate_OtherSeed_SamplesOtherPartners()
    {
        List<SettledCandidate> settled = SettledSamples.World(1, moments: 2, symbols: 40);
        Assert.NotEqual(
            PreferenceGenerator.Generate(settled, AllPools with { Seed = 1 }).Pairs,
            PreferenceGenerator.Generate(settled, AllPools with { Seed = 2 }).Pairs
        );
    }

    [Fact]
    public void Generate_ExistingPairsGiven_FormsNothingTwice() =>
        Seeds.Sample(
            seed =>
            {
                List<SettledCandidate> settled = SettledSamples.World(seed);
                PreferenceResult first = PreferenceGenerator.Generate(settled, AllPools);
                PreferenceResult second = PreferenceGenerator.Generate(settled, AllPools, first.Pairs);
                Assert.NotEmpty(first.Pairs);
                Assert.Empty(second.Pairs);
                Assert.Equal(first.Dropped, second.Dropped);
            },
            iter: Worlds
        );

    [Fact]
    public void Generate_TwoRuns_NeverMixesThem()
    {
        DecisionContext one = SettledSamples.Context("AAPL", runId: "one");
        DecisionContext two = SettledSamples.Context("TSLA", runId: "two");
        List<SettledCandidate> settled =
        [
            SettledSamples.Settle(one, SettledSamples.Candidate(one, 0, TradeAction.Buy, 0.05), 0.1),
            SettledSamples.Settle(two, SettledSamples.Candidate(two, 0, TradeAction.Buy, 0.05), -0.1),
        ];
        Assert.Empty(PreferenceGenerator.Generate(settled, AllPools with { MinSamples = 2 }).Pairs);
    }

    // ---- Negative control ----

    [Fact]
    public void Generate_OutcomesShuffled_ChosenSideIsIndependentOfTheAgentsScore()
    {
        double real = ShareWhereChosenScoredHigher(shuffle: false);
        double shuffled = ShareWhereChosenScoredHigher(shuffle: true);
        Assert.InRange(real, 0.75, 1);
        Assert.InRange(shuffled, 0.46, 0.54);
    }

    // 2,000 long decisions whose outcome follows the agent's score; shuffling cuts that link. 4 sigma of 0.5 +- 0.011 is 0.044 at
    // 2,000 independent outcomes, so the band above is nearly four standard deviations wide.
    private static double ShareWhereChosenScoredHigher(bool shuffle)
    {
        var random = new DeterministicRandom(11);
        double[] scores = [.. Enumerable.Range(0, 2000).Select(_ => (2 * random.NextDouble()) - 1)];
        double[] returns = [.. scores.Select(s => (0.04 * s) + (0.02 * random.NextGaussian()))];
        if (shuffle)
        {
            random.Shuffle(returns.AsSpan());
        }

        var settled = new List<SettledCandidate>();
        for (int i = 0; i < scores.Length; i++)
        {
            DecisionContext context = SettledSamples.Context($"S{i % 20:00}", SettledSamples.FirstDecision.AddDays(i / 20));
            settled.Add(
                SettledSamples.Settle(context, SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.05, scores[i]), returns[i])
            );
        }

        Dictionary<string, double> scoreOf = settled.ToDictionary(s => s.Candidate.CandidateId, s => s.Candidate.Score);
        return PreferenceGenerator.Generate(settled).Pairs.Average(p => scoreOf[p.ChosenId] > scoreOf[p.RejectedId] ? 1.0 : 0.0);
    }

    private static IReadOnlyList<PreferencePair> Generate(IReadOnlyList<SettledCandidate> settled) =>
        PreferenceGenerator.Generate(settled, AllPools).Pairs;

    private static List<SettledCandidate> OneContext(double assetReturn, params (TradeAction Action, double Size)[] proposals)
    {
        DecisionContext context = SettledSamples.Context();
        return
        [
            .. proposals.Select(
                (p, i) =>
                    SettledSamples.Settle(context, SettledSamples.Candidate(context, i, p.Action, p.Size), assetReturn, costs: 0)
            ),
        ];
    }

    private static TradeAction ActionOf(IEnumerable<SettledCandidate> settled, string id) =>
        settled.First(s => s.Candidate.CandidateId == id).Candidate.Action;

    private static SettledCandidate WithSharpe(SettledCandidate settled, double sharpe) =>
        settled with
        {
            Outcome = settled.Outcome with { Sharpe = sharpe },
        };

    private static SettledCandidate WithoutCosts(SettledCandidate settled, bool mirror) =>
        settled with
        {
            Outcome = settled.Outcome with
            {
                Costs = 0,
                GrossReturn = mirror ? -settled.Outcome.GrossReturn : settled.Outcome.GrossReturn,
                BenchmarkReturn = mirror ? -settled.Outcome.BenchmarkReturn : settled.Outcome.BenchmarkReturn,
            },
        };

    private static void RequirePool(PreferencePool pool, SettledCandidate chosen, SettledCandidate rejected)
    {
        Assert.Equal(chosen.Context.RunId, rejected.Context.RunId);
        TimeSpan apart = (chosen.Context.AsOf - rejected.Context.AsOf).Duration();
        switch (pool)
        {
            case PreferencePool.SameContext:
                Assert.Equal(chosen.Context.ContextId, rejected.Context.ContextId);
                Assert.NotEqual(
                    (chosen.Candidate.Action, chosen.Candidate.PositionSize),
                    (rejected.Candidate.Action, rejected.Candidate.PositionSize)
                );
                break;
            case PreferencePool.SameDate:
                Assert.Equal(TimeSpan.Zero, apart);
                Assert.NotEqual(chosen.Context.Symbol, rejected.Context.Symbol);
                break;
            default:
                Assert.Equal(chosen.Context.Symbol, rejected.Context.Symbol);
                Assert.InRange(apart, SettledSamples.Held, TimeSpan.FromDays(30));
                break;
        }
    }

    private static int PossiblePairs(IEnumerable<SettledCandidate> settled)
    {
        SettledCandidate[] defined = [.. settled.Where(s => ComparisonMetric.VolScaled.Score(s) is not null)];
        int count = 0;
        for (int i = 0; i < defined.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool sameSymbol = defined[i].Context.Symbol == defined[j].Context.Symbol;
                TimeSpan apart = (defined[i].Context.AsOf - defined[j].Context.AsOf).Duration();
                count += apart == TimeSpan.Zero || (sameSymbol && apart <= TimeSpan.FromDays(30)) ? 1 : 0;
            }
        }

        return count;
    }
}
