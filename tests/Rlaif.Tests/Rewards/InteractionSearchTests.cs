using Rlaif.Core;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class InteractionSearchTests : IDisposable
{
    private const int Contexts = 400;

    private readonly WorkTeam _team = new(2);

    public void Dispose() => _team.Dispose();

    [Fact]
    public void Find_NoEdgeAnywhere_FindsProductsAsOftenAsTheirShareOfTheAllowedError()
    {
        // Two features make five terms, which share an error of 5%; three of them are products.
        const int Worlds = 3000;
        int found = Enumerable.Range(0, Worlds).Count(seed => Find(World(seed, 2, (_, _) => 0), 1).Length > 0);
        Assert.InRange(found / (double)Worlds, 0.02, 0.04);
    }

    [Fact]
    public void Find_TwoProductsPlanted_FindsTheStrongerFirstAndNoMoreThanAskedFor()
    {
        static double Edge(float[][] f, int c) => (0.5 * f[0][c] * f[3][c]) + (0.9 * f[1][c] * f[2][c]);
        Assert.Equal([(1, 2), (0, 3)], Find(World(1, 5, Edge), 8));
        Assert.Equal([(1, 2)], Find(World(1, 5, Edge), 1));
        Assert.Empty(Find(World(1, 5, Edge), 0));
    }

    [Fact]
    public void Find_SquareOrLoneFeature_OnlyTheSquareIsAProduct()
    {
        Assert.Equal([(2, 2)], Find(World(2, 4, (f, c) => f[2][c] * f[2][c]), 8));
        Assert.Empty(Find(World(2, 4, (f, c) => 2 * f[2][c]), 8));
    }

    [Fact]
    public void Find_ContextsOfOneDateThatSayTheSame_CountAsOne()
    {
        static double Edge(float[][] f, int c) => 0.12 * f[0][c] * f[1][c];
        int found = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            (float[][] features, double[] pull, int[] dates) = World(seed, 3, Edge);
            (int, int)[] once = Find((features, pull, dates), 4);
            static T[] Thrice<T>(T[] values) => [.. values.SelectMany(v => Enumerable.Repeat(v, 3))];
            Assert.Equal(once, Find((Array.ConvertAll(features, Thrice), Thrice(pull), Thrice(dates)), 4));
            found += once.Length;
        }

        // Some are too weak to be found, which they would not be three times as often.
        Assert.InRange(found, 2, 18);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Find_AnyNumberOfThreads_FindsTheSame(int threads)
    {
        using var team = new WorkTeam(threads);
        for (int seed = 0; seed < 20; seed++)
        {
            (float[][] features, double[] pull, int[] dates) world = World(seed, 6, (f, c) => 0.3 * f[seed % 6][c] * f[1][c]);
            Assert.Equal(Find(world, 8), new InteractionSearch(world.features, world.pull, world.dates, team).Find(8));
        }
    }

    [Fact]
    public void Find_NoFeatures_FindsNothing() => Assert.Empty(Find(([], [1, 2], [0, 1]), 4));

    private (int First, int Second)[] Find((float[][] Features, double[] Pull, int[] Dates) world, int limit) =>
        [.. new InteractionSearch(world.Features, world.Pull, world.Dates, _team).Find(limit)];

    /// <summary>Independent features over contexts of different dates, which pull by the edge and by noise of deviation 1 around a drift.</summary>
    private static (float[][] Features, double[] Pull, int[] Dates) World(
        int seed,
        int features,
        Func<float[][], int, double> edge
    )
    {
        var random = new DeterministicRandom(seed);
        float[][] values =
        [
            .. Enumerable
                .Range(0, features)
                .Select(_ => Enumerable.Range(0, Contexts).Select(_ => (float)random.NextGaussian()).ToArray()),
        ];
        double[] pull = [.. Enumerable.Range(0, Contexts).Select(c => 0.3 + edge(values, c) + random.NextGaussian())];
        return (values, pull, [.. Enumerable.Range(0, Contexts)]);
    }
}
