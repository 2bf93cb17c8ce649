using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>A trained reward model and the evidence for it, measured on decisions later than all it was fitted to.</summary>
public sealed record LearnedModel
{
    /// <summary>An accuracy above this is more than real five-day returns carry (about 0.52): on real prices it points to a leak.</summary>
    public const double LeakageAlarm = 0.65;

    /// <summary>The model.</summary>
    public required RewardModel Model { get; init; }

    /// <summary>How training went, epoch by epoch.</summary>
    public required TrainingReport Training { get; init; }

    /// <summary>The options of the run.</summary>
    public required LearningOptions Options { get; init; }

    /// <summary>What there was to learn from.</summary>
    public required TrainingDataSummary Data { get; init; }

    /// <summary>Which decisions were used for what.</summary>
    public required PurgedSplit Split { get; init; }

    /// <summary>Pairs left out of training because their candidates are on different sides, or were purged or embargoed.</summary>
    public required int PairsLeftOut { get; init; }

    /// <summary>How well rewards order the validation pairs; formed without a margin, so that none is filtered away.</summary>
    public required PairwiseAccuracy Validation { get; init; }

    /// <summary>Where it is right and where it is not, on the same pairs.</summary>
    public required AccuracyBreakdown Breakdown { get; init; }

    /// <summary>Consecutive decision dates that its intervals resample together: as many as lie within one holding window.</summary>
    public required int DatesPerBlock { get; init; }

    /// <summary>Agreement in order of reward and outcome score over the validation candidates; null when no outcome score is defined.</summary>
    public required RankCorrelation? RankCorrelation { get; init; }

    /// <summary>Mean outcome score by reward, in up to ten bins of equally many validation candidates.</summary>
    public required IReadOnlyList<BinnedMean> OutcomeByReward { get; init; }

    /// <summary>
    /// Share of validation pairs that are ranked wrongly, by how much the members differ on the pair's reward gap (standard deviation), in up to five bins;
    /// empty for a single network.
    /// </summary>
    public required IReadOnlyList<BinnedMean> ErrorBySpread { get; init; }

    /// <summary>Everything simpler than the model, trained on the same pairs where it is trained, measured on the same pairs; the best first.</summary>
    public required IReadOnlyList<BaselineAccuracy> BaselineFigures { get; init; }

    /// <summary>Baselines that could not be had, and why.</summary>
    public required IReadOnlyDictionary<string, string> MissingBaselines { get; init; }

    /// <summary>Runs whose results are known beforehand; null when <see cref="LearningOptions.FullEvidence"/> is off.</summary>
    public required TrainingControls? Controls { get; init; }

    /// <summary>Accuracy of the baselines by name; 0.5 is a coin.</summary>
    public IReadOnlyDictionary<string, double> Baselines =>
        new SortedDictionary<string, double>(
            BaselineFigures.ToDictionary(b => b.Name, b => b.Accuracy, StringComparer.Ordinal),
            StringComparer.Ordinal
        );

    /// <summary>What choosing by reward loses against the best candidate of each validation context; null when no context has two candidates.</summary>
    public required BestOfKRegret? Regret { get; init; }

    /// <summary>
    /// Accuracy on the same pairs of someone who knew the true expectations; null where only the market knows them, that is, on all but
    /// simulated markets.
    /// </summary>
    public required double? AttainableAccuracy { get; init; }

    /// <summary><c>better than chance</c>, <c>not enough evidence</c> or <c>worse than chance</c>, by the interval of the accuracy.</summary>
    public string Verdict =>
        Validation.Interval switch
        {
            { Lower: > RewardLearning.Chance } => "better than chance",
            { Upper: < RewardLearning.Chance } => "worse than chance",
            _ => "not enough evidence",
        };

    /// <summary>What there is to say of the best baseline, in a sentence.</summary>
    public string AgainstBaselines
    {
        get
        {
            using InvariantCulture culture = InvariantCulture.Enter();
            BaselineAccuracy best = BaselineFigures[0];
            string name = BaselineText.Of(best.Name);
            string lead = $"{Points(best.Lead)} percentage points";
            lead += best.LeadInterval is { } i ? $" [{Points(i.Lower)}, {Points(i.Upper)}]" : "";
            return best switch
            {
                { IsAsGood: false } => $"The model is ahead of every baseline; of the best, {name}, by {lead[1..]}.",
                { LeadInterval.Upper: < 0 } => $"{LearningReport.Capitalized(name)} does better: the model's lead is {lead}.",
                _ => $"{LearningReport.Capitalized(name)} does as well: the model's lead is {lead}.",
            };
        }
    }

    /// <summary>What looks like a leak of the future into training or measurement, a sentence each; usually none.</summary>
    public IReadOnlyList<string> Alarms
    {
        get
        {
            using InvariantCulture culture = InvariantCulture.Enter();
            var alarms = new List<string>();
            // A leak is a leak, whoever finds it: with few data the linear model may read what the network misses.
            BaselineAccuracy best = BaselineFigures[0];
            bool isModel = Validation.Accuracy >= best.Accuracy;
            (string who, double accuracy, BootstrapInterval? interval) = isModel
                ? ("the model", Validation.Accuracy, Validation.Interval)
                : (BaselineText.Of(best.Name), best.Accuracy, best.Interval);
            if (accuracy > LeakageAlarm && interval is not { Lower: <= RewardLearning.Chance })
            {
                alarms.Add(
                    $"{LearningReport.Capitalized(who)} ranks {LearningReport.Percent(accuracy)} of the pairs as they turned out, which is more than real five-day returns carry; "
                        + "unless the market is simulated, look for a leak."
                );
            }

            if (Controls is { IsAtChance: false } controls)
            {
                alarms.Add(
                    $"A run on shuffled labels should be at 50%, but ranks {LearningReport.Percent(controls.ShuffledLabels.Accuracy)} "
                        + $"{LearningReport.Interval(controls.ShuffledLabels.Interval, LearningReport.Percent)} of the pairs like their labels: labels leak into training or measurement."
                );
            }

            return alarms;
        }
    }

    private static string Points(double fraction) => $"{100 * fraction:+0.0;-0.0;0.0}";
}
