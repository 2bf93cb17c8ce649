using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif.Examples;

/// <summary>The guide's <c>weekly_training</c>: pairs, a reward model, and the gate that says whether it is used. Only what is known at the clock is learnt from.</summary>
internal sealed class WeeklyLearning(Ledger ledger, ModelRegistry registry, SessionCalendar calendar, TimeProvider clock)
{
    // The guide trains on 20 pairs, a day's worth here. An ensemble of five, as `rlaif train` makes it, would take five times as long.
    private const int FewestNewPairs = 2_000;

    private static readonly LearningOptions Options = new()
    {
        Seed = 42,
        FullEvidence = false,
        Training = new TrainingOptions { Ensemble = 1 },
    };

    private int _pairsLearntFrom;
    private ModelGuide? _guide;

    /// <summary>The champion, which picks among candidates; null before the first promotion.</summary>
    public async Task<ModelGuide?> GuideAsync(CancellationToken cancellationToken)
    {
        string? champion = registry.FindChampion();
        if (champion is not null && champion != _guide?.Version)
        {
            _guide = new ModelGuide(await registry.LoadAsync(champion, Options.Encoder, cancellationToken), champion);
        }

        return _guide;
    }

    /// <summary>One Monday. Too little to learn from is no error: there is a next one.</summary>
    public async Task<(JobOutcome Outcome, string Text)> LearnAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TrainAsync(cancellationToken);
        }
        catch (NotEnoughDataException e)
        {
            return (JobOutcome.Skipped, e.Message);
        }
    }

    private async Task<(JobOutcome Outcome, string Text)> TrainAsync(CancellationToken token)
    {
        // snippet: weekly-training
        DateTimeOffset now = clock.GetUtcNow();
        var generator = new PreferenceGenerator(ledger, Options.Preferences, clock);
        PreferenceReport report = await generator.GeneratePreferencesAsync(
            minSamples: 20,
            knownAtOrBefore: now,
            cancellationToken: token
        );
        if (report.Total - _pairsLearntFrom < FewestNewPairs)
        {
            return (JobOutcome.Skipped, $"{report.Total} pairs, {report.Total - _pairsLearntFrom} of them new");
        }

        // Train on the early decisions, stop by later ones, measure on the latest, which nothing was fitted to.
        _pairsLearntFrom = report.Total;
        PreferenceDataset pairs = await generator.GetTrainingDataAsync(knownAtOrBefore: now, cancellationToken: token);
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(
            ledger,
            knownAtOrBefore: now,
            cancellationToken: token
        );
        LearnedModel learned = RewardLearning.Learn(settled, pairs.Pairs, calendar, Options, cancellationToken: token);
        JsonObject figures = JsonSerializer.SerializeToNode(ValidationFigures.Of(learned), RlaifJson.Compact)!.AsObject();
        ModelVersion version = await registry.AddAsync(learned.Model, learned.Training, figures, details: null, token);

        // It decides only if it proves itself: against a coin, against simpler scores, and against the model that decides now.
        ModelGuide? champion = await GuideAsync(token);
        ModelComparison? match = champion is null
            ? null
            : ModelMatch.Compare(
                await registry.LoadAsync(champion.Version, Options.Encoder, token),
                learned.Model,
                settled,
                Options
            );
        IReadOnlyList<PromotionCriterion> gate = PromotionGate.Judge(version.Validation, champion?.Version, match);
        if (gate.All(c => c.Passed))
        {
            await registry.PromoteAsync(version.Version, gate, champion?.Version, cancellationToken: token);
        }

        // end
        string[] failed = [.. gate.Where(c => !c.Passed).Select(c => c.Name)];
        string verdict = failed.Length == 0 ? "promoted, it picks from now on" : $"not promoted: {string.Join(", ", failed)}";
        return (JobOutcome.Done, $"{version.Version} learnt from {report.Total} pairs, {AccuracyOf(learned)}; {verdict}");
    }

    private static string AccuracyOf(LearnedModel learned)
    {
        string interval = learned.Validation.Interval is { } i
            ? $"[{100 * i.Lower:0.0}%, {100 * i.Upper:0.0}%]"
            : "(of too few dates for an interval)";
        return $"accuracy {100 * learned.Validation.Accuracy:0.0}% {interval}";
    }
}
