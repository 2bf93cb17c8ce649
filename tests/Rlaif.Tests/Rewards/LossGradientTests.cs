using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

/// <summary>The derivative of the whole loss, from the pairs through the scores to every parameter, against finite differences.</summary>
public sealed class LossGradientTests
{
    private const double Step = 1e-6;
    private const int Trials = 24;

    private static readonly BradleyTerryLoss[] Losses =
    [
        new() { CenteringCoefficient = 0.01 },
        new() { CenteringCoefficient = 0.5, LabelSmoothing = 0.1 },
        new() { FlipProbability = 0.1 },
    ];

    [Fact]
    public void Gradient_OfTheOracle_EqualsFiniteDifferencesOfTheLossTo1e7() =>
        RandomNetwork.Architectures.Sample(
            architecture =>
            {
                var random = RandomNetwork.Create(architecture, 21);
                foreach (BradleyTerryLoss loss in Losses)
                {
                    double[] parameters = [.. random.Network.Parameters];
                    double[] scoreGradients = new double[RandomNetwork.Rows];
                    loss.Evaluate(Scores(random, parameters).Scores, Pairs, scoreGradients);
                    double[] gradient = new double[parameters.Length];
                    for (int row = 0; row < RandomNetwork.Rows; row++)
                    {
                        (_, double[][] inputs, double[][] outputs) = random.Reference.Forward(
                            random.Numerical(row),
                            random.Text(row)
                        );
                        random.Reference.Backward(inputs, outputs, scoreGradients[row], gradient);
                    }

                    Compare(random, loss, p => gradient[p], 1e-7 * gradient.Max(Math.Abs));
                }
            },
            iter: 3
        );

    [Fact]
    public void Gradient_InSinglePrecision_EqualsFiniteDifferencesOfTheLossTo1e4() =>
        RandomNetwork.Architectures.Sample(
            architecture =>
            {
                var random = RandomNetwork.Create(architecture, 22);
                random.KeepClearOfKinks();
                foreach (BradleyTerryLoss loss in Losses)
                {
                    double[] scoreGradients = new double[RandomNetwork.Rows];
                    random.Network.Forward(random.Workspace, 0, RandomNetwork.Rows);
                    double[] scores = [.. Enumerable.Range(0, RandomNetwork.Rows).Select(random.Score)];
                    loss.Evaluate(scores, Pairs, scoreGradients);
                    float[] gradient = random.Gradient(row => scoreGradients[row]);
                    Compare(random, loss, p => gradient[p], 1e-4 * gradient.Max(Math.Abs));
                }
            },
            iter: 3
        );

    /// <summary>Every candidate meets several others, with different weights and margins.</summary>
    private static ScoredPair[] Pairs { get; } =
    [
        .. Enumerable
            .Range(0, 2 * RandomNetwork.Rows)
            .Select(i => new ScoredPair(i % RandomNetwork.Rows, ((3 * i) + 1) % RandomNetwork.Rows, 0.5 + (i % 3), 0.2 * (i % 4)))
            .Where(p => p.Chosen != p.Rejected),
    ];

    private static void Compare(RandomNetwork random, BradleyTerryLoss loss, Func<int, double> gradient, double tolerance)
    {
        var draw = new DeterministicRandom(23);
        int compared = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            int parameter = draw.NextInt(random.Network.Parameters.Length);
            (double up, bool[] activeUp) = Moved(parameter, Step);
            (double down, bool[] activeDown) = Moved(parameter, -Step);

            // Across a kink of a rectifier a difference says nothing.
            if (activeUp.SequenceEqual(activeDown))
            {
                Assert.Equal((up - down) / (2 * Step), gradient(parameter), tolerance);
                compared++;
            }
        }

        Assert.InRange(compared, Trials * 3 / 4, Trials);

        (double Loss, bool[] Active) Moved(int parameter, double step)
        {
            double[] moved = [.. random.Network.Parameters];
            moved[parameter] += step;
            (double[] scores, bool[] active) = Scores(random, moved);
            return (loss.Evaluate(scores, Pairs, []).Total, active);
        }
    }

    private static (double[] Scores, bool[] Active) Scores(RandomNetwork random, double[] parameters)
    {
        var oracle = new ReferenceNetwork(random.Network.Architecture, parameters);
        var rows = Enumerable
            .Range(0, RandomNetwork.Rows)
            .Select(r => oracle.Forward(random.Numerical(r), random.Text(r)))
            .ToArray();
        return ([.. rows.Select(r => r.Score)], [.. rows.SelectMany(r => r.Outputs.SelectMany(o => o.Select(v => v > 0)))]);
    }
}
