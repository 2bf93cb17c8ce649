using MathNet.Numerics.Distributions;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>
/// Asks whether a deployed model is still right. Fifty decisions leave a correlation uncertain by 0.28 to either side, so the advice follows
/// from intervals, never from a fixed line.
/// </summary>
public static class ModelMonitor
{
    private const double TrainingLevel = 0.95;

    /// <summary>
    /// Looks at the latest decisions that came after everything the model was fitted to and judged on, and were settled by a moment.
    /// </summary>
    /// <param name="monitored">The model in use.</param>
    /// <param name="settled">Settled candidates of any time.</param>
    /// <param name="asOf">Nothing that became known later is used, UTC.</param>
    /// <param name="learning">Metric and pools of the pairs, as in training, and the seed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="NotEnoughDataException">Too few such decisions were settled for an interval.</exception>
    /// <exception cref="RlaifInputException">An option is out of range, or the decisions carry other features than the model was trained on.</exception>
    public static MonitorReport Check(
        MonitoredModel monitored,
        IEnumerable<SettledCandidate> settled,
        DateTimeOffset asOf,
        LearningOptions learning,
        MonitorOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(monitored);
        ArgumentNullException.ThrowIfNull(settled);
        ArgumentNullException.ThrowIfNull(learning);
        using InvariantCulture culture = InvariantCulture.Enter();
        options = (options ?? new MonitorOptions()).Validated();
        RewardModel model = monitored.Model;
        SettledCandidate[] known = [.. settled.Where(s => s.Outcome.KnownAt <= asOf)];
        DateTimeOffset seenUntil = SeenUntil(monitored, known);
        SettledCandidate[] later = [.. known.Where(s => s.Context.AsOf > seenUntil)];
        PreferenceDataset data = Latest(later, options.Window, learning, seenUntil, asOf);
        double[] rewards = model.ScoreAll([.. data.Candidates.Select(c => (c.Context, c.Candidate))]);
        DeterministicRandom random = new DeterministicRandom(learning.Seed).Fork("monitor");
        BootstrapOptions bootstrap = BootstrapOptions.ForPairs(data);
        var accuracy = PairwiseAccuracy.Measure(
            data,
            Array.ConvertAll(rewards, r => r / model.Metadata.Temperature),
            random,
            bootstrap
        );
        _ = accuracy.Interval ?? throw TooFew(accuracy.Dates, seenUntil, asOf);
        DecisionContext[] contexts =
        [
            .. data.Candidates.Select(c => c.Context).DistinctBy(c => c.ContextId, StringComparer.Ordinal),
        ];
        DateTimeOffset trainedAt = monitored.TrainedAt <= asOf ? monitored.TrainedAt : seenUntil;
        var report = new MonitorReport
        {
            AsOf = asOf,
            Metric = learning.Preferences.Metric.Name,
            Contexts = contexts.Length,
            Candidates = data.Candidates.Count,
            FirstDate = contexts.Min(c => c.Date),
            LastDate = contexts.Max(c => c.Date),
            Correlation = Correlate(data, rewards, learning.Preferences.Metric, random, bootstrap),
            Accuracy = accuracy,
            SinceTraining = monitored.AtTraining is { } before ? Difference(accuracy.Interval, before) : null,
            Drift = DriftReport.Measure(model, contexts),
            // A champion before that reads other features can no longer be asked, which says nothing of this one.
            Comparison =
                monitored.Previous is { } previous && contexts.All(previous.Features.CanRead)
                    ? ModelMatch.Compare(previous, model, data.Candidates, learning)
                    : null,
            NewPairs = NewPairs(later, learning.Preferences, monitored.LastValidationDate is null ? trainedAt : null),
            AgeDays = (asOf - trainedAt).TotalDays,
            Alarm = false,
            Advice = MonitorAdvice.Keep,
            Reasons = [],
        };
        return MonitorRules.Advise(report, monitored, options);
    }

