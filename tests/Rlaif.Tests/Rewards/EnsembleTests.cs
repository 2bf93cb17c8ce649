using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;
using Rlaif.Validation;

namespace Rlaif.Tests.Rewards;

public sealed class EnsembleTests
{
    private static readonly TrainingOptions Quick = new()
    {
        Ensemble = 4,
        LearningRate = 1e-3,
        BatchSize = 64,
        Epochs = 3,
        Threads = 1,
    };

    private static readonly PlantedPreferences Market = new() { Features = 10 };

    [Fact]
    public void Train_OneToThreeThreads_GivesTheSameBits()
    {
        TrainedRewardModel one = Train(Quick);
        foreach (int threads in new[] { 2, 3 })
        {
            TrainedRewardModel other = Train(Quick with { Threads = threads });
            Assert.Equal(one.Model.Fingerprint, other.Model.Fingerprint);
            Assert.Equal(one.Report.History.Select(e => e.ValidationLoss), other.Report.History.Select(e => e.ValidationLoss));
        }
    }

    [Fact]
    public void Train_Members_DifferInDatesAndWeightsAndAgreeInInputs()
    {
        TrainedRewardModel trained = Train(Quick);
        Assert.Equal(4, trained.Model.MemberCount);
        Assert.Equal(4, trained.Model.Members.Select(m => m.Network.Parameters[0]).Distinct().Count());
        Assert.True(trained.Report.Members.Select(m => m.TrainingPairs).Distinct().Count() > 1);
        // A bootstrap of n draws reaches about 63% of n dates.
        Assert.All(trained.Report.Members, m => Assert.InRange(m.TrainingDates / 80.0, 0.45, 0.8));
        Assert.Equal(trained.Report.Members.Select(m => m.BestEpoch), trained.Model.Metadata.BestEpochs);
    }

    [Fact]
    public void Train_MoreMembers_LeavesTheFirstOnesAsTheyWere()
    {
        float[][] two = [.. Train(Quick with { Ensemble = 2 }).Model.Members.Select(m => m.Network.Parameters)];
        float[][] four = [.. Train(Quick).Model.Members.Select(m => m.Network.Parameters)];
        Assert.Equal(two, four[..2]);
    }

