using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class AdamWTests
{
    [Fact]
    public void Update_ManySteps_EqualsTheAlgorithmInDoubles()
    {
        const int Count = 37;
        const double Rate = 0.01;
        const double Decay = 0.1;
        var random = new DeterministicRandom(5);
        float[] values = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextGaussian())];
        double[] expected = [.. values];
        double[] mean = new double[Count];
        double[] square = new double[Count];
        var optimizer = new AdamW(Count, Decay);
        for (int step = 1; step <= 50; step++)
        {
            float[] gradient = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextGaussian())];
            optimizer.NextStep(Rate, 0.5);
            optimizer.Update(values, gradient, 0, 10);
            optimizer.Update(values, gradient, 10, Count);
            for (int i = 0; i < Count; i++)
            {
                double g = gradient[i] * 0.5;
                mean[i] = (0.9 * mean[i]) + (0.1 * g);
                square[i] = (0.999 * square[i]) + (0.001 * g * g);
                double step1 = mean[i] / (1 - Math.Pow(0.9, step));
                double step2 = square[i] / (1 - Math.Pow(0.999, step));
                expected[i] -= (Rate * Decay * expected[i]) + (Rate * step1 / (Math.Sqrt(step2) + 1e-8));
            }
        }

        Assert.All(values.Zip(expected), v => Assert.Equal(v.Second, v.First, 1e-5));
    }
}
