using CsCheck;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Preferences;

public sealed class ScoreSpreadTests
{
    [Fact]
    public void At_AnyMoment_IsTheDeviationOfTheScoresKnownByThen() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Int[0, 6])
            .Array[0, 30]
            .Sample(scores =>
            {
                ScoredCandidate[] scored = [.. scores.Select((s, i) => Scored(i, 1000 + s.Item1, knownDay: s.Item2))];
                var spread = new ScoreSpread(scored);
                for (int day = -1; day <= 7; day++)
                {
                    DateTimeOffset moment = SettledSamples.FirstDecision.AddDays(day);
                    double[] known = [.. scored.Where(s => s.Outcome.KnownAt <= moment).Select(s => s.Score)];
                    double? expected = known.Length < 2 ? null : Deviation(known);
                    Assert.Equal(expected is null, spread.At(moment) is null);
                    Assert.Equal(expected ?? 0, spread.At(moment) ?? 0, 1e-9);
                }
            });

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    private static ScoredCandidate Scored(int index, double score, int knownDay)
    {
        SettledCandidate settled = SettledSamples.Single($"S{index:00}", 0, TradeAction.Buy, 0.01);
        Outcome outcome = settled.Outcome with { KnownAt = SettledSamples.FirstDecision.AddDays(knownDay) };
        return new ScoredCandidate(settled with { Outcome = outcome }, score, index, Draw: 0);
    }
}