    /// <summary>The last moment at which an outcome became known that the model was fitted to, or that it was judged and promoted by.</summary>
    private static DateTimeOffset SeenUntil(MonitoredModel monitored, SettledCandidate[] known)
    {
        DateTimeOffset fitted = monitored.Model.Metadata.KnownUntil;
        if (monitored.LastValidationDate is not { } last)
        {
            return fitted;
        }

        // Holding windows of decisions made before these outcomes were known would share their days.
        IEnumerable<DateTimeOffset> judged = known.Where(s => s.Context.Date <= last).Select(s => s.Outcome.KnownAt);
        return judged.Append(new DateRange(last, last).EndOfLastDay).Append(fitted).Max();
    }

    private static PreferenceDataset Latest(
        SettledCandidate[] later,
        int window,
        LearningOptions learning,
        DateTimeOffset seenUntil,
        DateTimeOffset asOf
    )
    {
        HashSet<string> latest =
        [
            .. later
                .Select(s => s.Context)
                .DistinctBy(c => c.ContextId, StringComparer.Ordinal)
                .OrderByDescending(c => c.AsOf)
                .ThenBy(c => c.ContextId, StringComparer.Ordinal)
                .Take(window)
                .Select(c => c.ContextId),
        ];
        // In an order of their own, so that that of the arguments does not matter.
        SettledCandidate[] candidates =
        [
            .. later
                .Where(s => latest.Contains(s.Context.ContextId))
                .OrderBy(s => s.Context.AsOf)
                .ThenBy(s => s.Candidate.CandidateId, StringComparer.Ordinal),
        ];
        PreferenceDataset? data = candidates.Length > 1 ? RewardLearning.Unfiltered(candidates, learning.Preferences) : null;
        return data is { Pairs.Count: > 0 }
            ? data
            : throw TooFew(candidates.DistinctBy(c => c.Context.Date).Count(), seenUntil, asOf);
    }

    private static NotEnoughDataException TooFew(int dates, DateTimeOffset seenUntil, DateTimeOffset asOf) =>
        new(
            $"Not enough decisions since training: of those after {seenUntil:yyyy-MM-dd}, which the model was neither fitted to nor judged on, {dates} dates were "
                + $"settled by {asOf:yyyy-MM-dd}, too few for an interval. Decide on more dates, and settle them."
        );

    private static RankCorrelation Correlate(
        PreferenceDataset data,
        double[] rewards,
        ComparisonMetric metric,
        DeterministicRandom random,
        BootstrapOptions bootstrap
    )
    {
        (double Reward, double Score, DateOnly Date)[] known =
        [
            .. data
                .Candidates.Zip(rewards, (c, r) => (Reward: r, Score: metric.Score(c), c.Context.Date))
                .Where(x => x.Score is not null)
                .Select(x => (x.Reward, x.Score!.Value, x.Date)),
        ];
        return RankCorrelation.Measure(
            [.. known.Select(k => k.Reward)],
            [.. known.Select(k => k.Score)],
            [.. known.Select(k => k.Date)],
            random.Fork("correlation"),
            bootstrap
        );
    }

    // Two figures of decisions that share no days: their variances add up.
    private static (double Lower, double Upper) Difference(
        BootstrapInterval now,
        (double Accuracy, double Lower, double Upper) before
    )
    {
        double z = Normal.InvCDF(0, 1, 0.5 + (TrainingLevel / 2));
        double errorBefore = (before.Upper - before.Lower) / (2 * z);
        double reach = z * Math.Sqrt((now.StandardError * now.StandardError) + (errorBefore * errorBefore));
        double difference = now.Estimate - before.Accuracy;
        return (difference - reach, difference + reach);
    }

    // All of them are new, however long before the training they became known: decisions over history are dated by the market, a training by the wall clock.
    // Where nobody says what the model was judged on, some of them may be that: then only those count that became known since the training.
    private static int NewPairs(SettledCandidate[] later, PreferenceOptions options, DateTimeOffset? knownSince) =>
        PreferenceGenerator
            .Generate(later, options with { MinSamples = Math.Min(options.MinSamples, later.Length) })
            .Pairs.Count(p => knownSince is null || p.KnownAt > knownSince);
}
