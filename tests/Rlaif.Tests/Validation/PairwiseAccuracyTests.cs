using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class PairwiseAccuracyTests
{
    private static readonly double[] Margins = [2.2, 1.4, 3, -.5, .8, -1.2, 2.5, .3, -2, 1.1];

    [Fact]
    public void Measure_ReferenceMargins_GivesTheReferenceValues()
    {
        (PreferenceDataset data, double[] rewards) = MarginPairs.With(Margins);
        PairwiseAccuracy measured = PairwiseAccuracy.Measure(data, rewards, new DeterministicRandom(1));
        Assert.Equal(0.7, measured.Accuracy, 1e-12);
        Assert.Equal(0.6230056513646285, measured.LogLoss, 1e-12);
        Assert.Equal(Margins.Average(m => Math.Pow(1 / (1 + Math.Exp(m)), 2)), measured.BrierScore, 1e-12);
        Assert.Equal((10, 10), (measured.Pairs, measured.Dates));
        Assert.Equal(
            (5, 0.8),
            (measured.ByPool[PreferencePool.SameContext].Pairs, measured.ByPool[PreferencePool.SameContext].Accuracy)
        );
        Assert.Equal(0.6, measured.ByPool[PreferencePool.SameDate].Accuracy);
        Assert.False(measured.ByPool.ContainsKey(PreferencePool.SameSymbol));
        Assert.All(measured.Raw.Reliability, b => Assert.InRange(b.MeanPrediction, 0.5, 1));
    }

    [Fact]
    public void Measure_CalibratedProbabilities_HasNoCalibrationError()
    {
        // A margin of ln 3 claims 75%; three of four come true.
        double claim = Math.Log(3);
        (PreferenceDataset data, double[] rewards) = MarginPairs.With([claim, claim, claim, -claim]);
        PairwiseAccuracy measured = PairwiseAccuracy.Measure(data, rewards, new DeterministicRandom(1));
        Assert.Equal(0, measured.CalibrationError, 1e-12);
    }

    [Fact]
    public void Measure_Temperature_ChangesProbabilitiesAlone()
    {
        (PreferenceDataset data, double[] rewards) = MarginPairs.With(Margins);
        double fitted = Calibration.FitTemperature(Margins)!.Value;
        PairwiseAccuracy measured = PairwiseAccuracy.Measure(data, rewards, new DeterministicRandom(1), null, fitted);
        PairwiseAccuracy plain = PairwiseAccuracy.Measure(data, rewards, new DeterministicRandom(1));
        Assert.Equal(0.5889527559096277, measured.Calibrated.LogLoss, 1e-9);
        Assert.Equal((fitted, false), (measured.Calibrated.Temperature, measured.Calibrated.IsClamped));
        Assert.Equal((plain.Accuracy, plain.Interval), (measured.Accuracy, measured.Interval));
        Assert.Equal((plain.LogLoss, plain.BrierScore), (measured.LogLoss, measured.BrierScore));
        Assert.Equal(plain.Raw.LogLoss, plain.Calibrated.LogLoss);
        Assert.True(PairwiseAccuracy.Measure(data, rewards, new DeterministicRandom(1), null, 20).Calibrated.IsClamped);
    }

    [Fact]
    public void Measure_Ties_CountHalf()
    {
        (PreferenceDataset data, double[] rewards) = MarginPairs.With([0, 0, 0]);
        PairwiseAccuracy measured = PairwiseAccuracy.Measure(data, rewards, new DeterministicRandom(1));
        Assert.Equal(
            (0.5, Math.Log(2), 0.25, 0),
            (measured.Accuracy, measured.LogLoss, measured.BrierScore, measured.CalibrationError)
        );
    }

    [Fact]
    public void Measure_MonotoneTransformOfRewards_KeepsTheAccuracy()
    {
        (PreferenceDataset data, double[] rewards) = MarginPairs.With(Margins);
        double[] transformed = [.. rewards.Select(r => Math.Exp(r / 2))];
        var random = new DeterministicRandom(1);
        Assert.Equal(
            PairwiseAccuracy.Measure(data, rewards, random).Interval,
            PairwiseAccuracy.Measure(data, transformed, random).Interval
        );
    }

    // Null control: rewards that know nothing are right half of the time, and the interval says so at its nominal rate.
    [Fact]
    public void Measure_RandomRewards_IntervalContainsChanceAtTheNominalRate()
    {
        const int Repetitions = 200;
        var root = new DeterministicRandom(21);
        int contains = 0;
        for (int r = 0; r < Repetitions; r++)
        {
            DeterministicRandom random = root.Fork($"run{r}");
            PreferenceDataset data = SettledData.CoinPairs(120, random, pairsPerDate: 3);
            double[] rewards = [.. data.Candidates.Select(_ => random.NextGaussian())];
            contains += PairwiseAccuracy.Measure(data, rewards, random).Interval!.Contains(0.5) ? 1 : 0;
        }

        // 95% of 200 is 190 with a standard deviation of 3.1.
        Assert.InRange(contains, 180, 199);
    }

    [Fact]
    public void Measure_PairAcrossDates_BelongsToTheLaterOne()
    {
        SettledCandidate early = SettledData.Candidate("A", 1);
        SettledCandidate late = SettledData.Candidate("A", 2);
        SettledCandidate other = SettledData.Candidate("B", 2);
        var data = new PreferenceDataset(
            [early, late, other],
            [SettledData.Pair(early, late, PreferencePool.SameSymbol), SettledData.Pair(late, other, PreferencePool.SameDate)]
        );
        Assert.Equal(1, PairwiseAccuracy.Measure(data, [1, 2, 3], new DeterministicRandom(1)).Dates);
    }

    [Fact]
    public void Measure_NothingToMeasureOrBadRewards_SaysSo()
    {
        var random = new DeterministicRandom(1);
        Assert.Throws<NotEnoughDataException>(() => PairwiseAccuracy.Measure(new PreferenceDataset([], []), [], random));
        (PreferenceDataset data, double[] rewards) = MarginPairs.With(Margins);
        Assert.Throws<ArgumentException>(() => PairwiseAccuracy.Measure(data, rewards[1..], random));
        rewards[3] = double.NaN;
        Assert.Throws<ArgumentException>(() => PairwiseAccuracy.Measure(data, rewards, random));
    }

    [Fact]
    public void Accuracy_TrueExpectation_IsTheCeilingThatRankingByItReaches()
    {
        (PreferenceDataset data, double[] rewards) = MarginPairs.With(Margins);
        Assert.Equal(0.7, Attainable.Accuracy(data, c => rewards[data.IndexOf(c.Candidate.CandidateId)])!.Value, 1e-12);
        Assert.Equal(0.5, Attainable.Accuracy(data, _ => 1)!.Value);
        Assert.Null(Attainable.Accuracy(new PreferenceDataset([], []), _ => 1));
    }
}
