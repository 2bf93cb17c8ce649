using System.Text.Json;
using Rlaif.Core;
using Rlaif.Decisions.Llm.Judging;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tests.Decisions.Llm.Judging;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class JudgeAgreementTests
{
    private const int Week = 5;

    [Fact]
    public void Measure_JudgeThatAgreesAlways_AgreesWithTheMarket()
    {
        JudgeAgreement agreement = Measure(60, Week, _ => true);
        Assert.Equal((60, 60, 60), (agreement.Judged, agreement.Compared, agreement.Dates));
        Assert.Equal(1, agreement.Share);
        Assert.Equal(1, agreement.Interval!.Upper);
        Assert.InRange(agreement.Interval.Lower, 0.9, 0.95);
        Assert.Equal("agrees with the market", agreement.Verdict);
    }

    [Fact]
    public void Measure_JudgeThatIsAlwaysWrong_DisagreesWithTheMarket()
    {
        JudgeAgreement agreement = Measure(60, Week, _ => false);
        Assert.Equal(0, agreement.Share);
        Assert.Equal(0, agreement.Interval!.Lower);
        Assert.InRange(agreement.Interval.Upper, 0.05, 0.1);
        Assert.Equal("disagrees with the market", agreement.Verdict);
    }

    [Fact]
    public void Measure_Coin_IsNotEnoughEvidence()
    {
        const int Coins = 40;
        int covered = 0;
        for (int seed = 0; seed < Coins; seed++)
        {
            var random = new DeterministicRandom(seed);
            JudgeAgreement agreement = Measure(150, Week, _ => random.NextInt(2) == 0);
            covered += agreement.Interval!.Contains(0.5) && agreement.Verdict == "not enough evidence" ? 1 : 0;
        }

        // Of 40 intervals of 95%, 38 are expected to hold the truth; fewer than 34 would be a chance of 1 in 300.
        Assert.InRange(covered, 34, Coins);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Measure_FewUnanimousDates_AreNoEvidence(int dates)
    {
        JudgeAgreement agreement = Measure(dates, Week, _ => true);
        Assert.Equal(1, agreement.Share);
        Assert.Equal("not enough evidence", agreement.Verdict);
    }

    [Fact]
    public void Measure_FewDates_TheIntervalIsOneOfAShare()
    {
        JudgeAgreement agreement = Measure(3, Week, i => i != 0);
        Assert.InRange(agreement.Interval!.Lower, 0, agreement.Share!.Value);
        Assert.InRange(agreement.Interval.Upper, agreement.Share.Value, 1);
    }

    [Fact]
    public void Measure_OverlappingWindows_WidenTheInterval()
    {
        double daily = Width(Measure(100, 1, i => i % 4 != 0));
        double weekly = Width(Measure(100, Week, i => i % 4 != 0));
        Assert.True(Width(Measure(100, 1, _ => true)) > Width(Measure(100, Week, _ => true)));
        Assert.NotEqual(daily, weekly);

        static double Width(JudgeAgreement agreement) => agreement.Interval!.Upper - agreement.Interval.Lower;
    }

    [Fact]
    public void Measure_AllKinds_AddUp()
    {
        SettledCandidate[][] contexts = [.. Enumerable.Range(0, 6).Select(i => Context(i * Week))];
        SettledCandidate[] equal = [SettledData.Candidate("B", 0, 0.01, index: 0), SettledData.Candidate("B", 0, 0.01, index: 1)];
        Judgement[] judgements =
        [
            Judge(contexts[0], 0, beforeCutoff: true),
            Judge(contexts[1], 1),
            Judge(contexts[2], null),
            JudgedPairs.Of(
                contexts[3][0].Candidate,
                contexts[3][1].Candidate,
                null,
                orderDependent: true,
                [JudgeChoice.First, JudgeChoice.First]
            ),
            Judge(contexts[4], 0),
            Judge(equal, 0),
        ];
        SettledCandidate[] settled = [.. contexts.Take(4).SelectMany(c => c), contexts[4][0], .. equal];
        var agreement = JudgeAgreement.Measure(judgements, settled, ComparisonMetric.Return, new DeterministicRandom(1));
        Assert.Equal(6, agreement.Judged);
        Assert.Equal(
            (1, 1, 1, 1, 2),
            (agreement.Ties, agreement.OrderDependent, agreement.Unsettled, agreement.MarketTies, agreement.Compared)
        );
        Assert.Equal((0.5, 1, 2), (agreement.Share, agreement.BeforeCutoff, agreement.Dates));
        // Four preferences name each side once; the pair that depends on order named the first twice.
        Assert.Equal(0.6, agreement.FirstShare!.Value, 1e-12);
        Assert.Equal("return", agreement.Metric);
    }

    [Fact]
    public void Measure_Nothing_SaysSo()
    {
        var agreement = JudgeAgreement.Measure([], [], ComparisonMetric.Return, new DeterministicRandom(1));
        Assert.Equal(0, agreement.Judged);
        Assert.Null(agreement.Share);
        Assert.Null(agreement.Interval);
        Assert.Null(agreement.FirstShare);
        Assert.Equal("not enough evidence", agreement.Verdict);
    }

    [Fact]
    public void Measure_MetricOfYours_ChoosesTheMarketsSide()
    {
        SettledCandidate[] context = Context(0);
        var reversed = ComparisonMetric.Custom("reversed", s => -s.Outcome.NetReturn);
        var random = new DeterministicRandom(1);
        Assert.Equal(1, JudgeAgreement.Measure([Judge(context, 0)], context, ComparisonMetric.Return, random).Share);
        Assert.Equal(0, JudgeAgreement.Measure([Judge(context, 0)], context, reversed, random).Share);
    }

    [Fact]
    public void Measure_AnyOrderOfItems_GivesTheSame()
    {
        SettledCandidate[][] contexts = [.. Enumerable.Range(0, 30).Select(i => Context(i * Week))];
        Judgement[] judgements = [.. contexts.Select((c, i) => Judge(c, i % 3 == 0 ? 1 : 0))];
        SettledCandidate[] settled = [.. contexts.SelectMany(c => c)];
        var one = JudgeAgreement.Measure(judgements, settled, ComparisonMetric.Return, new DeterministicRandom(1));
        var two = JudgeAgreement.Measure(
            [.. judgements.Reverse()],
            [.. settled.Reverse()],
            ComparisonMetric.Return,
            new DeterministicRandom(1)
        );
        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(two));
    }

    // Candidate 0 of a context earns 1%, candidate 1 loses 1%.
    private static JudgeAgreement Measure(int contexts, int every, Func<int, bool> agrees)
    {
        SettledCandidate[][] made = [.. Enumerable.Range(0, contexts).Select(i => Context(i * every))];
        return JudgeAgreement.Measure(
            [.. made.Select((c, i) => Judge(c, agrees(i) ? 0 : 1))],
            [.. made.SelectMany(c => c)],
            ComparisonMetric.Return,
            new DeterministicRandom(42)
        );
    }

    private static SettledCandidate[] Context(int session) =>
        [SettledData.Candidate("A", session, 0.01, index: 0), SettledData.Candidate("A", session, -0.01, index: 1)];

    private static Judgement Judge(SettledCandidate[] context, int? preferred, bool? beforeCutoff = null) =>
        JudgedPairs.Of(
            context[0].Candidate,
            context[1].Candidate,
            preferred is { } index ? context[index].Candidate : null,
            beforeCutoff: beforeCutoff
        );
}
