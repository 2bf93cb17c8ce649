using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Tests.Rewards;
using Rlaif.Validation;

namespace Rlaif.Tests;

public sealed class ModelMonitorTests
{
    private const int TrainingWeeks = 120;
    private const int StoppingWeeks = 150;
    private const int LastWeek = 260;

    /// <summary>No training is due: the advice follows from the intervals alone.</summary>
    private static readonly MonitorOptions Undue = new() { RetrainPairs = int.MaxValue, RetrainDays = int.MaxValue };

    private static readonly LearningOptions Learning = new()
    {
        Preferences = new PreferenceOptions { Metric = ComparisonMetric.Return },
    };

    private static readonly PlantedPreferences Market = new()
    {
        Features = 8,
        Linear = 1,
        Interaction = 0,
        Text = 0,
        Correlation = 0.7,
    };

    private static readonly RewardModel Model = Train(Market);
    private static readonly MonitoredModel Monitored = new(Model, Model.Metadata.KnownUntil);
    private static readonly IReadOnlyList<SettledCandidate> Later = Market.Create(0, LastWeek).Candidates;
    private static readonly DateTimeOffset Now = Later.Max(s => s.Outcome.KnownAt);

    private static RewardModel Train(PlantedPreferences market, int seed = 42) => new RewardModelTrainer(
            null,
            new HashedTextEncoder(),
            new TrainingOptions
            {
                Ensemble = 1,
                Epochs = 3,
                BatchSize = 64,
                LearningRate = 1e-3,
                Seed = seed,
            }
        ).Train(market.Create(0, TrainingWeeks), market.Create(TrainingWeeks + 1, StoppingWeeks)).Model;

    private static MonitorReport Check(
        IEnumerable<SettledCandidate> settled,
        MonitoredModel? monitored = null,
        MonitorOptions? options = null,
        DateTimeOffset? asOf = null
    ) => ModelMonitor.Check(monitored ?? Monitored, settled, asOf ?? Now, Learning, options ?? Undue);

    private static SettledCandidate Reversed(SettledCandidate settled) =>
        settled with
        {
            Outcome = settled.Outcome with { GrossReturn = -settled.Outcome.GrossReturn, NetReturn = -settled.Outcome.NetReturn },
        };

    private static SettledCandidate WithFeature(SettledCandidate settled, string name, Func<double?, double?> change) =>
        settled with
        {
            Context = settled.Context with
            {
                Features = settled.Context.Features.ToDictionary(f => f.Key, f => f.Key == name ? change(f.Value) : f.Value),
            },
        };

    private static string Json(MonitorReport report) => JsonSerializer.Serialize(report, RlaifJson.Compact);

    [Fact]
    public void Check_EdgeStillThere_AdvisesToKeep()
    {
        MonitorReport report = Check(Later);
        Assert.Equal((MonitorAdvice.Keep, false), (report.Advice, report.Alarm));
        Assert.Empty(report.Reasons);
        Assert.Equal(100, report.Contexts);
        Assert.True(report.Accuracy.Interval!.Lower > 0.5);
        Assert.True(report.Correlation.SpearmanInterval!.Lower > 0);
        Assert.True(report.FirstDate > DateOnly.FromDateTime(Model.Metadata.KnownUntil.UtcDateTime));
        Assert.Equal(LastWeek - 1, Later.Max(s => s.Context.AsOf.Subtract(Later[0].Context.AsOf).Days) / 7);
    }

    [Fact]
    public void Check_EdgeReversed_AdvisesToRollBack()
    {
        MonitorReport report = Check(Later.Select(Reversed));
        Assert.Equal((MonitorAdvice.RollBack, true), (report.Advice, report.Alarm));
        Assert.Contains("worse than a coin", report.Reasons[0], StringComparison.Ordinal);
        Assert.True(report.Correlation.SpearmanInterval!.Upper < 0);
    }

    [Fact]
    public void Check_FeatureMoved_NamesItAndAdvisesToRetrain()
    {
        // f05 plays no part in the market: only the features tell.
        MonitorReport report = Check(Later.Select(s => WithFeature(s, "f05", v => v + 3)));
        Assert.Equal((MonitorAdvice.Retrain, true), (report.Advice, report.Alarm));
        Assert.StartsWith(
            "features are not where they were in training: f05 (",
            report.Reasons.Single(),
            StringComparison.Ordinal
        );
        Assert.Equal(["f05"], report.Drift!.Features.Where(f => f.IsBeyondNoise).Select(f => f.Name));
    }

