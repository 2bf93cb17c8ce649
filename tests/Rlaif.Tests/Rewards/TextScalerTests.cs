using CsCheck;
using Rlaif.Core;
using Rlaif.Rewards.Features;

namespace Rlaif.Tests.Rewards;

public sealed class TextScalerTests
{
    [Fact]
    public void FitAndApply_AnyVectors_CentersDimensionsAndScalesThemByOneFactor() =>
        Gen.Select(Gen.Int[2, 30], Gen.Int[1, 50])
            .Sample(
                (count, dimensions) =>
                {
                    var random = new DeterministicRandom((ulong)((100 * count) + dimensions));
                    float[] vectors =
                    [
                        .. Enumerable.Range(0, count * dimensions).Select(_ => (float)(3 + random.NextGaussian())),
                    ];
                    var scaler = TextScaler.Fit(vectors, dimensions);
                    double[] means =
                    [
                        .. Enumerable
                            .Range(0, dimensions)
                            .Select(d => vectors.Where((_, i) => i % dimensions == d).Average(v => (double)v)),
                    ];
                    double variance = vectors
                        .Select((v, i) => (v - means[i % dimensions]) * (v - means[i % dimensions]))
                        .Average();
                    for (int i = 0; i < count; i++)
                    {
                        float[] vector = vectors[(i * dimensions)..((i + 1) * dimensions)];
                        scaler.Apply(vector);
                        Assert.All(
                            vector.Index(),
                            v =>
                                Assert.Equal(
                                    (vectors[(i * dimensions) + v.Index] - means[v.Index]) / Math.Sqrt(variance),
                                    v.Item,
                                    1e-4
                                )
                        );
                    }
                },
                iter: 50
            );

    [Fact]
    public void Apply_WildValues_AreClippedAndWhatIsNoNumberStaysSo()
    {
        // Longer than a register, and not a whole number of them.
        var scaler = new TextScaler(new float[19], 1);
        float[] vector =
        [
            .. Enumerable
                .Range(0, 19)
                .Select(i =>
                    (i % 4) switch
                    {
                        0 => 7f,
                        1 => -7f,
                        2 => float.NaN,
                        _ => 0.5f,
                    }
                ),
        ];
        scaler.Apply(vector);
        Assert.Equal(
            [
                .. Enumerable
                    .Range(0, 19)
                    .Select(i =>
                        (i % 4) switch
                        {
                            0 => 5f,
                            1 => -5f,
                            2 => float.NaN,
                            _ => 0.5f,
                        }
                    ),
            ],
            vector
        );
        Assert.Throws<ArgumentException>(() => scaler.Apply(new float[18]));
    }
}
