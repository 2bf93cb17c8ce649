using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class OnlineRewardModelTrainerTests
{
    private static readonly PreferenceDataset News = SharedModel.Market.Create(140, 170);

    /// <summary>Steps large enough for a leak to show.</summary>
    private static readonly OnlineTrainingOptions Fast = new() { LearningRate = 1e-3, MaxDrift = 0.5 };

    [Fact]
    public void Update_SamePairsAndSeed_GivesTheSameModelAndLeavesTheParent()
    {
        string parent = SharedModel.Model.Fingerprint;
        RewardModel one = Learn(new OnlineTrainingOptions(), News, 40).Trainer.ToModel();
        RewardModel two = Learn(new OnlineTrainingOptions(), News, 40).Trainer.ToModel();
        RewardModel other = Learn(new OnlineTrainingOptions { Seed = 7 }, News, 40).Trainer.ToModel();
        Assert.Equal(one.Fingerprint, two.Fingerprint);
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
        Assert.NotEqual(parent, one.Fingerprint);
        Assert.Equal(parent, SharedModel.Model.Fingerprint);
        Assert.Equal((parent, 40), (one.Metadata.Parent, one.Metadata.OnlinePairs));
        Assert.Equal(News.Pairs[39].KnownAt, one.Metadata.KnownUntil);
    }

    [Fact]
    public void ToModel_DataHash_IsOfTheParentsDataAndEachPairSince()
    {
        string expected = SharedModel.Model.Metadata.DataHash;
        foreach (PreferencePair pair in News.Pairs.Take(3))
        {
            expected = ContentId.Sha256($"{expected}\n{pair.PairId}");
        }

        Assert.Equal(expected, Learn(new OnlineTrainingOptions(), News, 3).Trainer.ToModel().Metadata.DataHash);
    }

    [Fact]
    public void Update_LaterPairsChange_NothingBeforeThemChanges()
    {
        PreferenceDataset other = (SharedModel.Market with { Seed = 99 }).Create(160, 170);
        (OnlineRewardModelTrainer trainer, List<OnlineUpdate> updates) = Learn(new OnlineTrainingOptions(), News, 30);
        RewardModel before = trainer.ToModel();
        OnlineUpdate next = Apply(trainer, other, other.Pairs[0]);
        (OnlineRewardModelTrainer again, List<OnlineUpdate> same) = Learn(new OnlineTrainingOptions(), News, 30);
        Assert.Equal(updates, same);
        Assert.Equal(before.Fingerprint, again.ToModel().Fingerprint);
        Assert.NotEqual(before.Fingerprint, trainer.ToModel().Fingerprint);
        // The margin before the update is the margin of the model that had not seen the pair.
        Assert.Equal(Margin(before, other, other.Pairs[0]), next.PriorMargin);
        Assert.Equal(Margin(SharedModel.Model, other, other.Pairs[0]), next.ParentMargin);
    }

    [Fact]
    public void Update_PairsOfOneMoment_AreScoredByTheWeightsFromBeforeItsFirst()
    {
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model, Fast);
        foreach (IGrouping<DateTimeOffset, PreferencePair> moment in News.Pairs.Take(25).GroupBy(p => p.KnownAt))
        {
            RewardModel before = trainer.ToModel();
            foreach (PreferencePair pair in moment)
            {
                Assert.Equal(Margin(before, News, pair), Apply(trainer, News, pair).PriorMargin);
            }

            Assert.NotEqual(before.Fingerprint, trainer.ToModel().Fingerprint);
        }
    }

    [Fact]
    public void Update_PairLearntBeforeOneOfTheSameMoment_LeavesItsPriorMargin()
    {
        int count = News.Pairs.Count(p => p.KnownAt == News.Pairs[0].KnownAt);
        PreferencePair pair = News.Pairs[count - 1];
        Assert.Contains(News.Pairs.Take(count - 1), p => p.ChosenId == pair.ChosenId || p.RejectedId == pair.RejectedId);
        OnlineUpdate alone = Apply(new OnlineRewardModelTrainer(SharedModel.Model, Fast), News, pair);
        (OnlineRewardModelTrainer trainer, List<OnlineUpdate> updates) = Learn(Fast, News, count);
        Assert.Equal(alone.PriorMargin, updates[^1].PriorMargin);
        Assert.NotEqual(alone.PriorMargin, Margin(trainer.ToModel(), News, pair));
    }

    [Fact]
    public void Update_NothingToLearn_PriorMarginsAreRightHalfOfTheTime()
    {
        PreferenceDataset noise = (SharedModel.Market with { Shuffled = true }).Create(140, 240);
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model, Fast);
        int prior = 0;
        int leaking = 0;
        foreach (PreferencePair pair in noise.Pairs)
        {
            leaking += Margin(trainer.ToModel(), noise, pair) > 0 ? 1 : 0;
            prior += Apply(trainer, noise, pair).PriorMargin > 0 ? 1 : 0;
        }

        // Some 100 independent contexts: two standard deviations are 10%. 56% and, by the weights of each pair's own turn, 69% were measured.
        double pairs = noise.Pairs.Count;
        Assert.InRange(prior / pairs, 0.4, 0.6);
        Assert.True(leaking / pairs > 0.65, $"the leak would show as {leaking / pairs:P1}");
    }

    [Fact]
    public void Update_ContextLearntAtAnEarlierMoment_HasNoPriorMargin()
    {
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model);
        PreferencePair toss = News.Pairs[0] with { Confidence = 0.5 };
        Assert.NotNull(Apply(trainer, News, toss).PriorMargin);
        // A coin toss teaches nothing; a pair does.
        Assert.NotNull(Apply(trainer, News, Later(News.Pairs[1], 1)).PriorMargin);
        Assert.NotNull(Apply(trainer, News, Later(News.Pairs[2], 1)).PriorMargin);
        Assert.Null(Apply(trainer, News, Later(News.Pairs[3], 2)).PriorMargin);
        PreferencePair other = News.Pairs.First(p => p.KnownAt > News.Pairs[0].KnownAt);
        Assert.NotNull(Apply(trainer, News, other).PriorMargin);

        static PreferencePair Later(PreferencePair pair, int hours) => pair with { KnownAt = pair.KnownAt.AddHours(hours) };
    }

    [Fact]
    public void Update_DecidedWhileTheParentStillLearnt_HasNoPriorMargin()
    {
        PreferenceDataset last = SharedModel.Market.Create(129, 130);
        PreferencePair pair = last.Pairs[0] with { KnownAt = SharedModel.Model.Metadata.KnownUntil.AddHours(1) };
        Assert.Null(Apply(new OnlineRewardModelTrainer(SharedModel.Model), last, pair).PriorMargin);
    }

    [Fact]
    public void Update_CoinTosses_MoveNothing()
    {
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model);
        Assert.All(
            News.Pairs.Take(50),
            p => Assert.Equal((0.0, false), Moved(Apply(trainer, News, p with { Confidence = 0.5 })))
        );
        Assert.Equal(Rewards(SharedModel.Model), Rewards(trainer.ToModel()));

        // Nor do they after a real pair, when the optimizer is under way.
        OnlineUpdate real = Apply(trainer, News, News.Pairs[50]);
        double[] learnt = Rewards(trainer.ToModel());
        Assert.NotEqual(Rewards(SharedModel.Model), learnt);
        Assert.Equal((real.Drift, false), Moved(Apply(trainer, News, News.Pairs[51] with { Confidence = 0.5 })));
        Assert.Equal(learnt, Rewards(trainer.ToModel()));

        static (double Drift, bool IsBounded) Moved(OnlineUpdate update) => (update.Drift, update.IsBounded);

        static double[] Rewards(RewardModel model) => model.ScoreAll([.. News.Candidates.Select(c => (c.Context, c.Candidate))]);
    }

    [Fact]
    public void Update_PairOfTheParentsLastMoment_IsRefused()
    {
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model);
        PreferencePair pair = News.Pairs[0] with { KnownAt = SharedModel.Model.Metadata.KnownUntil };
        Assert.Contains(
            "order",
            Assert.Throws<RlaifInputException>(() => Apply(trainer, News, pair)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Update_OnePairAgainAndAgain_LearnsItUpToTheBoundAndNoFurther()
    {
        var options = new OnlineTrainingOptions
        {
            LearningRate = 3e-4,
            MaxDrift = 0.02,
            ReplayPairs = 0,
        };
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model, options);
        PreferencePair pair = News.Pairs[0];
        OnlineUpdate last = default;
        for (int i = 0; i < 60; i++)
        {
            last = Apply(trainer, News, pair with { PairId = $"again_{i}" });
            Assert.InRange(last.Drift, 0, 0.02);
        }

        Assert.True(last.IsBounded);
        RewardModel learnt = trainer.ToModel();
        Assert.True(Margin(learnt, News, pair) > last.ParentMargin);
        for (int m = 0; m < learnt.MemberCount; m++)
        {
            float[] from = SharedModel.Model.Members[m].Network.Parameters;
            float[] to = learnt.Members[m].Network.Parameters;
            double distance = Math.Sqrt(from.Zip(to, (a, b) => Math.Pow((double)b - a, 2)).Sum() / from.Sum(a => (double)a * a));
            Assert.InRange(distance, 0, 0.02 * (1 + 1e-5));
        }
    }

    [Fact]
    public void Update_LinearMarketAfterAShortTraining_IsBetterThanTheParentOnLaterPairs()
    {
        var market = new PlantedPreferences
        {
            Features = 6,
            Linear = 1,
            Interaction = 0,
            Text = 0,
            Correlation = 0.9,
        };
        RewardModel parent = new RewardModelTrainer(
            null,
            new HashedTextEncoder(),
            new TrainingOptions
            {
                Ensemble = 1,
                Epochs = 1,
                WeightDecay = 0.01,
            }
        ).Train(market.Create(0, 20), market.Create(21, 40)).Model;
        PreferenceDataset stream = market.Create(41, 240);
        var trainer = new OnlineRewardModelTrainer(parent, new OnlineTrainingOptions { LearningRate = 1e-3, MaxDrift = 1 });
        OnlineUpdate[] updates = [.. InOrder(stream).Select(p => Apply(trainer, stream, p))];
        OnlineUpdate[] late = updates[(updates.Length / 2)..];
        double online = late.Average(u => u.PriorMargin > 0 ? 1.0 : 0);
        double still = late.Average(u => u.ParentMargin > 0 ? 1.0 : 0);
        Assert.True(online > still + 0.05, $"online {online:P1}, parent {still:P1}");
    }

    [Fact]
    public void Update_DefaultsOnPlantedPairs_KeepsRewardsAndIsNoWorseOnLaterOnes()
    {
        PreferenceDataset stream = SharedModel.Market.Create(140, 200);
        PreferenceDataset later = SharedModel.Market.Create(201, 400);
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model);
        OnlineUpdate[] updates = [.. InOrder(stream).Select(p => Apply(trainer, stream, p))];
        double[] before = Margins(SharedModel.Model);
        double[] after = Margins(trainer.ToModel());
        // After 422 pairs: drift 1.7%, gaps 1.33 times the parent's, log-loss on later pairs 0.665 instead of 0.683.
        Assert.InRange(updates[^1].Drift, 0.01, 0.03);
        Assert.InRange(after.Average(Math.Abs) / before.Average(Math.Abs), 0.9, 1.6);
        Assert.True(LogLoss(after) < LogLoss(before), $"online {LogLoss(after):F3}, parent {LogLoss(before):F3}");

        double[] Margins(RewardModel model) => [.. later.Pairs.Select(p => Margin(model, later, p))];

        static double LogLoss(double[] margins) => margins.Average(BradleyTerryLoss.NegativeLogSigmoid);
    }

    [Fact]
    public void Update_WhatDoesNotFit_IsRefusedAndChangesNothing()
    {
        (OnlineRewardModelTrainer trainer, _) = Learn(new OnlineTrainingOptions(), News, 10);
        string before = trainer.ToModel().Fingerprint;
        PreferencePair pair = News.Pairs[20];
        SettledCandidate chosen = News.Candidates[News.IndexOf(pair.ChosenId)];
        SettledCandidate rejected = News.Candidates[News.IndexOf(pair.RejectedId)];
        Assert.Throws<ArgumentException>(() => trainer.Update(pair, rejected, chosen));
        Refused("already", () => Apply(trainer, News, News.Pairs[9]));
        Refused(
            "order",
            () => trainer.Update(pair with { KnownAt = SharedModel.Model.Metadata.KnownUntil.AddTicks(-1) }, chosen, rejected)
        );
        Refused("judge", () => trainer.Update(pair with { Metric = ProcessPreferences.Metric }, chosen, rejected));
        Assert.Equal((before, 10), (trainer.ToModel().Fingerprint, trainer.Updates));
        Assert.Throws<RlaifInputException>(() =>
            new OnlineRewardModelTrainer(SharedModel.Model, new OnlineTrainingOptions { MaxDrift = 0, BufferSize = 0 })
        );

        static void Refused(string word, Action action) =>
            Assert.Contains(word, Assert.Throws<RlaifInputException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToModel_SavedAndLoaded_ScoresTheSameAndKnowsItsParent()
    {
        RewardModel model = Learn(new OnlineTrainingOptions(), News, 5).Trainer.ToModel();
        string folder = Directory.CreateTempSubdirectory("rlaif-online-").FullName;
        string path = Path.Combine(folder, "model.safetensors");
        await model.SaveAsync(path);
        RewardModel loaded = await RewardModel.LoadAsync(path);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(model.Fingerprint, loaded.Fingerprint);
        Assert.Equal(SharedModel.Model.Fingerprint, loaded.Metadata.Parent);
    }

    [Fact]
    public void Keep_ManyPairs_HoldsAUniformSample()
    {
        // Pairs 0 to 99 through a buffer of 10: each should be kept about one time in ten.
        const int Runs = 300;
        int early = 0;
        for (int run = 0; run < Runs; run++)
        {
            var buffer = new ReplayBuffer(SharedModel.Model, 10, new DeterministicRandom(run));
            SettledCandidate some = News.Candidates[0];
            for (int i = 0; i < 100; i++)
            {
                buffer.Hold(some, some, weight: i);
                buffer.Keep();
            }

            Assert.Equal(10, buffer.Count);
            double[] kept = [.. buffer.Data.Pairs[..10].Select(p => p.Weight)];
            Assert.Equal(10, kept.Distinct().Count());
            early += kept.Count(w => w < 50);
        }

        // 3,000 draws at one half each: four standard deviations are 110.
        Assert.InRange(early, 1390, 1610);
    }

    private static (OnlineRewardModelTrainer Trainer, List<OnlineUpdate> Updates) Learn(
        OnlineTrainingOptions options,
        PreferenceDataset data,
        int pairs
    )
    {
        var trainer = new OnlineRewardModelTrainer(SharedModel.Model, options);
        List<OnlineUpdate> updates = [.. data.Pairs.Take(pairs).Select(p => Apply(trainer, data, p))];
        return (trainer, updates);
    }

    private static IEnumerable<PreferencePair> InOrder(PreferenceDataset data) => data.Pairs.OrderBy(p => p.KnownAt);

    private static OnlineUpdate Apply(OnlineRewardModelTrainer trainer, PreferenceDataset data, PreferencePair pair) =>
        trainer.Update(pair, data.Candidates[data.IndexOf(pair.ChosenId)], data.Candidates[data.IndexOf(pair.RejectedId)]);

    private static double Margin(RewardModel model, PreferenceDataset data, PreferencePair pair)
    {
        SettledCandidate chosen = data.Candidates[data.IndexOf(pair.ChosenId)];
        SettledCandidate rejected = data.Candidates[data.IndexOf(pair.RejectedId)];
        double[] rewards = model.ScoreAll([(chosen.Context, chosen.Candidate), (rejected.Context, rejected.Candidate)]);
        return rewards[0] - rewards[1];
    }
}
