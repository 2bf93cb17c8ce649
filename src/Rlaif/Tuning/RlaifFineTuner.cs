using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tuning;

/// <summary>
/// Writes fine-tuning data for language models, and guides a model that is not fine-tuned by scoring its candidates. Same input, same
/// bytes: no clock and no chance take part.
/// </summary>
public sealed class RlaifFineTuner
{
    private const string ManifestSuffix = ".manifest.json";

    private readonly TuningOptions _options;
    private readonly Func<DecisionContext, Candidate, double>? _reward;
    private readonly SpokenTexts _spoken;

    /// <summary>Creates a tuner.</summary>
    /// <param name="options">What is written and how; null takes the defaults.</param>
    /// <param name="reward">The reward model's score of a candidate in its context, higher being better; null where only files are written.</param>
    /// <param name="spoken">
    /// What language models were asked and answered: their rows have those very words. Null renders every row from the records.
    /// </param>
    /// <exception cref="RlaifInputException">The options are out of range.</exception>
    public RlaifFineTuner(
        TuningOptions? options = null,
        Func<DecisionContext, Candidate, double>? reward = null,
        SpokenTexts? spoken = null
    )
    {
        _options = (options ?? new TuningOptions()).Validated();
        _reward = reward;
        _spoken = spoken ?? SpokenTexts.None;
    }

    /// <summary>
    /// Writes pairs for direct preference optimization: only pairs of one context, so that the prompt of both sides is the same.
    /// </summary>
    /// <param name="preferences">The pairs; others than those of one context are left out and counted.</param>
    /// <param name="path">The file; null names it by task and format in <see cref="TuningOptions.OutputDirectory"/>.</param>
    /// <param name="cancellationToken">Cancels the writing; a file that was there before stays as it was.</param>
    /// <exception cref="NotEnoughDataException">No row is left; nothing is written.</exception>
    /// <exception cref="RlaifInputException">The format does not serve the task.</exception>
    public Task<TuningFile> PrepareDpoTrainingDataAsync(
        PreferenceDataset preferences,
        string? path = null,
        CancellationToken cancellationToken = default
    ) => PreparePairsAsync(TuningTask.Dpo, preferences, path, cancellationToken);

    /// <summary>
    /// Writes pairs of all pools for a reward model made of a language model, with a margin in four steps (0, 1/3, 2/3, 1) that grow with
    /// the gap in standard deviations (0.5, 1, 2).
    /// </summary>
    /// <inheritdoc cref="PrepareDpoTrainingDataAsync"/>
    public Task<TuningFile> PrepareRewardTrainingDataAsync(
        PreferenceDataset preferences,
        string? path = null,
        CancellationToken cancellationToken = default
    ) => PreparePairsAsync(TuningTask.Reward, preferences, path, cancellationToken);

    /// <summary>
    /// Writes the best candidate of each context for supervised fine-tuning, where it scored above 0 and beat holding by the margin.
    /// </summary>
    /// <param name="settled">Settled candidates; those of a <see cref="PreferenceDataset"/> will do.</param>
    /// <inheritdoc cref="PrepareDpoTrainingDataAsync"/>
    /// <param name="path"/>
    /// <param name="cancellationToken"/>
    public Task<TuningFile> PrepareSupervisedTrainingDataAsync(
        IReadOnlyList<SettledCandidate> settled,
        string? path = null,
        CancellationToken cancellationToken = default
    ) => PrepareSinglesAsync(TuningTask.Sft, settled, path, cancellationToken);

    /// <summary>
    /// Writes single candidates for Kahneman-Tversky optimization: good where the outcome score is above 0, that is better than holding,
    /// bad where it is below. Holds carry no such label and are left out, as are outcomes closer to 0 than the margin.
    /// </summary>
    /// <param name="settled">Settled candidates; those of a <see cref="PreferenceDataset"/> will do.</param>
    /// <inheritdoc cref="PrepareDpoTrainingDataAsync"/>
    /// <param name="path"/>
    /// <param name="cancellationToken"/>
    public Task<TuningFile> PrepareKtoTrainingDataAsync(
        IReadOnlyList<SettledCandidate> settled,
        string? path = null,
        CancellationToken cancellationToken = default
    ) => PrepareSinglesAsync(TuningTask.Kto, settled, path, cancellationToken);

    /// <summary>The reward model's score of a candidate: unitless, comparable within a context.</summary>
    /// <exception cref="InvalidOperationException">The tuner was made without a reward model, or the model gave no finite score.</exception>
    public double ScoreDecision(DecisionContext context, Candidate candidate)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(candidate);
        if (_reward is null)
        {
            throw new InvalidOperationException("Scoring needs a reward model; this fine-tuner was made without one.");
        }

