using Rlaif.Core;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class BaselineAccuracyTests
{
    private static readonly PreferenceDataset Data = SettledData.CoinPairs(120, new DeterministicRandom(4), pairsPerDate: 3);
    private static readonly double[] Oracle =
    [
        .. Data.Candidates.Select(c => Data.Pairs.Any(p => p.ChosenId == c.Candidate.CandidateId) ? 1.0 : 0),
    ];

    [Fact]
    public void Measure_TheModelItself_HasNoLead()
    {
        BaselineAccuracy same = Measure(Oracle, Oracle);
        Assert.Equal((1.0, 0.0, true), (same.Accuracy, same.Lead, same.IsAsGood));
        Assert.Equal((0, 0), (same.LeadInterval!.Lower, same.LeadInterval.Upper));
    }

    [Fact]
    public void Measure_CoinBesideAnOracle_IsBehindByHalf()
    {
        BaselineAccuracy coin = Measure([.. Oracle.Select(_ => 0.0)], Oracle);
        Assert.Equal((0.5, 0.5, false), (coin.Accuracy, coin.Lead, coin.IsAsGood));
        Assert.Equal((0.5, 0.5), (coin.Interval!.Lower, coin.Interval.Upper));
    }

    [Fact]
    public void Measure_LeadIsPaired_AndTurnsWithTheSides()
    {
        var random = new DeterministicRandom(8);
        double[] noisy = [.. Oracle.Select(o => o + (0.8 * random.NextGaussian()))];
        BaselineAccuracy behind = Measure(noisy, Oracle);
        BaselineAccuracy ahead = Measure(Oracle, noisy);
        Assert.Equal(behind.Lead, 1 - behind.Accuracy, 1e-12);
        Assert.Equal(behind.Lead, -ahead.Lead, 1e-12);
        Assert.False(behind.IsAsGood);
        Assert.True(ahead.IsAsGood && ahead.LeadInterval!.Upper < 0);
    }

    private static BaselineAccuracy Measure(double[] scores, double[] rewards) =>
        BaselineAccuracy.Measure("any", Data, scores, rewards, new DeterministicRandom(1));
}
