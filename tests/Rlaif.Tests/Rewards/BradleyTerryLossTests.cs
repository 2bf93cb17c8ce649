using CsCheck;
using Rlaif.Rewards;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class BradleyTerryLossTests
{
    private const double Tolerance = 1e-12;

    private static readonly BradleyTerryLoss[] Variants =
    [
        new(),
        new() { CenteringCoefficient = 0.3 },
        new() { LabelSmoothing = 0.2 },
        new() { FlipProbability = 0.3, CenteringCoefficient = 0.01 },
        new() { Objective = TrainingObjective.Classification },
        new()
        {
            Objective = TrainingObjective.Classification,
            LabelSmoothing = 0.1,
            CenteringCoefficient = 0.3,
        },
        new() { Objective = TrainingObjective.Classification, FlipProbability = 0.1 },
    ];

    /// <summary>Random scores, and all ordered pairs among them with random weights and margins.</summary>
    private static readonly Gen<(double[] Scores, ScoredPair[] Pairs)> RandomPairs = Gen.Select(
        Gen.Double[-3, 3].Array[5],
        Gen.Select(Gen.Double[0.1, 2], Gen.Int[0, 3], (w, m) => (Weight: w, Margin: m / 3.0)).Array[20],
        (scores, extras) =>
            (
                scores,
                Enumerable
                    .Range(0, extras.Length)
                    .Select(i => new ScoredPair(i / 4, (i / 4 + 1 + (i % 4)) % 5, extras[i].Weight, extras[i].Margin))
                    .ToArray()
            )
    );

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

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void Evaluate_RobustBeyondTheClip_IsConstant(double clip)
    {
        BradleyTerryLoss robust = new() { FlipProbability = 0.1, RobustClip = clip };
        double[] gradient = new double[2];
        robust.Evaluate([clip + 1e-9, 0], [new ScoredPair(0, 1)], gradient);
        Assert.Equal([0, 0], gradient);
        Assert.Equal(Loss(robust, [clip, 0]), Loss(robust, [5 * clip, 0]), Tolerance);

        // Just before it the loss falls with nearly the slope that it tends to, -e/(1-2e): without a clip it would fall forever.
        robust.Evaluate([clip, 0], [new ScoredPair(0, 1)], gradient);
        Assert.Equal((-0.1 / 0.8) - ((1 - BradleyTerryLoss.Sigmoid(clip)) * 1), gradient[0], Tolerance);
    }

    [Fact]
    public void Evaluate_Robust_IsOnAverageOverFlipsTheLossOfTheTrueLabels() =>
        Gen.Select(Gen.Double[-8, 8], Gen.Double[0.01, 0.45])
            .Sample(
                (gap, flip) =>
                {
                    var robust = new BradleyTerryLoss { FlipProbability = flip };
                    double average = ((1 - flip) * Loss(robust, [gap, 0])) + (flip * Loss(robust, [0, gap]));
                    Assert.Equal(BradleyTerryLoss.NegativeLogSigmoid(gap), average, 1e-10);
                }
            );

    [Fact]
    public void Evaluate_Smoothing_IsTheMixtureOfBothLabels() =>
        Gen.Select(Gen.Double[-8, 8], Gen.Double[0, 0.49])
            .Sample(
                (gap, e) =>
                {
                    double mixture =
                        ((1 - e) * BradleyTerryLoss.NegativeLogSigmoid(gap)) + (e * BradleyTerryLoss.NegativeLogSigmoid(-gap));
                    Assert.Equal(mixture, Loss(new BradleyTerryLoss { LabelSmoothing = e }, [gap, 0]), 1e-12);
                }
            );

    [Fact]
    public void Evaluate_PairTurnedAround_DiffersByTheGapAndMirrorsTheProbability() =>
        Gen.Select(Gen.Double[-20, 20], Gen.Double[-20, 20])
            .Sample(
                (a, b) =>
                {
                    var loss = new BradleyTerryLoss();
                    double[] gradient = new double[2];
                    double[] turned = new double[2];
                    PairLoss one = loss.Evaluate([a, b], [new ScoredPair(0, 1)], gradient);
                    PairLoss other = loss.Evaluate([a, b], [new ScoredPair(1, 0)], turned);
                    // -log s(x) + log s(-x) = -x, s(x) + s(-x) = 1.
                    Assert.Equal(b - a, one.Preference - other.Preference, 1e-12);
                    Assert.Equal(1, turned[0] - gradient[0], 1e-12);
                    Assert.Equal((-other.Margin, 1 - other.Accuracy), (one.Margin, one.Accuracy));
                }
            );

    [Fact]
    public void Evaluate_AllScoresMoved_WithoutCenteringNothingChanges() =>
        RandomPairs.Sample(
            (scores, pairs) =>
            {
                double[] moved = [.. scores.Select(s => s + 1.5)];
                foreach (BradleyTerryLoss variant in Variants.Where(v => v.Objective == TrainingObjective.BradleyTerry))
                {
                    BradleyTerryLoss loss = variant with { CenteringCoefficient = 0 };
                    double[] gradient = new double[scores.Length];
                    double before = loss.Evaluate(scores, pairs, gradient).Total;
                    Assert.Equal(before, loss.Evaluate(moved, pairs, []).Total, 1e-10);
                    Assert.Equal(0, gradient.Sum(), 1e-12);
                }
            },
            iter: 50
        );

    [Fact]
    public void Evaluate_Centering_IsTheMeanSquareOfTheSums()
    {
        var loss = new BradleyTerryLoss { CenteringCoefficient = 0.5 };
        Assert.Equal(0.5 * (9 + 25) / 2, loss.Evaluate([1, 2, 3], [new(0, 1), new(1, 2)], []).Centering, Tolerance);
    }

    [Fact]
    public void Evaluate_AnyVariant_GradientEqualsFiniteDifferences() =>
        RandomPairs.Sample(
            (scores, pairs) =>
            {
                foreach (BradleyTerryLoss loss in Variants)
                {
                    double[] gradient = new double[scores.Length];
                    loss.Evaluate(scores, pairs, gradient);
                    for (int i = 0; i < scores.Length; i++)
                    {
                        const double Step = 1e-5;
                        double[] up = [.. scores];
                        double[] down = [.. scores];
                        up[i] += Step;
                        down[i] -= Step;
                        double slope = (loss.Evaluate(up, pairs, []).Total - loss.Evaluate(down, pairs, []).Total) / (2 * Step);
                        Assert.Equal(slope, gradient[i], 1e-7);
                    }
                }
            },
            iter: 50
        );

    [Fact]
    public void Evaluate_AllPairsAtOnce_EqualsPairByPair() =>
        RandomPairs.Sample(
            (scores, pairs) =>
            {
                foreach (BradleyTerryLoss loss in Variants)
                {
                    double[] together = new double[scores.Length];
                    PairLoss mean = loss.Evaluate(scores, pairs, together);
                    double[] summed = new double[scores.Length];
                    var sum = default(PairLoss);
                    foreach (ScoredPair pair in pairs)
                    {
                        double[] own = new double[2];
                        sum += loss.Evaluate(
                            [scores[pair.Chosen], scores[pair.Rejected]],
                            [pair with { Chosen = 0, Rejected = 1 }],
                            own
                        );
                        summed[pair.Chosen] += own[0] / pairs.Length;
                        summed[pair.Rejected] += own[1] / pairs.Length;
                    }

                    Assert.All(together.Zip(summed), g => Assert.Equal(g.Second, g.First, 1e-12));
                    Assert.Equal(sum.Total / pairs.Length, mean.Total, 1e-12);
                    Assert.Equal(sum.Accuracy / pairs.Length, mean.Accuracy, 1e-12);
                    Assert.Equal(sum.Margin / pairs.Length, mean.Margin, 1e-12);
                }
            },
            iter: 50
        );

    [Fact]
    public void Evaluate_Classification_IsTheCrossEntropyOfBothSides()
    {
        var classifier = new BradleyTerryLoss { Objective = TrainingObjective.Classification };
        double[] gradient = new double[2];
        PairLoss loss = classifier.Evaluate([2, 1], [new ScoredPair(0, 1)], gradient);
        // Chosen: y = 1, logit 2. Rejected: y = 0, logit 1.
        Assert.Equal((-Math.Log(1 / (1 + Math.Exp(-2))) - Math.Log(1 - (1 / (1 + Math.Exp(-1))))) / 2, loss.Total, Tolerance);
        Assert.Equal(((1 / (1 + Math.Exp(-2))) - 1) / 2, gradient[0], Tolerance);
        Assert.Equal(1 / (1 + Math.Exp(-1)) / 2, gradient[1], Tolerance);
        Assert.Equal(Math.Log(2), Loss(classifier, [0, 0]), Tolerance);
    }

    [Fact]
    public void Evaluate_EqualScores_CountHalfAHit()
    {
        ScoredPair[] pairs = [new(0, 1), new(1, 2), new(2, 0)];
        PairLoss loss = new BradleyTerryLoss().Evaluate([1, 1, 0], pairs, []);
        Assert.Equal((0.5 + 1 + 0) / 3, loss.Accuracy, Tolerance);
        Assert.Equal(0, loss.Margin, Tolerance);
    }

    [Fact]
    public void Of_Options_TakesEveryKnobOfTheLoss()
    {
        var options = new TrainingOptions
        {
            Objective = TrainingObjective.Classification,
            LabelSmoothing = 0.1,
            FlipProbability = 0.2,
            CenteringCoefficient = 0.3,
        };
        var expected = new BradleyTerryLoss
        {
            Objective = TrainingObjective.Classification,
            LabelSmoothing = 0.1,
            FlipProbability = 0.2,
            CenteringCoefficient = 0.3,
        };
        Assert.Equal(expected, BradleyTerryLoss.Of(options));
    }

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
