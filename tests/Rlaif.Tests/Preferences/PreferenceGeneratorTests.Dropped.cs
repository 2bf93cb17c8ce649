using CsCheck;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Preferences;

public sealed partial class PreferenceGeneratorTests
{
    // ---- What makes no pair ----

    [Fact]
    public void Generate_SameActionAndSizeInOneContext_IsATie()
    {
        PreferenceResult result = PreferenceGenerator.Generate(
            OneContext(0.05, (TradeAction.Buy, 0.05), (TradeAction.Buy, 0.05)),
            Small
        );
        Assert.Empty(result.Pairs);
        Assert.Equal(1, result.Dropped["tie"]);
    }

    /// <summary>Of one proposal, settled at two times or once by hand: how it was settled says nothing about what was proposed.</summary>
    [Fact]
    public void Generate_SameProposalSettledOtherwise_IsATie()
    {
        List<SettledCandidate> settled = OneContext(0.05, (TradeAction.Buy, 0.05), (TradeAction.Buy, 0.05));
        foreach (ExitReason other in (ExitReason[])[ExitReason.TimeLimit, ExitReason.Stop, ExitReason.Reported])
        {
            settled[1] = With(settled[1], 0.2, other);
            PreferenceResult result = PreferenceGenerator.Generate(settled, Small);
            Assert.Empty(result.Pairs);
            Assert.Equal(1, result.Dropped["tie"]);
        }
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(0.05, 0)]
    public void Generate_SameProposalWithReportedOutcomes_IsAPairWhereTheyDiffer(double second, int pairs)
    {
        List<SettledCandidate> settled = OneContext(0.05, (TradeAction.Buy, 0.05), (TradeAction.Buy, 0.05));
        settled = [With(settled[0], 0.05, ExitReason.Reported), With(settled[1], second, ExitReason.Reported)];
        PreferenceResult result = PreferenceGenerator.Generate(settled, Small);
        Assert.Equal(pairs, result.Pairs.Count);
        Assert.Equal(1 - pairs, result.Dropped.GetValueOrDefault("tie"));
        Assert.All(result.Pairs, p => Assert.Equal(settled[1].Candidate.CandidateId, p.ChosenId));
    }

    private static SettledCandidate With(SettledCandidate settled, double grossReturn, ExitReason reason) =>
        settled with
        {
            Outcome = settled.Outcome with { GrossReturn = grossReturn, ExitReason = reason },
        };

    [Fact]
    public void Generate_SameActionOtherSize_PrefersTheBolderWhereItPaid()
    {
        List<SettledCandidate> settled = OneContext(0.05, (TradeAction.Buy, 0.05), (TradeAction.Buy, 0.1));
        Assert.Equal(
            settled[1].Candidate.CandidateId,
            Assert.Single(PreferenceGenerator.Generate(settled, Small).Pairs).ChosenId
        );
    }

    [Fact]
    public void Generate_GapBelowMargin_IsDroppedAndAtMarginKept()
    {
        double sigma = 0.02 * Math.Sqrt(5);
        List<SettledCandidate> settled = OneContext(0.5 * sigma, (TradeAction.Buy, 0.05), (TradeAction.Hold, 0));
        Assert.Equal(1, PreferenceGenerator.Generate(settled, Small with { MinMargin = 0.51 }).Dropped["below_margin"]);
        Assert.Single(PreferenceGenerator.Generate(settled, Small with { MinMargin = 0.49 }).Pairs);
    }

    [Fact]
    public void Generate_MetricUndefined_CountsTheCandidates()
    {
        List<SettledCandidate> settled = OneContext(
            0.05,
            (TradeAction.Buy, 0.05),
            (TradeAction.Sell, 0.05),
            (TradeAction.Hold, 0)
        );
        PreferenceResult result = PreferenceGenerator.Generate(settled, Small with { Metric = ComparisonMetric.Sharpe });
        Assert.Empty(result.Pairs);
        Assert.Equal(2, result.Dropped["metric_undefined"]);
    }

    [Fact]
    public void Generate_OneOrNoMetricUndefined_IsOneOrNotListed()
    {
        List<SettledCandidate> settled = OneContext(0.05, (TradeAction.Buy, 0.05), (TradeAction.Hold, 0));
        PreferenceResult one = PreferenceGenerator.Generate(settled, Small with { Metric = ComparisonMetric.Sharpe });
        Assert.Equal(1, one.Dropped["metric_undefined"]);
        Assert.DoesNotContain("metric_undefined", PreferenceGenerator.Generate(settled, Small).Dropped.Keys);
    }

    [Fact]
    public void Generate_ReturnWithoutVolatility_IsDroppedForUnknownNoise()
    {
        List<SettledCandidate> settled =
        [
            SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.1, volatility: null),
            SettledSamples.Single("TSLA", 0, TradeAction.Buy, -0.1),
        ];
        var options = new PreferenceOptions { MinSamples = 2, Metric = ComparisonMetric.Return };
        Assert.Equal(1, PreferenceGenerator.Generate(settled, options).Dropped["no_volatility"]);
    }

    [Theory]
    [InlineData(6, 0, 1)]
    [InlineData(7, 1, 0)]
    [InlineData(30, 1, 0)]
    [InlineData(31, 0, 0)]
    public void Generate_SameSymbol_TakesDisjointWindowsWithinThirtyDays(int day, int pairs, int overlapping)
    {
        List<SettledCandidate> settled =
        [
            SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.1),
            SettledSamples.Single("AAPL", day, TradeAction.Buy, -0.1),
        ];
        var options = new PreferenceOptions { MinSamples = 2, Pools = [PreferencePool.SameSymbol] };
        PreferenceResult result = PreferenceGenerator.Generate(settled, options);
        Assert.Equal(pairs, result.Pairs.Count);
        Assert.Equal(overlapping, result.Dropped.GetValueOrDefault("overlapping_windows"));
    }

    [Fact]
    public void Generate_TooFewCandidates_SaysHowMany()
    {
        NotEnoughDataException error = Assert.Throws<NotEnoughDataException>(() =>
            PreferenceGenerator.Generate(SettledSamples.World(1, moments: 1, candidates: 5, symbols: 1))
        );
        Assert.Equal("Not enough completed decisions (5 < 10).", error.Message);
    }

    [Fact]
    public void Generate_CandidateGivenTwice_IsRefused()
    {
        List<SettledCandidate> settled = OneContext(0.05, (TradeAction.Buy, 0.05), (TradeAction.Hold, 0));
        Assert.Throws<ArgumentException>(() => PreferenceGenerator.Generate([.. settled, settled[0]], Small));
    }

    [Fact]
    public void Generate_BadOptions_NamesThemAll()
    {
        var bad = new PreferenceOptions
        {
            MaxPairsPerDecision = 0,
            MinMargin = -1,
            Pools = [],
        };
        string message = Assert.Throws<RlaifInputException>(() => PreferenceGenerator.Generate([], bad)).Message;
        Assert.All(
            ["MaxPairsPerDecision", "MinMargin", "Pools"],
            name => Assert.Contains(name, message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Generate_Pairs_ComeInOrderOfTime() =>
        Seeds.Sample(
            seed =>
            {
                IReadOnlyList<PreferencePair> pairs = PreferenceGenerator.Generate(SettledSamples.World(seed), AllPools).Pairs;
                Assert.Equal(pairs.OrderBy(p => p.KnownAt).ThenBy(p => p.PairId, StringComparer.Ordinal), pairs);
            },
            iter: Worlds
        );
}
