using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

public sealed class RewardModelTrainerTests
{
    private static readonly TrainingOptions Quick = new()
    {
        Ensemble = 1,
        LearningRate = 1e-3,
        BatchSize = 64,
        Epochs = 3,
        Threads = 1,
    };

    [Fact]
    public void Train_EveryKnobOfTheLoss_ReachesTheSteps()
    {
        var market = new PlantedPreferences { Features = 10 };
        (PreferenceDataset train, PreferenceDataset stopping) = (market.Create(0, 40), market.Create(41, 60));
        TrainingOptions[] variants =
        [
            Quick,
            Quick with
            {
                Objective = TrainingObjective.Classification,
            },
            Quick with
            {
                Margins = true,
            },
            Quick with
            {
                LabelSmoothing = 0.1,
            },
            Quick with
            {
                FlipProbability = 0.1,
            },
            Quick with
            {
                CenteringCoefficient = 1,
            },
            Quick with
            {
                WeightByConfidence = false,
            },
            Quick with
            {
                WeightDecay = 0,
            },
            Quick with
            {
                GradientClip = 0.1,
            },
            Quick with
            {
                WarmupFraction = 0.5,
            },
            Quick with
            {
                Schedule = LearningRateSchedule.Cosine,
            },
        ];
        double[] losses = [.. variants.Select(v => Trainer(v).Train(train, stopping).Report.History[^1].ValidationLoss!.Value)];
        Assert.Equal(losses.Length, losses.Distinct().Count());
    }

    [Fact]
    public void Train_CosineWithWarmup_ReportsTheRateOfEachEpochsLastStep()
    {
        var market = new PlantedPreferences { Features = 10 };
        PreferenceDataset train = market.Create(0, 40);
        TrainingOptions options = Quick with
        {
            Epochs = 4,
            Patience = 4,
            Schedule = LearningRateSchedule.Cosine,
            WarmupFraction = 0.5,
        };
        TrainingReport report = Trainer(options).Train(train, market.Create(41, 60)).Report;
        int steps = (train.Pairs.Count + options.BatchSize - 1) / options.BatchSize;
        double[] expected =
        [
            steps / ((2.0 * steps) + 1),
            2.0 * steps / ((2.0 * steps) + 1),
            (1 + Math.Cos(Math.PI * (steps - 1) / (2 * steps))) / 2,
            (1 + Math.Cos(Math.PI * ((2 * steps) - 1) / (2 * steps))) / 2,
        ];
        Assert.All(report.History.Zip(expected), e => Assert.Equal(e.Second * options.LearningRate, e.First.LearningRate, 1e-12));
    }

    [Fact]
    public void Train_OneOrTwoThreads_GivesTheSameBits()
    {
        var market = new PlantedPreferences { Features = 10 };
        (PreferenceDataset train, PreferenceDataset stopping) = (market.Create(0, 80), market.Create(81, 110));
        TrainedRewardModel one = Trainer(Quick).Train(train, stopping);
        TrainedRewardModel two = Trainer(Quick with { Threads = 2 }).Train(train, stopping);
        TrainedRewardModel again = Trainer(Quick).Train(train, stopping);
        Assert.Equal(one.Model.Members[0].Network.Parameters, two.Model.Members[0].Network.Parameters);
        Assert.Equal(one.Model.Members[0].Network.Parameters, again.Model.Members[0].Network.Parameters);
        Assert.Equal(Json(one.Report with { Options = Quick }), Json(two.Report with { Options = Quick }));
        TrainedRewardModel other = Trainer(Quick with { Seed = 7 }).Train(train, stopping);
        Assert.NotEqual(one.Model.Members[0].Network.Parameters, other.Model.Members[0].Network.Parameters);
    }

