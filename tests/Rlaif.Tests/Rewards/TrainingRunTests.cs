using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class TrainingRunTests
{
    private const int Epochs = 3;

    private static readonly PreferenceDataset Planted = new PlantedPreferences { Features = 4 }.Create(0, 20);

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100_000, 1)]
    [InlineData(1_000_000, 15)]
    public void PartsPerEpoch_MorePairs_MoreParts(int pairs, int parts) => Assert.Equal(parts, TrainingRun.PartsPerEpoch(pairs));

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 4)]
    [InlineData(8, 7)]
    [InlineData(4096, 5)]
    public void Execute_Parts_AreToldWithinAndInTheEndOfEveryEpoch(int batchSize, int parts)
    {
        int told = 0;
        Run(batchSize).Execute(parts, () => told++, CancellationToken.None);
        Assert.Equal(parts * Epochs, told);
    }

    [Fact]
    public void Execute_CancelledWithinAnEpoch_StopsBeforeItsEnd()
    {
        using var source = new CancellationTokenSource();
        int told = 0;
        Assert.Throws<OperationCanceledException>(() =>
            Run(batchSize: 8)
                .Execute(
                    parts: 4,
                    () =>
                    {
                        told++;
                        source.Cancel();
                    },
                    source.Token
                )
        );
        Assert.Equal(1, told);
    }

    [Fact]
    public void Execute_RateFarTooHigh_SaysThatTrainingDiverged()
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            Run(batchSize: 8, new TrainingOptions { LearningRate = 1, WeightDecay = 100 })
                .Execute(1, () => { }, CancellationToken.None)
        );
        Assert.Contains("Lower LearningRate (1)", error.Message, StringComparison.Ordinal);
    }

    private static TrainingRun Run(int batchSize, TrainingOptions? options = null)
    {
        var team = new WorkTeam(1);
        var encoder = new HashedTextEncoder();
        double[] weights = [.. Planted.Pairs.Select(_ => 1.0)];
        FeatureBuilder features = FeatureBuilder.Fit(Planted, weights, maxInteractions: 0, team);
        TrainingData data = TrainingData.Create(Planted, features, TextVectors.Encode(Planted, encoder, team), weights, team);
        var architecture = new NetworkArchitecture
        {
            NumericalDim = features.Schema.Columns.Count,
            TextDim = encoder.Dimensions,
            HiddenDims = [8],
        };
        var random = new DeterministicRandom(1);
        return new TrainingRun(
            RewardNetwork.Create(architecture, random),
            data,
            stopping: null,
            (options ?? new TrainingOptions()) with
            {
                BatchSize = batchSize,
                Epochs = Epochs,
            },
            dropout: 0,
            team,
            random
        );
    }
}
