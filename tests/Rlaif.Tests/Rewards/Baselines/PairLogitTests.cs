using Rlaif.Core;
using Rlaif.Rewards.Baselines;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards.Baselines;

public sealed class PairLogitTests
{
    private static readonly double[] Truth = [1.5, -0.7, 0, 0.4];

    // Items with random features; of two, the better is drawn with the probability that the true weights give.
    private static (double[][] Rows, ScoredPair[] Pairs) Draw(int items, int pairs, ulong seed)
    {
        var random = new DeterministicRandom(seed);
        double[][] rows = [.. Enumerable.Range(0, items).Select(_ => Truth.Select(_ => random.NextGaussian()).ToArray())];
        ScoredPair[] drawn =
        [
            .. Enumerable
                .Range(0, pairs)
                .Select(_ =>
                {
                    int a = random.NextInt(items);
                    int b = (a + 1 + random.NextInt(items - 1)) % items;
                    double gap = Truth.Select((w, i) => w * (rows[a][i] - rows[b][i])).Sum();
                    bool first = random.NextDouble() < BradleyTerryLoss.Sigmoid(gap);
                    return new ScoredPair(first ? a : b, first ? b : a, 0.5 + random.NextDouble());
                }),
        ];
        return (rows, drawn);
    }

    [Fact]
    public void Gradient_AnyWeights_IsThatOfFiniteDifferences()
    {
        const double Step = 1e-5;
        const double Strength = 0.3;
        (double[][] rows, ScoredPair[] pairs) = Draw(30, 200, 1);
        var problem = new PairLogit(rows, pairs);
        var random = new DeterministicRandom(2);
        double[] weights = [.. Truth.Select(_ => random.NextGaussian())];
        double[] gradient = problem.Gradient(weights, Strength);
        for (int i = 0; i < weights.Length; i++)
        {
            Assert.Equal((Objective(i, Step) - Objective(i, -Step)) / (2 * Step), gradient[i], 1e-8);
        }

        double Objective(int at, double step)
        {
            double[] moved = [.. weights.Select((w, i) => i == at ? w + step : w)];
            return problem.Loss(moved) + (Strength / 2 * moved.Sum(w => w * w));
        }
    }

    [Theory]
    [InlineData(9, 4, 0.05)]
    [InlineData(3, 3, 0.5)]
    [InlineData(5, 0, 1e-4)]
    public void Fit_OneFeature_SolvesItsEquation(int wins, int losses, double strength)
    {
        // Item 0 has the feature, item 1 has not: the slope is sigmoid(-b) wins - sigmoid(b) losses, over n, minus strength * b.
        ScoredPair[] pairs =
        [
            .. Enumerable.Repeat(new ScoredPair(0, 1), wins),
            .. Enumerable.Repeat(new ScoredPair(1, 0), losses),
        ];
        double fitted = new PairLogit(
            [
                [1],
                [0],
            ],
            pairs
        ).Fit(strength, [0])[0];
        (double low, double high) = (-50, 50);
        for (int i = 0; i < 200; i++)
        {
            double b = (low + high) / 2;
            double slope =
                (((wins * BradleyTerryLoss.Sigmoid(-b)) - (losses * BradleyTerryLoss.Sigmoid(b))) / (wins + losses))
                - (strength * b);
            (low, high) = slope > 0 ? (b, high) : (low, b);
        }

        Assert.Equal(low, fitted, 1e-7);
    }

    [Theory]
    [InlineData(1e-4)]
    [InlineData(0.01)]
    [InlineData(10)]
    public void Fit_AnyStrength_EndsWhereTheGradientVanishesFromAnywhere(double strength)
    {
        (double[][] rows, ScoredPair[] pairs) = Draw(40, 300, 3);
        var problem = new PairLogit(rows, pairs);
        double[] fitted = problem.Fit(strength, [0, 0, 0, 0]);
        Assert.All(problem.Gradient(fitted, strength), g => Assert.Equal(0, g, 1e-8));
        double[] other = problem.Fit(strength, [8, -8, 8, -8]);
        Assert.All(fitted.Zip(other), w => Assert.Equal(w.First, w.Second, 1e-5));
    }

    [Fact]
    public void Fit_ManyPairs_RecoversThePlantedWeights()
    {
        (double[][] rows, ScoredPair[] pairs) = Draw(2000, 20_000, 4);
        double[] fitted = new PairLogit(rows, pairs).Fit(1e-6, [0, 0, 0, 0]);

        // The standard error of a weight is about 1 / sqrt(20,000 * curvature * variance of a difference), near 0.015.
        Assert.All(fitted.Zip(Truth), w => Assert.Equal(w.Second, w.First, 0.06));
    }

    [Fact]
    public void Fit_AllPairsTurned_NegatesTheWeights()
    {
        (double[][] rows, ScoredPair[] pairs) = Draw(40, 300, 5);
        ScoredPair[] turned = [.. pairs.Select(p => p with { Chosen = p.Rejected, Rejected = p.Chosen })];
        double[] fitted = new PairLogit(rows, pairs).Fit(0.01, [0, 0, 0, 0]);
        double[] negated = new PairLogit(rows, turned).Fit(0.01, [0, 0, 0, 0]);
        Assert.All(fitted.Zip(negated), w => Assert.Equal(w.First, -w.Second, 1e-7));
    }

    [Fact]
    public void Fit_MoreStrength_GivesShorterWeightsAndMoreLoss()
    {
        (double[][] rows, ScoredPair[] pairs) = Draw(40, 300, 6);
        var problem = new PairLogit(rows, pairs);
        double[][] path = [.. new[] { 0.001, 0.01, 0.1, 1.0 }.Select(s => problem.Fit(s, [0, 0, 0, 0]))];
        double[] lengths = [.. path.Select(w => w.Sum(x => x * x))];
        double[] losses = [.. path.Select(problem.Loss)];
        Assert.Equal(lengths.OrderDescending(), lengths);
        Assert.Equal(losses.Order(), losses);
    }

    [Fact]
    public void Fit_PairsThatNobodyLoses_StaysFinite()
    {
        // Separable: without the penalty the weights would have no end.
        double[] fitted = new PairLogit(
            [
                [1],
                [0],
            ],
            [new ScoredPair(0, 1)]
        ).Fit(1e-4, [0]);
        Assert.InRange(fitted[0], 1, 100);
    }
}