    [Fact]
    public void Train_CancelledOrDiverging_TellsThatAndNotAnAggregate()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new RewardModelTrainer(null, new HashedTextEncoder(), Quick with { Threads = 2 }).Train(
                Market.Create(0, 40),
                Market.Create(41, 60),
                null,
                source.Token
            )
        );
        TrainingOptions wild = Quick with { LearningRate = 1, WeightDecay = 100, Threads = 2, GradientClip = 1e6 };
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Train(wild));
        Assert.Contains("diverged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EstimateAll_AgreesWithItsDefinition()
    {
        RewardModel model = SharedModel.Model;
        (DecisionContext Context, Candidate Candidate)[] all = Candidates(SharedModel.Later);
        RewardEstimate[] estimates = model.EstimateAll(all);
        double unit = model.Members.Average(m => m.Deviation);
        double[][] scores =
        [
            .. model.Members.Select(m =>
                new RewardModel([m], model.Features, model.TextScaler, model.Encoder, model.Metadata)
                    .ScoreAll(all)
                    // A model of one member gives its score minus its mean.
                    .Select(s => s / m.Deviation)
                    .ToArray()
            ),
        ];
        for (int i = 0; i < all.Length; i++)
        {
            double[] own = [.. scores.Select(s => s[i])];
            double mean = own.Average();
            double deviation = Math.Sqrt(own.Average(z => (z - mean) * (z - mean)));
            Assert.Equal(unit * mean, estimates[i].Mean, 1e-9);
            Assert.Equal(unit * deviation, estimates[i].Deviation, 1e-9);
            Assert.Equal(unit * (mean - (0.25 * deviation)), estimates[i].Reward, 1e-9);
        }

        Assert.Equal(estimates.Select(e => e.Reward), model.ScoreAll(all));
    }

    [Theory]
    [InlineData(RewardRanking.Mean, 2.0)]
    [InlineData(RewardRanking.Min, 0.0)]
    [InlineData(RewardRanking.MeanMinusDeviation, 2.0 - 0.5 * 1.632993161855452)]
    public void Combine_HandExample_FollowsTheRule(RewardRanking ranking, double z)
    {
        // z-scores 0, 2, 4 of members with standard deviations 1, 2, 3: mean 2, standard deviation sqrt(8/3), unit 2.
        NetworkArchitecture tiny = new()
        {
            NumericalDim = 1,
            TextDim = 1,
            HiddenDims = [1],
        };
        var network = new RewardNetwork(tiny, new float[tiny.ParameterCount]);
        RewardMember[] members = [new(network, 10, 1), new(network, 20, 2), new(network, 30, 3)];
        var rule = new EnsembleRule(members, new RewardModelOptions { Ranking = ranking, DeviationPenalty = 0.5 });
        RewardEstimate estimate = rule.Combine([10, 24, 42]);
        Assert.Equal(2 * z, estimate.Reward, 1e-12);
        Assert.Equal(4, estimate.Mean, 1e-12);
        Assert.Equal(2 * Math.Sqrt(8.0 / 3), estimate.Deviation, 1e-12);
    }

    [Fact]
    public void Combine_MemberThatSaysTheSameOfAll_IsNeutral()
    {
        NetworkArchitecture tiny = new()
        {
            NumericalDim = 1,
            TextDim = 1,
            HiddenDims = [1],
        };
        var network = new RewardNetwork(tiny, new float[tiny.ParameterCount]);
        var rule = new EnsembleRule([new(network, 5, 0), new(network, 0, 0)], new RewardModelOptions());
        Assert.Equal(default, rule.Combine([5, 0]));
    }

    [Fact]
    public void Draw_Dates_KeepsWholeDatesAndMeanWeightOne()
    {
        PreferenceDataset data = Market.Create(0, 60);
        ScoredPair[] pairs = [.. data.Pairs.Select(p => new ScoredPair(data.IndexOf(p.ChosenId), data.IndexOf(p.RejectedId)))];
        (ScoredPair[] drawn, int dates) = DateBootstrap.Draw(data, pairs, new DeterministicRandom(3));
        Assert.Equal(1, drawn.Average(p => p.Weight), 1e-12);
        var byDate = drawn.GroupBy(p => data.Candidates[p.Chosen].Context.Date).ToList();
        Assert.Equal(dates, byDate.Count);
        Dictionary<DateOnly, int> pairsOf = pairs.CountBy(p => data.Candidates[p.Chosen].Context.Date).ToDictionary();
        Assert.All(
            byDate,
            date =>
            {
                // All pairs of a date, each as often as the date was drawn.
                Assert.Equal(pairsOf[date.Key], date.Select(p => (p.Chosen, p.Rejected)).Distinct().Count());
                Assert.Single(date.CountBy(p => (p.Chosen, p.Rejected)).Select(c => c.Value).Distinct());
            }
        );
        Assert.Equal(60, byDate.Sum(d => d.Count() / pairsOf[d.Key]));
    }

    /// <summary>By hand: margins +-1 of one pair a date, three right of four.</summary>
    [Fact]
    public void FitCautiously_FourDates_LowersTheInverseByItsStandardError()
    {
        double[] margins = [1, 1, 1, -1];
        DateOnly[] dates = [.. Enumerable.Range(1, 4).Select(d => new DateOnly(2025, 1, d))];
        // Inverse ln 3; doubts 1/4 (three times) and 3/4; information 4 * 3/16; slopes 1/4 and -3/4.
        double error = Math.Sqrt((3 * 0.0625) + 0.5625) / 0.75;
        Assert.Equal(1 / Math.Log(3), Temperature.Fit(margins)!.Value, 1e-9);
        Assert.Equal(20, Temperature.FitCautiously(margins, dates, 1)!.Value, 1e-9);
        Assert.True(error > Math.Log(3));
        // A hundred times as many dates: a tenth of the error.
        double[] many = [.. Enumerable.Range(0, 400).Select(i => margins[i % 4])];
        DateOnly[] days = [.. Enumerable.Range(0, 400).Select(i => new DateOnly(2025, 1, 1).AddDays(i))];
        Assert.Equal(1 / (Math.Log(3) - (error / 10)), Temperature.FitCautiously(many, days, 1)!.Value, 1e-9);
        // Gaps twice as wide: the same probabilities at half the inverse, and half the error of it.
        double[] wide = [.. many.Select(m => 2 * m)];
        Assert.Equal(2 / (Math.Log(3) - (error / 10)), Temperature.FitCautiously(wide, days, 1)!.Value, 1e-9);
        // Windows that overlap by four dates: twice the error.
        Assert.Equal(1 / (Math.Log(3) - (error / 5)), Temperature.FitCautiously(many, days, 4)!.Value, 1e-9);
        // All on one date: the slopes cancel at the fit.
        Assert.Equal(1 / Math.Log(3), Temperature.FitCautiously(margins, [.. Enumerable.Repeat(dates[0], 4)], 1)!.Value, 1e-9);
        Assert.Null(Temperature.FitCautiously([], [], 1));
    }

    [Fact]
    public void Train_Temperature_IsFittedOnTheStoppingSideAlone()
    {
        (PreferenceDataset train, PreferenceDataset stopping) = (Market.Create(0, 80), Market.Create(81, 140));
        RewardModel model = new RewardModelTrainer(null, new HashedTextEncoder(), Quick).Train(train, stopping).Model;
        double[] scores = model.ScoreAll(Candidates(stopping));
        double[] margins =
        [
            .. stopping.Pairs.Select(p => scores[stopping.IndexOf(p.ChosenId)] - scores[stopping.IndexOf(p.RejectedId)]),
        ];
        // Training multiplies a text vector by its side, scoring the projection of it: the same to single precision.
        DateOnly[] dates = [.. stopping.Pairs.Select(p => stopping.Candidates[stopping.IndexOf(p.ChosenId)].Context.Date)];
        Assert.Equal(Temperature.FitCautiously(margins, dates, 1)!.Value, model.Metadata.Temperature, 1e-5);
        Assert.True(model.Metadata.Temperature > Calibration.FitTemperature(margins)!.Value);
        Assert.Equal(Calibration.MarginLogLoss(margins)!.Value, model.Metadata.ValidationLoss!.Value, 1e-6);
        Assert.Contains(margins, m => m is > 0 and < 1);
        Assert.Equal(margins.Average(m => m > 0 ? 1.0 : 0.0), model.Metadata.ValidationAccuracy!.Value, 1e-12);
        Assert.Equal(0.5, model.ProbabilityOfBetter(1.5, 1.5));
        Assert.Equal(1, model.ProbabilityOfBetter(1, 2) + model.ProbabilityOfBetter(2, 1), 1e-12);
        Assert.Equal(1 / (1 + Math.Exp(-3 / model.Metadata.Temperature)), model.ProbabilityOfBetter(4, 1), 1e-12);
        RewardModel alone = new RewardModelTrainer(null, new HashedTextEncoder(), Quick)
            .Train(train, new PreferenceDataset([], []))
            .Model;
        Assert.Equal(1, alone.Metadata.Temperature);
    }

    [Fact]
    public void UsualDeviationAndDistance_AreStayedBelowByNinetyNineInAHundred()
    {
        PreferenceDataset train = Market.Create(0, 150);
        PreferenceDataset stopping = Market.Create(151, 250);
        RewardModel model = new RewardModelTrainer(null, new HashedTextEncoder(), Quick with { Epochs = 1 })
            .Train(train, stopping)
            .Model;
        double within = model
            .EstimateAll(Candidates(stopping))
            .Average(e => e.Deviation <= model.Metadata.UsualDeviation ? 1.0 : 0);
        Assert.InRange(within, 0.99, 0.9999);
        double near = train.Candidates.Average(c => model.DistanceOf(c.Context) <= model.Metadata.UsualDistance ? 1.0 : 0);
        Assert.InRange(near, 0.985, 0.9999);
    }

    private static TrainedRewardModel Train(TrainingOptions options) =>
        new RewardModelTrainer(null, new HashedTextEncoder(), options).Train(Market.Create(0, 80), Market.Create(81, 110));

    private static (DecisionContext Context, Candidate Candidate)[] Candidates(PreferenceDataset data) =>
        [.. data.Candidates.Select(c => (c.Context, c.Candidate))];
}
