using Rlaif.Data.Text;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

/// <summary>Whether a reward model finds what was planted, and nothing where nothing was.</summary>
public sealed class RewardModelLearningTests
{
    private static readonly TrainingOptions Careful = new()
    {
        Ensemble = 1,
        LearningRate = 3e-4,
        BatchSize = 64,
        Epochs = 20,
        Patience = 5,
        WeightDecay = 0.01,
    };
    private static readonly RewardModelOptions Restrained = new() { Dropout = 0.4 };

    [Fact]
    public void Train_LinearPreferenceWithoutNoise_IsLearntAlmostPerfectly()
    {
        var market = new PlantedPreferences
        {
            Features = 10,
            Linear = 1,
            Interaction = 0,
            Text = 0,
            Correlation = 1,
        };
        Assert.InRange(HeldOutAccuracy(market, 250, new RewardModelOptions(), Careful with { Epochs = 8 }), 0.93, 1);
    }

    [Fact]
    public void Train_InteractionOfTwoFeaturesWithTheSide_IsLearntFromNoisyOutcomes()
    {
        var market = new PlantedPreferences { Features = 30, Text = 0 };
        double attainable = market.Attainable(market.Create(5000, 5400));
        Assert.InRange(HeldOutAccuracy(market, 600, Restrained, Careful) / attainable, 0.9, 1.05);
    }

    [Fact]
    public void Train_TextCueWithTheSide_IsLearntFromNoisyOutcomes()
    {
        var market = new PlantedPreferences { Features = 30, Interaction = 0 };
        double attainable = market.Attainable(market.Create(5000, 5400));
        Assert.InRange(HeldOutAccuracy(market, 600, Restrained, Careful) / attainable, 0.9, 1.05);
    }

    [Fact]
    public void Train_ClassifierOnNoisyInteraction_LearnsItToo()
    {
        var market = new PlantedPreferences { Features = 30, Text = 0 };
        double attainable = market.Attainable(market.Create(5000, 5400));
        TrainingOptions classifier = Careful with { Objective = TrainingObjective.Classification };
        Assert.InRange(HeldOutAccuracy(market, 600, Restrained, classifier) / attainable, 0.9, 1.05);
    }

    public static TheoryData<TrainingOptions> Variants =>
        [
            Careful with
            {
                Schedule = LearningRateSchedule.Cosine,
                WarmupFraction = 0.2,
            },
            Careful with
            {
                Schedule = LearningRateSchedule.Constant,
                WarmupFraction = 0.1,
            },
            Careful with
            {
                Margins = true,
            },
            Careful with
            {
                LabelSmoothing = 0.1,
            },
            Careful with
            {
                FlipProbability = 0.1,
            },
            Careful with
            {
                Objective = TrainingObjective.Classification,
            },
            Careful with
            {
                Objective = TrainingObjective.Classification,
                FlipProbability = 0.1,
            },
        ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_AnyVariant_ReachesWhatIsAttainable(TrainingOptions options)
    {
        var market = new PlantedPreferences
        {
            Features = 10,
            Linear = 1,
            Interaction = 0,
            Text = 0,
        };
        double attainable = market.Attainable(market.Create(5000, 5400));
        double accuracy = HeldOutAccuracy(market, 250, Restrained, options with { Epochs = 6 });
        Assert.InRange(accuracy / attainable, 0.97, 1.03);
    }

    [Theory]
    [InlineData(TrainingObjective.BradleyTerry)]
    [InlineData(TrainingObjective.Classification)]
    public void Train_NothingToLearn_StaysAtChance(TrainingObjective objective)
    {
        var market = new PlantedPreferences { Features = 30, Shuffled = true };
        TrainingOptions options = Careful with { Epochs = 5, Objective = objective };
        Assert.InRange(HeldOutAccuracy(market, 400, Restrained, options), 0.46, 0.54);
    }

    private static double HeldOutAccuracy(
        PlantedPreferences market,
        int contexts,
        RewardModelOptions model,
        TrainingOptions options
    )
    {
        int cut = contexts * 4 / 5;
        var trainer = new RewardModelTrainer(model, new HashedTextEncoder(), options);
        RewardModel trained = trainer.Train(market.Create(0, cut - 1), market.Create(cut + 1, contexts)).Model;
        PreferenceDataset test = market.Create(5000, 5400);
        double[] scores = trained.ScoreAll([.. test.Candidates.Select(c => (c.Context, c.Candidate))]);
        return test.Pairs.Average(p => scores[test.IndexOf(p.ChosenId)] > scores[test.IndexOf(p.RejectedId)] ? 1.0 : 0);
    }
}
