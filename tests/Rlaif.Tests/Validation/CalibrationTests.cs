using CsCheck;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class CalibrationTests
{
    private static readonly double[] Predicted = [.95, .9, .8, .75, .7, .65, .6, .55, .52, .51];
    private static readonly double[] Happened = [1, 1, 1, 0, 1, 0, 1, 0, 1, 0];
    private static readonly double[] Margins = [2.2, 1.4, 3, -.5, .8, -1.2, 2.5, .3, -2, 1.1];

    [Theory]
    [InlineData(10, 0.123)]
    [InlineData(15, 0.183)]
    public void ExpectedError_ReferencePredictions_GivesTheReferenceValue(int bins, double expected) =>
        Assert.Equal(expected, Calibration.ExpectedError(Calibration.Reliability(Predicted, Happened, bins))!.Value, 1e-12);

    [Fact]
    public void Scores_ReferencePredictions_GiveTheReferenceValues()
    {
        Assert.Equal(0.20805, Calibration.BrierScore(Predicted, Happened)!.Value, 1e-12);
        Assert.Equal(0.5849198466184778, Calibration.LogLoss(Predicted, Happened)!.Value, 1e-12);
    }

    [Fact]
    public void FitTemperature_ReferenceMargins_GivesTheReferenceValues()
    {
        Assert.Equal(0.6230056513646285, Calibration.MarginLogLoss(Margins)!.Value, 1e-12);
        double temperature = Calibration.FitTemperature(Margins)!.Value;
        Assert.Equal(1.69406560, temperature, 1e-6);
        Assert.Equal(0.5889527559096277, Calibration.MarginLogLoss(Margins, temperature)!.Value, 1e-12);
        Assert.False(Calibration.IsClamped(temperature));
    }

    [Fact]
    public void FitTemperature_MarginsThatAreAllRightOrMostlyWrong_LieOnAnEnd()
    {
        Assert.True(Calibration.IsClamped(Calibration.FitTemperature([1, 2, 3])!.Value));
        Assert.True(Calibration.IsClamped(Calibration.FitTemperature([-1, -2, 0.5])!.Value));
        Assert.Null(Calibration.FitTemperature([]));
    }

    [Fact]
    public void FitTemperature_AnyMargins_NoOtherTemperatureIsBetter() =>
        Gen.Select(Gen.Double[-5, 5].Array[1, 40], Gen.Double[0.05, 20])
            .Sample(
                (margins, other) =>
                    Calibration.MarginLogLoss(margins, Calibration.FitTemperature(margins)!.Value)
                    <= Calibration.MarginLogLoss(margins, other) + 1e-9
            );

    [Fact]
    public void Reliability_EdgesOfBins_BelongToTheLowerBin()
    {
        IReadOnlyList<ReliabilityBin> bins = Calibration.Reliability([0, 0.5, 0.500001, 1], [0, 1, 1, 1], 2);
        Assert.Equal([2, 2], bins.Select(b => b.Count));
        Assert.Equal(0.5, bins[0].HitRate);
    }

    [Fact]
    public void MarginLogLoss_HugeMargins_StaysFinite() =>
        Assert.Equal(500, Calibration.MarginLogLoss([1000, -1000])!.Value, 1e-9);

    [Fact]
    public void Scores_NoPredictions_AreNull()
    {
        Assert.Null(Calibration.LogLoss([], []));
        Assert.Null(Calibration.BrierScore([], []));
        Assert.Null(Calibration.ExpectedError([]));
        Assert.Null(Calibration.MarginLogLoss([]));
    }
}
