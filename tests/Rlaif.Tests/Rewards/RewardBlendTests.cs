using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

public sealed class RewardBlendTests
{
    private static readonly Lazy<RewardModel> Second = new(() => new RewardModelTrainer(
            null,
            new HashedTextEncoder(),
            new TrainingOptions
            {
                Ensemble = 2,
                Epochs = 1,
                BatchSize = 64,
                Seed = 9,
                LearningRate = 3e-3,
            }
        ).Train(SharedModel.Market.Create(0, 100), SharedModel.Market.Create(101, 130)).Model);

    private static readonly (DecisionContext Context, Candidate Candidate)[] All =
    [
        .. SharedModel.Later.Candidates.Select(c => (c.Context, c.Candidate)),
    ];

    [Fact]
    public void Estimate_OneModel_IsTheModel()
    {
        var blend = new RewardBlend([(SharedModel.Model, 0.2)]);
        Assert.Equal(SharedModel.Model.EstimateAll(All), blend.Estimate(All));
        Assert.Equal(SharedModel.Model.Fingerprint, blend.Fingerprint);
    }

    [Fact]
    public void Estimate_TwoModels_AddsStandardizedRewardsByWeight()
    {
        (RewardModel a, RewardModel b) = (SharedModel.Model, Second.Value);
        RewardEstimate[] blended = [.. new RewardBlend([(a, 3), (b, 1)]).Estimate(All)];
        double[] ofA = a.ScoreAll(All);
        double[] ofB = b.ScoreAll(All);
        for (int i = 0; i < All.Length; i++)
        {
            double expected =
                (0.75 * (ofA[i] - a.Metadata.RewardMean) / a.Metadata.RewardDeviation)
                + (0.25 * (ofB[i] - b.Metadata.RewardMean) / b.Metadata.RewardDeviation);
            Assert.Equal(expected, blended[i].Reward, 1e-9);
        }

        Assert.Equal(
            blended.Select(e => e.Reward),
            new RewardBlend([(a, 0.3), (b, 0.1)]).Estimate(All).Select(e => e.Reward),
            Close
        );
        Assert.NotEqual(new RewardBlend([(a, 3), (b, 1)]).Fingerprint, new RewardBlend([(a, 1), (b, 3)]).Fingerprint);
    }

    [Fact]
    public void Estimate_AllWeightOnOne_RanksLikeIt()
    {
        int[] alone = Order(SharedModel.Model.ScoreAll(All));
        int[] blended = Order([
            .. new RewardBlend([(SharedModel.Model, 1), (Second.Value, 1e-12)]).Estimate(All).Select(e => e.Reward),
        ]);
        Assert.Equal(alone, blended);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Create_WeightThatIsNotPositive_IsRefused(double weight)
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            new RewardBlend([(SharedModel.Model, 1), (Second.Value, weight)])
        );
        Assert.Contains("weight", error.Message, StringComparison.Ordinal);
        Assert.Throws<RlaifInputException>(() => new RewardBlend([]));
    }

    [Fact]
    public void Create_ModelsOfOtherFeatures_IsRefusedNamingTheDifference()
    {
        RewardModel fewer = Train(SharedModel.Market with { Features = 5 });
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            new RewardBlend([(SharedModel.Model, 1), (fewer, 1)])
        );
        Assert.Contains("model 2 of the blend", error.Message, StringComparison.Ordinal);
        Assert.Contains("(missing f05)", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<RlaifInputException>(() => new RewardBlend([(fewer, 1), (SharedModel.Model, 1)]));
        Assert.Contains("(unknown f05)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Estimate_ModelThatTakesAnyFeatures_AsksForThoseOfTheOther()
    {
        RewardModel any = Train(SharedModel.Market with { Features = 7 }, WithoutTheFirstFeature);
        var blend = new RewardBlend([(any, 1), (SharedModel.Model, 1)]);
        Assert.Equal(SharedModel.Model.MarketFeatureNames, blend.MarketFeatureNames);
        Assert.All(blend.Estimate(All), e => Assert.True(double.IsFinite(e.Reward)));
        Assert.Equal(any.MarketFeatureNames, new RewardBlend([(any, 1), (any, 2)]).MarketFeatureNames);
    }

    private static RewardModel Train(PlantedPreferences market, Func<SettledCandidate, SettledCandidate>? change = null)
    {
        PreferenceDataset train = market.Create(0, 60);
        return new RewardModelTrainer(
            null,
            new HashedTextEncoder(),
            new TrainingOptions
            {
                Ensemble = 1,
                Epochs = 1,
                BatchSize = 64,
            }
        ).Train(new PreferenceDataset([.. train.Candidates.Select(change ?? (c => c))], train.Pairs), market.Create(61, 80)).Model;
    }

    // Of every other context, so that training meets two sets of names.
    private static SettledCandidate WithoutTheFirstFeature(SettledCandidate settled) =>
        settled.Context.Date.DayNumber % 2 == 0
            ? settled
            : settled with
            {
                Context = settled.Context with { Features = settled.Context.Features.Skip(1).ToDictionary() },
            };

    [Fact]
    public void Knows_FarContext_IsNotKnown()
    {
        var blend = new RewardBlend(SharedModel.Model);
        SettledCandidate some = SharedModel.Later.Candidates.First(c => blend.Knows(c.Context, c.Candidate));
        DecisionContext far = some.Context with { Features = some.Context.Features.ToDictionary(f => f.Key, _ => (double?)50) };
        Assert.False(blend.Knows(far, some.Candidate));
        Assert.InRange(SharedModel.Later.Candidates.Average(c => blend.Knows(c.Context, c.Candidate) ? 1.0 : 0), 0.8, 1);
    }

    private static int[] Order(double[] rewards) => [.. Enumerable.Range(0, rewards.Length).OrderByDescending(i => rewards[i])];

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-9;
}