    [Fact]
    public void Train_LaterDataChanges_NothingLearntChanges()
    {
        var market = new PlantedPreferences { Features = 10 };
        PreferenceDataset train = market.Create(0, 80);
        RewardModelTrainer trainer = Trainer(Quick with { Epochs = 1, Margins = true });
        RewardModel one = trainer.Train(train, market.Create(81, 110)).Model;
        RewardModel two = trainer.Train(train, (market with { Seed = 99 }).Create(90, 140)).Model;
        Assert.Equal(one.Members[0].Network.Parameters, two.Members[0].Network.Parameters);
        Assert.Equal(one.Schema.Version, two.Schema.Version);
        Assert.Equal(one.Features.Scaler.MarketMeans, two.Features.Scaler.MarketMeans);
        Assert.Equal(one.TextScaler.Means, two.TextScaler.Means);
    }

    [Fact]
    public void Train_ReportsWhatHappened()
    {
        var market = new PlantedPreferences { Features = 10 };
        (PreferenceDataset train, PreferenceDataset stopping) = (market.Create(0, 80), market.Create(81, 110));
        var seen = new List<ProgressUpdate>();
        TrainingOptions options = Quick with { Epochs = 30, Patience = 2 };
        TrainedRewardModel trained = Trainer(options).Train(train, stopping, new Recorder(seen));
        TrainingReport report = trained.Report;
        Assert.Equal(StopReason.NoImprovement, report.StopReason);
        Assert.Equal(report.BestEpoch + 2, report.History.Count);
        Assert.Equal(report.History.Min(e => e.ValidationLoss), report.Best.ValidationLoss);
        Assert.Equal(Enumerable.Range(1, report.History.Count), seen.Select(u => u.Done));
        Assert.Equal(
            (train.Pairs.Count, train.Candidates.Count, 80),
            (report.TrainingPairs, report.TrainingCandidates, report.TrainingContexts)
        );
        Assert.All(report.History, e => Assert.True(e.GradientNorm > 0 && e.TrainLoss > 0));

        // The parameters are those of the best epoch: the model gives the stopping pairs the loss that the report names.
        double[] scores = trained.Model.ScoreAll([.. stopping.Candidates.Select(c => (c.Context, c.Candidate))]);
        double accuracy = stopping.Pairs.Average(p =>
            scores[stopping.IndexOf(p.ChosenId)] > scores[stopping.IndexOf(p.RejectedId)] ? 1.0 : 0
        );
        Assert.Equal(report.Best.ValidationAccuracy!.Value, accuracy, 1e-12);
        double margin = stopping.Pairs.Average(p =>
            scores[stopping.IndexOf(p.ChosenId)] - scores[stopping.IndexOf(p.RejectedId)]
        );
        Assert.Equal(report.Best.ValidationMargin!.Value, margin, 1e-5);
        Assert.All(report.History, e => Assert.InRange(e.TrainAccuracy, 0.3, 1));
        Assert.True(report.History[^1].TrainAccuracy > report.History[0].TrainAccuracy);
        Assert.True(report.History[^1].TrainMargin > report.History[0].TrainMargin);
    }

    [Fact]
    public void Train_NothingToStopBy_RunsEveryEpochAndClaimsNoValidation()
    {
        var market = new PlantedPreferences { Features = 10 };
        TrainingReport report = Trainer(Quick with { Epochs = 3 })
            .Train(market.Create(0, 80), new PreferenceDataset([], []))
            .Report;
        Assert.Equal((3, 3, StopReason.EpochsDone), (report.History.Count, report.BestEpoch, report.StopReason));
        Assert.All(report.History, e => Assert.Null(e.ValidationLoss));
        Assert.All(report.History, e => Assert.Null(e.ValidationAccuracy));
        Assert.All(report.History, e => Assert.Null(e.ValidationMargin));
        Assert.Equal(0, report.StoppingPairs);
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        var market = new PlantedPreferences { Features = 10 };
        using var source = new CancellationTokenSource();
        var progress = new Canceller(source);
        Assert.Throws<OperationCanceledException>(() =>
            Trainer(Quick).Train(market.Create(0, 40), market.Create(41, 60), progress, source.Token)
        );
        Assert.Equal(1, progress.Epochs);
    }

