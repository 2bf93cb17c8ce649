using Rlaif.Data.Text;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Tests.Rewards;
using Rlaif.Validation;

namespace Rlaif.Tests;

public sealed class ModelMatchTests
{
    private static readonly LearningOptions Options = new();
    private static readonly Lazy<RewardModel> Second = new(() =>
        Train(SharedModel.Market.Create(0, 60), SharedModel.Market.Create(61, 80))
    );

    private static RewardModel Train(PreferenceDataset train, PreferenceDataset stopping) => new RewardModelTrainer(
            null,
            new HashedTextEncoder(),
            new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 64,
                Ensemble = 1,
            }
        ).Train(train, stopping).Model;

    private static IReadOnlyList<SettledCandidate> Settled(int first, int end) =>
        SharedModel.Market.Create(first, end).Candidates;

    [Fact]
    public void Compare_EarlierDecisions_ChangeNothing()
    {
        ModelComparison? later = ModelMatch.Compare(SharedModel.Model, Second.Value, Settled(130, 200), Options);
        ModelComparison? all = ModelMatch.Compare(SharedModel.Model, Second.Value, Settled(0, 200), Options);
        Assert.NotNull(later);
        Assert.Equal(later.Difference, all!.Difference);
        Assert.Equal(later.Interval, all.Interval);
        Assert.Equal((later.Pairs, later.FirstDate), (all.Pairs, all.FirstDate));
        Assert.True(all.FirstDate > DateOnly.FromDateTime(SharedModel.Model.Metadata.KnownUntil.UtcDateTime));
    }

    [Theory]
    [InlineData(0, 130)]
    [InlineData(0, 0)]
    public void Compare_NothingCameAfterBoth_IsNull(int first, int end) =>
        Assert.Null(ModelMatch.Compare(SharedModel.Model, Second.Value, Settled(first, end), Options));

    [Fact]
    public void Compare_LogLoss_IsThatOfRewardsOverTheTemperature()
    {
        SettledCandidate[] later = [.. Settled(130, 200)];
        ModelComparison found = ModelMatch.Compare(Second.Value, SharedModel.Model, later, Options)!;
        PreferenceDataset pairs = new(
            later,
            PreferenceGenerator.Generate(later, Options.Preferences with { MinMargin = 0 }).Pairs
        );
        RewardModel model = SharedModel.Model;
        double[] rewards = model.ScoreAll([.. pairs.Candidates.Select(c => (c.Context, c.Candidate))]);
        double[] probabilities =
        [
            .. pairs.Pairs.Select(p =>
                model.ProbabilityOfBetter(rewards[pairs.IndexOf(p.ChosenId)], rewards[pairs.IndexOf(p.RejectedId)])
            ),
        ];
        Assert.Equal(pairs.Pairs.Count, found.Pairs);
        Assert.Equal(probabilities.Average(p => -Math.Log(p)), found.Second.LogLoss, 1e-9);
        Assert.Equal(found.Second.Accuracy - found.First.Accuracy, found.Difference, 1e-12);
    }
}
