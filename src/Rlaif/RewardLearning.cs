using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>One training run, from settled candidates and their pairs to a model and the evidence for it.</summary>
public static class RewardLearning
{
    /// <summary>Accuracy of a coin.</summary>
    internal const double Chance = 0.5;

    // Without a side to stop by: two or three passes are what reward models bear before they learn by heart (RewardBench 2).
    private const int EpochsWithoutStopping = 3;

    /// <summary>
    /// Splits the decisions by date, trains on the early ones, stops on later ones, and measures on the latest, which nothing was fitted to.
    /// </summary>
    /// <param name="settled">All settled candidates to learn from.</param>
    /// <param name="pairs">Pairs among them; those that cross a border of the split are left out.</param>
    /// <param name="calendar">Trading sessions, by which the embargo is counted.</param>
    /// <param name="options">The knobs.</param>
    /// <param name="trueScore">The true expected outcome score of a candidate, for simulated markets; judges, is never learnt from.</param>
    /// <param name="progress">Told after every epoch.</param>
    /// <param name="processPairs">
    /// A judge's preferences; those on the training side are mixed in by <see cref="TrainingOptions.ProcessWeight"/>, the others are never used.
    /// </param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="NotEnoughDataException">
    /// There are too few decisions or pairs for the three sides, or judged pairs should count and none is on the training side.
    /// </exception>
    /// <exception cref="ArgumentException">Judged pairs are among <paramref name="pairs"/>, or others among <paramref name="processPairs"/>.</exception>
    public static LearnedModel Learn(
        IReadOnlyList<SettledCandidate> settled,
        IReadOnlyList<PreferencePair> pairs,
        SessionCalendar calendar,
        LearningOptions options,
        Func<SettledCandidate, double>? trueScore = null,
        IProgress<ProgressUpdate>? progress = null,
        IReadOnlyList<PreferencePair>? processPairs = null,
        CancellationToken cancellationToken = default
    )
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        if (pairs.Any(ProcessPreferences.IsProcess) || processPairs?.All(ProcessPreferences.IsProcess) == false)
        {
            throw new ArgumentException("Market pairs and a judge's preferences are given apart.", nameof(processPairs));
        }

        // Those of the validation side would be met when training is over.
        foreach (DecisionContext context in settled.Select(s => s.Context))
        {
            context.RequireFeatures();
        }

        PurgedSplit split = Split(settled, calendar, options.Split);
        SplitPairs sides = split.Apply(pairs);
        var trainer = new RewardModelTrainer(
            options.Model,
            options.Encoder,
            options.Training with
            {
                Seed = options.Seed,
                Threads = options.Threads,
                Epochs = split.Stopping is null
                    ? Math.Min(options.Training.Epochs, EpochsWithoutStopping)
                    : options.Training.Epochs,
            }
        );
        var train = new PreferenceDataset(
            settled,
            Mixed(sides.Train, processPairs ?? [], settled, split, options.Training.ProcessWeight)
        );
        var stopping = new PreferenceDataset(settled, sides.Stopping);
        TrainedRewardModel trained = trainer.Train(train, stopping, progress, cancellationToken);

