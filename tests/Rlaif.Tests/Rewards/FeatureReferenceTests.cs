using Rlaif.Decisions;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using Rlaif.Tests.Preferences;

namespace Rlaif.Tests.Rewards;

public sealed class FeatureReferenceTests
{
    private static readonly WorkTeam Alone = new(1);

    [Fact]
    public void Of_TenKnownValues_CountsEachInItsBinAndStretch()
    {
        // 1 to 11 on consecutive days: the deciles are 2 to 10, and every day is a stretch of its own.
        DecisionContext[] contexts = [.. Enumerable.Range(1, 11).Select(i => Context(i - 1, i))];
        FeatureReference reference = FeatureReference.Of(contexts, ["x"], Alone);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 10], reference.Edges[0]);
        Assert.Equal(contexts[0].Date, reference.FirstDate);
        Assert.Equal((1, 11), (reference.StretchDays, reference.Stretches));
        int[] bins = [.. reference.Counts[0].Select(s => Array.IndexOf(s, 1))];
        Assert.Equal([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], bins);
        Assert.All(reference.Counts[0], s => Assert.Equal(1, s.Sum()));
        Assert.Same(reference, reference.Checked());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(60, 1, 60)]
    [InlineData(61, 2, 31)]
    [InlineData(120, 2, 60)]
    [InlineData(121, 3, 41)]
    public void Of_DaysOfTraining_AreCutIntoAtMostSixtyEqualStretches(int days, int stretchDays, int stretches)
    {
        FeatureReference reference = FeatureReference.Of([Context(days - 1, 2), Context(0, 1)], ["x"], Alone);
        Assert.Equal((stretchDays, stretches), (reference.StretchDays, reference.Stretches));
        Assert.Equal(1, reference.Counts[0][0].Sum() - (days == 1 ? 1 : 0));
        Assert.Equal(1, reference.Counts[0][^1].Sum() - (days == 1 ? 1 : 0));
    }

    [Fact]
    public void Of_ValuesThatAreMissing_HaveTheLastBin()
    {
        FeatureReference reference = FeatureReference.Of([Context(0, 1), Context(0, null), Context(0, 5)], ["never", "x"], Alone);
        Assert.Empty(reference.Edges[0]);
        Assert.Equal([0, 3], reference.Counts[0][0]);
        Assert.Equal(1, reference.Counts[1][0][^1]);
        Assert.Equal(reference.Edges[1].Length + 1, reference.BinOf(1, null));
    }

    [Fact]
    public void BinOf_ConstantFeature_LeavesItsBinEitherWay()
    {
        FeatureReference reference = FeatureReference.Of([Context(0, 3), Context(1, 3)], ["x"], Alone);
        int[] bins = [reference.BinOf(0, 2.99), reference.BinOf(0, 3), reference.BinOf(0, 3.01), reference.BinOf(0, null)];
        Assert.Equal([0, 1, 2, 3], bins);
    }

    [Fact]
    public void Stretches_NoFeatures_IsZero() =>
        Assert.Equal(0, FeatureReference.Of([Context(0, 1)], [], Alone).Checked().Stretches);

    [Fact]
    public void Checked_PartsThatDoNotFit_AreRefused()
    {
        FeatureReference good = FeatureReference.Of([Context(0, 1), Context(9, 2), Context(4, null)], ["never", "x"], Alone);
        int[][] stretches = good.Counts[1];
        FeatureReference[] broken =
        [
            good with
            {
                StretchDays = 0,
            },
            good with
            {
                Names = ["x"],
            },
            good with
            {
                Edges = [.. good.Edges, []],
            },
            good with
            {
                Counts = [good.Counts[0]],
            },
            good with
            {
                Counts = [good.Counts[0], stretches[1..]],
            },
            good with
            {
                Counts = [good.Counts[0], [stretches[0][1..], .. stretches[1..]]],
            },
            good with
            {
                Counts =
                [
                    good.Counts[0],
                    [
                        [.. stretches[0][1..], -1],
                        .. stretches[1..],
                    ],
                ],
            },
        ];
        Assert.Same(good, good.Checked());
        Assert.All(broken, b => Assert.Throws<InvalidDataException>(b.Checked));
    }

    private static DecisionContext Context(int day, double? value) =>
        SettledSamples.Context("AAPL", SettledSamples.FirstDecision.AddDays(day)) with
        {
            Features = new Dictionary<string, double?> { ["x"] = value, ["never"] = null },
        };
}