    [Fact]
    public void Check_NullMarkets_HardlyEverRaiseAnAlarm()
    {
        int alarms = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            PlantedPreferences market = Market with { Shuffled = true, Seed = (ulong)(100 + seed) };
            RewardModel model = Train(market, seed);
            MonitorReport report = Check(
                market.Create(StoppingWeeks, LastWeek).Candidates,
                new MonitoredModel(model, model.Metadata.KnownUntil)
            );
            alarms += report.Alarm ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 2);
    }

    [Fact]
    public void Check_EdgeGone_AdvisesToRetrainWhenItWasThereAtTraining()
    {
        PlantedPreferences gone = Market with { Shuffled = true };
        SettledCandidate[] later = [.. gone.Create(0, LastWeek).Candidates];
        MonitorReport report = Check(later, Monitored with { AtTraining = (0.75, 0.7, 0.8) });
        Assert.Equal((MonitorAdvice.Retrain, true), (report.Advice, report.Alarm));
        Assert.Contains(
            "no longer above a coin, and below the 75.0% at training",
            report.Reasons.Single(),
            StringComparison.Ordinal
        );
        Assert.True(report.SinceTraining!.Value.Upper < 0);
        // It was never shown to be there, or less than it would take to miss it: no advice.
        Assert.Equal(MonitorAdvice.Keep, Check(later, Monitored with { AtTraining = (0.6, 0.48, 0.72) }).Advice);
        Assert.Equal(MonitorAdvice.Keep, Check(later, Monitored with { AtTraining = (0.55, 0.51, 0.59) }).Advice);
        Assert.Equal(MonitorAdvice.Keep, Check(later).Advice);
    }

    [Fact]
    public void Check_WorseThanTheChampionBefore_AdvisesToRollBack()
    {
        RewardModel blind = Train(Market with { Shuffled = true, Seed = 3 });
        var monitored = new MonitoredModel(blind, blind.Metadata.KnownUntil) { Previous = Model };
        MonitorReport report = Check(Later, monitored);
        Assert.Equal((MonitorAdvice.RollBack, true), (report.Advice, report.Alarm));
        Assert.Contains("against the champion before", report.Reasons.Single(), StringComparison.Ordinal);
        Assert.True(report.Comparison!.Interval!.Upper < 0);
        // The other way round nothing is wrong.
        MonitorReport kept = Check(Later, Monitored with { Previous = blind });
        Assert.Equal((MonitorAdvice.Keep, true), (kept.Advice, kept.Comparison!.Interval!.Lower > 0));
    }

    [Fact]
    public void Check_ChampionBeforeReadsOtherFeatures_ComparesNothing()
    {
        RewardModel other = Train(Market with { Features = 5 });
        Assert.Null(Check(Later, Monitored with { Previous = other }).Comparison);
    }

    [Fact]
    public void Check_PairsOrDaysSinceTraining_MakeTrainingDueWithoutAlarm()
    {
        MonitorReport pairs = Check(Later, options: Undue with { RetrainPairs = 50 });
        Assert.Equal((MonitorAdvice.Retrain, false), (pairs.Advice, pairs.Alarm));
        Assert.Contains(
            $"{pairs.NewPairs} pairs came after all that it was fitted to or judged on; 50 are enough",
            pairs.Reasons.Single(),
            StringComparison.Ordinal
        );
        Assert.Equal(MonitorAdvice.Keep, Check(Later, options: Undue with { RetrainPairs = pairs.NewPairs + 1 }).Advice);

        MonitorReport days = Check(Later, options: Undue with { RetrainDays = 30 });
        Assert.Equal((MonitorAdvice.Retrain, false), (days.Advice, days.Alarm));
        Assert.Equal((Now - Model.Metadata.KnownUntil).TotalDays, days.AgeDays);

        // Trained a week ago on nearly all there was then: neither is due.
        DateOnly[] dates = [.. Later.Select(s => s.Context.Date).Distinct().Order()];
        MonitoredModel recent = Monitored with { TrainedAt = Now.AddDays(-8), LastValidationDate = dates[^6] };
        MonitorReport fresh = Check(Later, recent, new MonitorOptions());
        Assert.Equal((MonitorAdvice.Keep, 8), (fresh.Advice, fresh.AgeDays));
        Assert.InRange(fresh.NewPairs, 1, 49);
    }

    [Fact]
    public void Check_TrainedAfterEverythingBecameKnown_CountsTheLaterPairsAllTheSame()
    {
        // As when history is decided on with a model of today.
        MonitorOptions due = Undue with
        {
            RetrainPairs = 50,
        };
        MonitoredModel late = Monitored with { TrainedAt = Now };
        DateOnly judged = DateOnly.FromDateTime(Model.Metadata.KnownUntil.UtcDateTime);
        MonitorReport report = Check(Later, late with { LastValidationDate = judged }, due);
        Assert.Equal((Check(Later).NewPairs, 0), (report.NewPairs, report.AgeDays));
        Assert.Equal(MonitorAdvice.Retrain, report.Advice);

        // Nobody says on what it was judged: that may have been these.
        report = Check(Later, late, due);
        Assert.Equal((0, MonitorAdvice.Keep), (report.NewPairs, report.Advice));

        // A training later than the moment of looking ends, for that moment, where its data do.
        DateTimeOffset asOf = Now.AddDays(-200);
        Assert.Equal(Check(Later, asOf: asOf).NewPairs, Check(Later, late, asOf: asOf).NewPairs);
    }

    [Fact]
    public void Check_WhatBecameKnownLater_ChangesNothing()
    {
        DateTimeOffset asOf = Now.AddDays(-200);
        MonitorReport report = Check(Later, asOf: asOf);
        IEnumerable<SettledCandidate> otherFuture = Later.Select(s =>
            s.Outcome.KnownAt <= asOf ? s : WithFeature(Reversed(s), "f00", v => v + 100)
        );
        Assert.Equal(Json(report), Json(Check(otherFuture, asOf: asOf)));
        Assert.Equal(Json(report), Json(Check(Later.Where(s => s.Outcome.KnownAt <= asOf).Reverse(), asOf: asOf)));
        Assert.NotEqual(Json(report), Json(Check(Later)));
        Assert.All(new[] { report.LastDate }, d => Assert.True(d < DateOnly.FromDateTime(asOf.UtcDateTime)));
    }

    [Fact]
    public void Check_Window_TakesTheLatestContexts()
    {
        MonitorReport report = Check(Later, options: Undue with { Window = 30 });
        Assert.Equal((30, 150), (report.Contexts, report.Candidates));
        Assert.Equal(Later.Max(s => s.Context.Date), report.LastDate);
        Assert.Equal(29 * 7, report.LastDate.DayNumber - report.FirstDate.DayNumber);
    }

    [Fact]
    public void Check_TooLittleSettledSinceTraining_SaysHowLittle()
    {
        NotEnoughDataException none = Assert.Throws<NotEnoughDataException>(() => Check(Later, asOf: Model.Metadata.KnownUntil));
        Assert.Contains("0 dates were settled", none.Message, StringComparison.Ordinal);
        NotEnoughDataException one = Assert.Throws<NotEnoughDataException>(() =>
            Check(Later, asOf: Model.Metadata.KnownUntil.AddDays(7))
        );
        Assert.Contains("1 dates were settled", one.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DecisionsItWasJudgedOn_SayNothingNew()
    {
        DateOnly[] dates = [.. Later.Select(s => s.Context.Date).Distinct().Order()];
        DateOnly judged = dates[^41];
        DateTimeOffset known = Later.Where(s => s.Context.Date <= judged).Max(s => s.Outcome.KnownAt);
        MonitorReport report = Check(Later, Monitored with { LastValidationDate = judged });
        Assert.True(report.FirstDate > DateOnly.FromDateTime(known.UtcDateTime), "no holding window may be shared");
        Assert.InRange(report.Contexts, 30, 40);
        Assert.Equal(report.Contexts, report.Accuracy.Dates);

        NotEnoughDataException error = Assert.Throws<NotEnoughDataException>(() =>
            Check(Later, Monitored with { LastValidationDate = dates[^1] })
        );
        Assert.StartsWith("Not enough decisions since training", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 dates were settled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_JudgedBeforeTheEndOfTraining_StartsWithWhatItWasNotFittedTo() =>
        Assert.Equal(Json(Check(Later)), Json(Check(Later, Monitored with { LastValidationDate = Later[0].Context.Date })));

    [Fact]
    public void Check_OptionsOutOfRange_AreRefused()
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            Check(Later, options: new MonitorOptions { Window = 1, RetrainDays = 0 })
        );
        Assert.Contains("Window", error.Message, StringComparison.Ordinal);
        Assert.Contains("RetrainDays", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Report_StandsAloneAndSaysTheAdvice()
    {
        string page = MonitorPage.Render(Check(Later.Select(s => WithFeature(s, "f05", v => v + 3))), "v0007");
        Assert.Contains("Is v0007 still right?", page, StringComparison.Ordinal);
        Assert.Contains("Train again.", page, StringComparison.Ordinal);
        Assert.Contains("f05", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
    }
}