    [Fact]
    public void Train_CandidatesOnBothSides_AreRefusedByName()
    {
        var market = new PlantedPreferences();
        PreferenceDataset train = market.Create(0, 40);
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Trainer(Quick).Train(train, market.Create(30, 60)));
        Assert.Contains("candidates are on both sides", error.Message, StringComparison.Ordinal);
        string[] named =
        [
            .. train
                .Candidates.Select(c => c.Candidate.CandidateId)
                .Where(id => error.Message.Contains(id, StringComparison.Ordinal)),
        ];
        Assert.Equal(5, named.Length);
    }

    [Fact]
    public void Train_ContextOnBothSides_IsRefusedByName()
    {
        var market = new PlantedPreferences();
        PreferenceDataset train = market.Create(0, 40);
        PreferencePair[] one =
        [
            .. train.Pairs.Where(p =>
                train.Candidates[train.IndexOf(p.ChosenId)].Candidate.AsOf == train.Candidates[^1].Candidate.AsOf
            ),
        ];
        string[] ids = [.. one.SelectMany(p => new[] { p.ChosenId, p.RejectedId }).Distinct()];
        var first = new PreferenceDataset(
            train.Candidates,
            [.. train.Pairs.Where(p => !one.Contains(p)), Pair(one, ids[0], ids[1])]
        );
        PreferenceDataset stopping = market.Create(39, 60);
        var second = new PreferenceDataset(
            stopping.Candidates,
            stopping.Pairs.Where(p => !new[] { p.ChosenId, p.RejectedId }.Intersect(ids[..2]).Any())
        );
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Trainer(Quick).Train(first, second));
        Assert.Contains("contexts are on both sides (1)", error.Message, StringComparison.Ordinal);

        static PreferencePair Pair(PreferencePair[] like, string chosen, string rejected) =>
            like[0] with
            {
                ChosenId = chosen,
                RejectedId = rejected,
            };
    }

    [Fact]
    public void Train_WindowReachesTheStoppingSet_IsRefused()
    {
        var market = new PlantedPreferences();
        PreferenceDataset train = market.Create(0, 40);
        PreferenceDataset stopping = market.Create(40, 60);
        DateTimeOffset first = stopping.Candidates.Min(c => c.Context.AsOf);
        RewardModelTrainer trainer = Trainer(Quick with { Epochs = 1 });
        trainer.Train(Exit(train, first.AddTicks(-1)), stopping);
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => trainer.Train(Exit(train, first), stopping));
        Assert.Contains("still held", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<RlaifInputException>(() => trainer.Train(stopping, train));
        Assert.Contains("has to be later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_TooLittle_SaysSo()
    {
        var market = new PlantedPreferences();
        PreferenceDataset empty = new([], []);
        Assert.Throws<NotEnoughDataException>(() => Trainer(Quick).Train(empty, market.Create(40, 60)));
        PreferenceDataset train = market.Create(0, 20);
        var coins = new PreferenceDataset(train.Candidates, train.Pairs.Select(p => p with { Confidence = 0.5 }));
        Assert.Throws<NotEnoughDataException>(() => Trainer(Quick).Train(coins, market.Create(40, 60)));
    }

    [Fact]
    public void Trainer_EncoderOfAnotherLength_IsRefused()
    {
        string message = Assert
            .Throws<RlaifInputException>(() => new RewardModelTrainer(null, new HashedTextEncoder(64)))
            .Message;
        Assert.Contains("TextDim", message, StringComparison.Ordinal);
    }

    private static PreferenceDataset Exit(PreferenceDataset data, DateTimeOffset exit) =>
        new(data.Candidates.Select((c, i) => i == 0 ? c with { Outcome = c.Outcome with { ExitAt = exit } } : c), data.Pairs);

    private static RewardModelTrainer Trainer(TrainingOptions options) => new(null, new HashedTextEncoder(), options);

    private static string Json(TrainingReport report) => JsonSerializer.Serialize(report, RlaifJson.Compact);

    private sealed class Recorder(List<ProgressUpdate> seen) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => seen.Add(value);
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<ProgressUpdate>
    {
        public int Epochs { get; private set; }

        public void Report(ProgressUpdate value)
        {
            Epochs++;
            source.Cancel();
        }
    }
}
