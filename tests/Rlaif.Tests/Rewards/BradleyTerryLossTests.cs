using CsCheck;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class BradleyTerryLossTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Evaluate_ReferenceVectors_Agree()
    {
        double[] scores = [2, 1];
        double[] gradient = new double[2];
        PairLoss plain = new BradleyTerryLoss().Evaluate(scores, [new ScoredPair(0, 1)], gradient);
        Assert.Equal(0.3132616875182228, plain.Total, Tolerance);
        Assert.Equal(-0.2689414213699951, gradient[0], Tolerance);
        Assert.Equal(0.2689414213699951, gradient[1], Tolerance);
        Assert.Equal(0.47407698418010663, Loss(new BradleyTerryLoss(), scores, margin: 0.5), Tolerance);
        Assert.Equal(0.3132616875182228 + 0.09, Loss(new BradleyTerryLoss { CenteringCoefficient = 0.01 }, scores), Tolerance);
        Assert.Equal(0.41326168751822284, Loss(new BradleyTerryLoss { LabelSmoothing = 0.1 }, scores), Tolerance);
        Assert.Equal(0.1882616875182228, Loss(new BradleyTerryLoss { FlipProbability = 0.1 }, scores), Tolerance);
    }

    [Fact]
    public void Evaluate_SharedCandidates_SumsTheirGradients()
    {
        double[] gradient = new double[3];
        ScoredPair[] pairs = [new(0, 1), new(0, 2), new(2, 1)];
        PairLoss loss = new BradleyTerryLoss().Evaluate([1, 0, -1], pairs, gradient);
        Assert.Equal(0.584483795360, loss.Total, 1e-12);
        Assert.Equal(-0.129381447797, gradient[0], 1e-12);
        Assert.Equal(0.333333333333, gradient[1], 1e-12);
        Assert.Equal(-0.203951885536, gradient[2], 1e-12);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(-1000)]
    public void Evaluate_HugeGap_StaysFinite(double gap)
    {
        double[] gradient = new double[2];
        PairLoss loss = new BradleyTerryLoss().Evaluate([gap, 0], [new ScoredPair(0, 1)], gradient);
        Assert.Equal(Math.Max(-gap, 0), loss.Total, Tolerance);
        Assert.Equal(gap > 0 ? 0 : -1, gradient[0], Tolerance);
    }

    [Fact]
    public void Evaluate_RobustBeyondTheClip_IsConstant()
    {
        var robust = new BradleyTerryLoss { FlipProbability = 0.1, RobustClip = 3 };
        double[] gradient = new double[2];
        robust.Evaluate([5, 0], [new ScoredPair(0, 1)], gradient);
        Assert.Equal([0, 0], gradient);
        Assert.Equal(Loss(robust, [5, 0]), Loss(robust, [50, 0]), Tolerance);
    }

    [Fact]
    public void Evaluate_AnyVariant_GradientEqualsFiniteDifferences() =>
        Gen.Select(Gen.Double[-3, 3].Array[4], Gen.Double[0, 0.4], Gen.Double[0, 0.4], Gen.Double[0, 1], Gen.Double[0.1, 2])
            .Sample(
                (scores, smoothing, flip, centering, weight) =>
                {
                    ScoredPair[] pairs = [new(0, 1, weight), new(2, 1, 1, 0.3), new(3, 0, 2 * weight)];
                    foreach (
                        BradleyTerryLoss loss in new BradleyTerryLoss[]
                        {
                            new() { LabelSmoothing = smoothing, CenteringCoefficient = centering },
                            new() { FlipProbability = flip, CenteringCoefficient = centering },
                        }
                    )
                    {
                        double[] gradient = new double[4];
                        loss.Evaluate(scores, pairs, gradient);
                        for (int i = 0; i < scores.Length; i++)
                        {
                            const double Step = 1e-5;
                            double[] up = [.. scores];
                            double[] down = [.. scores];
                            up[i] += Step;
                            down[i] -= Step;
                            double slope =
                                (loss.Evaluate(up, pairs, []).Total - loss.Evaluate(down, pairs, []).Total) / (2 * Step);
                            Assert.Equal(slope, gradient[i], 1e-8);
                        }
                    }
                },
                iter: 100
            );

    [Fact]
    public void Evaluate_Weights_ScaleThePreferencePartAlone()
    {
        var loss = new BradleyTerryLoss { CenteringCoefficient = 0.01 };
        PairLoss one = loss.Evaluate([2, 1], [new ScoredPair(0, 1)], []);
        PairLoss three = loss.Evaluate([2, 1], [new ScoredPair(0, 1, 3)], []);
        Assert.Equal(3 * one.Preference, three.Preference, Tolerance);
        Assert.Equal(one.Centering, three.Centering, Tolerance);
    }

    private static double Loss(BradleyTerryLoss loss, double[] scores, double margin = 0) =>
        loss.Evaluate(scores, [new ScoredPair(0, 1, 1, margin)], []).Total;
}