        double reward = _reward(context, candidate);
        return double.IsFinite(reward)
            ? reward
            : throw new InvalidOperationException($"The reward model scored candidate {candidate.CandidateId} as {reward}.");
    }

    /// <summary>The candidates of a proposal with their rewards, best first; equal rewards keep the order of the proposal.</summary>
    /// <inheritdoc cref="ScoreDecision"/>
    public IReadOnlyList<(Candidate Candidate, double Reward)> RerankDecisions(Proposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return
        [
            .. proposal
                .Candidates.Select(c => (Candidate: c, Reward: ScoreDecision(proposal.Context, c)))
                .OrderByDescending(r => r.Reward),
        ];
    }

    /// <summary>Describes a set of preferences.</summary>
    public static TrainingStats GetTrainingStats(PreferenceDataset preferences)
    {
        ArgumentNullException.ThrowIfNull(preferences);
        IReadOnlyList<SettledCandidate> candidates = preferences.Candidates;
        IReadOnlyList<PreferencePair> pairs = preferences.Pairs;
        return new TrainingStats
        {
            Pairs = pairs.Count,
            ByPool = PoolCounts.Of(pairs),
            Candidates = candidates.Count,
            Contexts = candidates.DistinctBy(c => c.Context.ContextId).Count(),
            Symbols = [.. candidates.Select(c => c.Context.Symbol).Distinct().Order(StringComparer.Ordinal)],
            FirstDate = candidates.Count == 0 ? null : candidates.Min(c => c.Context.Date),
            LastDate = candidates.Count == 0 ? null : candidates.Max(c => c.Context.Date),
            ChosenActions = CountActions(preferences, p => p.ChosenId),
            RejectedActions = CountActions(preferences, p => p.RejectedId),
            MeanConfidence = pairs.Count == 0 ? null : pairs.Average(p => p.Confidence),
            MeanOutcomeMargin = pairs.Count == 0 ? null : pairs.Average(p => p.OutcomeMargin),
        };
    }

    private static SortedDictionary<TradeAction, int> CountActions(PreferenceDataset data, Func<PreferencePair, string> side) =>
        new(data.Pairs.CountBy(p => data.Candidates[data.IndexOf(side(p))].Candidate.Action).ToDictionary());

    private Task<TuningFile> PreparePairsAsync(
        TuningTask task,
        PreferenceDataset preferences,
        string? path,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(preferences);
        RowFormat format = RowFormats.Find(_options.Format, task);
        var builder = new RowBuilder(_options, _spoken);
        IReadOnlyList<TuningRow> rows = builder.Pairs(preferences, format.OnePrompt);
        string[] metrics = [.. preferences.Pairs.Select(p => p.Metric).Distinct().Order(StringComparer.Ordinal)];
        return WriteAsync(task, format, rows, builder.Dropped, metrics, path, cancellationToken);
    }

    private Task<TuningFile> PrepareSinglesAsync(
        TuningTask task,
        IReadOnlyList<SettledCandidate> settled,
        string? path,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(settled);
        RowFormat format = RowFormats.Find(_options.Format, task);
        var builder = new RowBuilder(_options, _spoken);
        IReadOnlyList<TuningRow> rows = task == TuningTask.Sft ? builder.Best(settled) : builder.Labelled(settled);
        return WriteAsync(task, format, rows, builder.Dropped, [_options.Metric.Name], path, cancellationToken);
    }

    private async Task<TuningFile> WriteAsync(
        TuningTask task,
        RowFormat format,
        IReadOnlyList<TuningRow> rows,
        IReadOnlyDictionary<string, int> dropped,
        IReadOnlyList<string> metrics,
        string? path,
        CancellationToken cancellationToken
    )
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        string formatName = RowFormats.NameOf(_options.Format);
        string taskName = RowFormats.NameOf(task);
        if (rows.Count == 0)
        {
            string reasons =
                dropped.Count == 0 ? "nothing was given" : string.Join(", ", dropped.Select(d => $"{d.Key} {d.Value}"));
            throw new NotEnoughDataException($"No {taskName} row can be made; left out: {reasons}. Nothing was written.");
        }

        path ??= Path.Combine(_options.OutputDirectory, $"{taskName}_{formatName}.jsonl");
        string sha256 = await TuningFileWriter.WriteRowsAsync(path, rows, format, cancellationToken);
        var manifest = new TuningManifest
        {
            Task = task,
            Format = _options.Format,
            File = Path.GetFileName(path),
            Rows = rows.Count,
            Sha256 = sha256,
            EstimatedTokens = rows.Sum(CharactersOf) / TuningFileWriter.CharactersPerToken,
            Dropped = dropped,
            Metrics = metrics,
            RunIds = Distinct(rows, c => c.RunId),
            Agents = Distinct(rows, c => c.Agents),
            Contexts = rows.DistinctBy(r => r.Main.Context.ContextId).Count(),
            FirstDate = rows.Min(r => r.Main.Context.Date),
            LastDate = rows.Max(r => r.Main.Context.Date),
            LastKnownAt = rows.Max(r => r.KnownAt),
            Warnings = [.. TuningWarnings.Of(task, format, rows)],
            AsSaid = CountOrNull(rows, r => r.AsSaid),
            Rendered = rows.Any(r => r.AsSaid) ? rows.Count(r => !r.AsSaid) : null,
            VariationLeftOut = CountOrNull(rows, r => r.VariationLeftOut),
            DatasetInfo = RowFormats.DatasetInfo(_options.Format, task, Path.GetFileName(path)),
        };
        await TuningFileWriter.WriteManifestAsync(path + ManifestSuffix, manifest, cancellationToken);
        return new TuningFile
        {
            File = path,
            Manifest = path + ManifestSuffix,
            Rows = rows.Count,
            Dropped = dropped,
            Warnings = manifest.Warnings,
        };
    }

    private static IReadOnlyList<string> Distinct(IEnumerable<TuningRow> rows, Func<DecisionContext, string> value) =>
        [.. rows.Select(r => value(r.Main.Context)).Distinct().Order(StringComparer.Ordinal)];

    // Data of rules alone has nothing to say about it.
    private static int? CountOrNull(IReadOnlyList<TuningRow> rows, Func<TuningRow, bool> condition) =>
        rows.Count(condition) is > 0 and var count ? count : null;

    private static long CharactersOf(TuningRow row)
    {
        int first = row.System.Length + row.Prompt.Length + row.Answer.Length;
        return first
            + (row.Rejected?.Length ?? 0)
            + (row.HasOnePrompt ? 0 : row.RejectedSystem.Length + row.RejectedPrompt.Length);
    }
}
