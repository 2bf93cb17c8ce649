using Rlaif.Data.Text;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

/// <summary>One small trained model for the tests that only need some model.</summary>
internal static class SharedModel
{
    private static readonly Lazy<TrainedRewardModel> Lazily = new(Train);

    public static PlantedPreferences Market { get; } = new() { Features = 6, MissingShare = 0.1 };

    public static TrainedRewardModel Trained => Lazily.Value;

    public static RewardModel Model => Trained.Model;

    public static PreferenceDataset Later { get; } = Market.Create(200, 230);

    private static TrainedRewardModel Train() =>
        new RewardModelTrainer(
            null,
            new HashedTextEncoder(),
            new TrainingOptions
            {
                Ensemble = 3,
                Epochs = 2,
                BatchSize = 64,
                LearningRate = 1e-3,
            }
        ).Train(Market.Create(0, 100), Market.Create(101, 130));
}