        SettledCandidate[] unseen = [.. settled.Where(s => split.PartOf(s.Context.ContextId) == SplitPart.Validation)];
        var used = new LearningSides(train, stopping, Unfiltered(unseen, options.Preferences));
        progress?.Report(new ProgressUpdate("baselines", 0, 0));
        var evidence = new RewardEvidence(trained.Model, used, options);
        (IReadOnlyList<BaselineAccuracy> baselines, var missing) = TrainedBaselines.Measure(
            used,
            trained.Model.Features,
            evidence.Rewards,
            options,
            cancellationToken
        );
        return new LearnedModel
        {
            Model = trained.Model,
            Training = trained.Report,
            Options = options,
            Data = TrainingDataSummary.Of(settled, pairs.Count, sides, used, trained.Model, options.Preferences),
            Split = split,
            PairsLeftOut = sides.CrossSide + sides.Purged,
            Validation = evidence.Accuracy(),
            DatesPerBlock = evidence.Bootstrap.BlockLength,
            Breakdown = evidence.Breakdown(),
            RankCorrelation = evidence.Correlation(),
            OutcomeByReward = evidence.OutcomeByReward(),
            ErrorBySpread = evidence.ErrorBySpread(),
            Regret = evidence.Regret(unseen),
            BaselineFigures = baselines,
            MissingBaselines = missing,
            // A judge's preferences have no outcomes to shuffle.
            Controls =
                options.FullEvidence && sides.Train.Count > 0
                    ? ControlRuns.Run(
                        used with
                        {
                            Train = new PreferenceDataset(settled, sides.Train),
                        },
                        settled,
                        options,
                        cancellationToken
                    )
                    : null,
            AttainableAccuracy = trueScore is null ? null : Attainable.Accuracy(used.Validation, trueScore),
        };
    }

    /// <summary>
    /// Measures a model on decisions made after all that it knows: how one that learnt on (<see cref="OnlineRewardModelTrainer"/>) comes by the evidence that
    /// <see cref="PromotionGate"/> asks of every version.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="settled">Settled candidates; those of decisions up to <see cref="RewardModelMetadata.KnownUntil"/> are left aside.</param>
    /// <param name="options">How pairs are formed, and the seed of the intervals.</param>
    /// <exception cref="NotEnoughDataException">No pair came after the model.</exception>
    public static JudgedModel Judge(RewardModel model, IReadOnlyList<SettledCandidate> settled, LearningOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        SettledCandidate[] later = [.. settled.Where(s => s.Context.AsOf > model.Metadata.KnownUntil)];
        PreferenceDataset unseen = Unfiltered(later, options.Preferences);
        if (unseen.Pairs.Count == 0)
        {
            throw new NotEnoughDataException(
                $"No pair came after the model, which knows outcomes until {model.Metadata.KnownUntil:u}; decide and settle more first."
            );
        }

        var evidence = new RewardEvidence(model, new LearningSides(unseen, unseen, unseen), options);
        DeterministicRandom random = new DeterministicRandom(options.Seed).Fork("baselines");
        return new JudgedModel(
            model,
            evidence.Accuracy(),
            TrainedBaselines.Untrained(unseen, evidence.Rewards, random, evidence.Bootstrap)
        );
    }

    // Judged pairs join the training side only. Without weight they are not even looked at, so that training is the same as without them.
    private static IReadOnlyList<PreferencePair> Mixed(
        IReadOnlyList<PreferencePair> market,
        IReadOnlyList<PreferencePair> judged,
        IReadOnlyList<SettledCandidate> settled,
        PurgedSplit split,
        double weight
    )
    {
        if (weight <= 0)
        {
            return market;
        }

        HashSet<string> known = [.. settled.Select(s => s.Candidate.CandidateId)];
        IReadOnlyList<PreferencePair> process = split
            .Apply(judged.Where(p => known.Contains(p.ChosenId) && known.Contains(p.RejectedId)))
            .Train;
        if (process.Count == 0)
        {
            throw new NotEnoughDataException(
                $"A judge's preferences should make up {weight:0.##} of training, but of {judged.Count} none is on the training side. "
                    + "Let a judge compare candidates of earlier decisions, or give it no weight."
            );
        }

        return weight >= 1 ? process : [.. market, .. process];
    }

    // A few weeks of daily decisions leave no room for a third side between purge and embargo: two sides, and training that is short by rule.
    private static PurgedSplit Split(
        IReadOnlyList<SettledCandidate> settled,
        SessionCalendar calendar,
        PurgedSplitOptions options
    )
    {
        try
        {
            return PurgedSplit.Create(settled, calendar, options);
        }
        catch (NotEnoughDataException) when (options.StoppingFraction > 0)
        {
            return PurgedSplit.Create(settled, calendar, options with { StoppingFraction = 0 });
        }
    }

    // A margin would keep the clear cases only and flatter every score.
    internal static PreferenceDataset Unfiltered(IReadOnlyList<SettledCandidate> candidates, PreferenceOptions options)
    {
        const int FewestCandidates = 2;
        return new PreferenceDataset(
            candidates,
            PreferenceGenerator.Generate(candidates, options with { MinMargin = 0, MinSamples = FewestCandidates }).Pairs
        );
    }
}
