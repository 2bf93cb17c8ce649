using System.Globalization;
using System.Text.Json.Nodes;
using Rlaif.Data;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>
/// The jobs of a production loop that do not trade: what <c>preferences generate</c>, <c>train</c> and <c>models promote</c> do one after the other, what
/// <c>monitor</c> does, and the champion that decides. Only what is known at the clock is learnt from.
/// </summary>
/// <param name="context">The verb: its home, seed and threads.</param>
/// <param name="time">The clock of the loop.</param>
/// <param name="alarm">Told when the deployed model is not right any more.</param>
internal sealed class ScheduledLearning(CommandContext context, TimeProvider time, Action<string> alarm)
{
    private readonly ModelRegistry _registry = new(context.Home.Models, time);
    private ModelGuide? _guide;

    /// <summary>The champion; null before the first promotion.</summary>
    public async Task<ModelGuide?> GuideAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string? champion = await ChampionAsync(cancellationToken);
        if (champion is not null && champion != _guide?.Version)
        {
            _guide = new ModelGuide(await context.LoadModelAsync(_registry, champion), champion);
        }

        return champion is null ? null : _guide;
    }

    /// <summary>Does a job, and says what came of it. Doing it again for the same time trains nothing anew.</summary>
    public async Task<(JobOutcome Outcome, string Text)> RunAsync(
        ProductionJob job,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return job == ProductionJob.Monitoring ? await MonitorAsync() : await LearnAsync(dueAt, cancellationToken);
        }
        catch (NotEnoughDataException e)
        {
            return (JobOutcome.Skipped, e.Message);
        }
    }

    private async Task<(JobOutcome Outcome, string Text)> LearnAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        DateTimeOffset clock = time.GetUtcNow();
        ModelVersion? newest = _registry.HasVersions
            ? (await _registry.ListAsync(cancellationToken)).LastOrDefault(v => v.CreatedAt <= clock)
            : null;
        if (newest is null || newest.CreatedAt < dueAt)
        {
            DateTimeOffset now = time.GetUtcNow();
            await new PreferenceGenerator(await context.OpenLedgerAsync(), null, time).GeneratePreferencesAsync(
                knownAtOrBefore: now,
                cancellationToken: cancellationToken
            );
            RecordedPairs data = (await RecordedPairs.LoadAsync(context, ComparisonMetric.VolScaled.Name, now)).RequirePairs();
            var limits = new MonitorOptions();
            int fresh = data.CountNewSince(newest);
            if (fresh < limits.RetrainPairs && !(now - newest?.CreatedAt > TimeSpan.FromDays(limits.RetrainDays)))
            {
                return (JobOutcome.Skipped, $"{fresh} new pairs; a new training needs {limits.RetrainPairs}");
            }

            newest = await TrainAsync(data);
        }

        PromotionTrial trial = await PromotionTrial.RunAsync(
            newest.Validation,
            _registry.FindChampion(),
            async champion =>
                (await ModelDuel.RunAsync(context, _registry, champion, newest.Version, metric: null, clock)).Comparison
        );
        bool isChampion = _registry.FindChampion() == newest.Version;
        if (!isChampion && trial.Passed)
        {
            await _registry.PromoteAsync(newest.Version, trial.Criteria, trial.Champion, forced: false, cancellationToken);
            isChampion = true;
        }

        // A week's training for years: what no one will load any more is kept as figures alone.
        await _registry.PruneAsync(cancellationToken: cancellationToken);
        string verdict = isChampion
            ? "it decides from now on"
            : $"not promoted: {string.Join("; ", trial.Criteria.Where(c => !c.Passed).Select(c => c.Text))}";
        return (JobOutcome.Done, $"{newest.Version} is trained, {AccuracyOf(newest.Validation)}; {verdict}");
    }

    /// <summary>The champion, unless it was made later than the clock says: a replay of the past does not know it.</summary>
    private async Task<string?> ChampionAsync(CancellationToken cancellationToken)
    {
        string? champion = _registry.HasVersions ? _registry.FindChampion() : null;
        return champion is not null && (await _registry.GetAsync(champion, cancellationToken)).CreatedAt <= time.GetUtcNow()
            ? champion
            : null;
    }

    private async Task<ModelVersion> TrainAsync(RecordedPairs data)
    {
        SessionCalendar calendar = await DecisionCalendar.LoadAsync(context, data.Settled);
        LearningOptions options = data.Complete(new LearningOptions { Seed = context.Seed, Threads = context.Threads }, calendar);
        TrainedVersion trained = await TrainedVersion.TrainAsync(context, data, options, calendar, [], time, null);
        await trained.WriteReportsAsync(context);
        return trained.Version;
    }

    private async Task<(JobOutcome Outcome, string Text)> MonitorAsync()
    {
        string? champion = await ChampionAsync(context.CancellationToken);
        if (champion is null)
        {
            return (JobOutcome.Skipped, "no model is promoted yet");
        }

        DateTimeOffset now = time.GetUtcNow();
        ModelVersion account = await _registry.GetAsync(champion, context.CancellationToken);
        RecordedPairs data = await RecordedPairs.LoadToJudgeAsync(context, account, metric: null, now);
        LearningOptions learning = data.Complete(new LearningOptions { Seed = context.Seed, Threads = context.Threads });
        MonitoredModel model = await MonitorVerb.LoadAsync(
            context,
            _registry,
            account,
            _registry.FindPreviousChampion(),
            data.Options.Metric.Name
        );
        MonitorReport report = ModelMonitor.Check(model, data.Settled, now, learning, new MonitorOptions());
        Directory.CreateDirectory(context.Home.Reports);
        await File.WriteAllTextAsync(
            Path.Combine(context.Home.Reports, MonitorVerb.ReportFile),
            MonitorPage.Render(report, champion),
            context.CancellationToken
        );
        string text = $"{champion}: {MonitorVerb.Word(report.Advice).Replace('_', ' ')}; {string.Join("; ", report.Reasons)}";
        if (report.Alarm)
        {
            alarm(text);
        }

        return (JobOutcome.Done, text.TrimEnd(' ', ';'));
    }

    private static string AccuracyOf(JsonObject? validation) =>
        validation?["accuracy"] is { } accuracy && validation["accuracy_ci"] is JsonArray { Count: 2 } ends
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"accuracy {accuracy.GetValue<double>():0.000} [{ends[0]!.GetValue<double>():0.000}, {ends[1]!.GetValue<double>():0.000}]"
            )
            : "accuracy unknown";
}
