using System.Text.Json.Nodes;
using Rlaif.Data.Text;
using Rlaif.Rewards.Checkpoints;

namespace Rlaif.Rewards;

/// <summary>
/// Numbered versions of reward models in a folder, one sub-folder each with <c>model.safetensors</c> and <c>training.json</c>, and
/// <c>history.jsonl</c>: who became champion, why, and what happened to the others. A version appears complete or not at all and never changes; the
/// history is only appended to, and who is champion follows from it, so there is never more than one. Any number of processes of one machine
/// may read and write at once: writers wait for each other, readers do not. On network file systems that do not lock files, have one writer.
/// </summary>
public sealed class ModelRegistry
{
    /// <summary>Names the newest version.</summary>
    public const string Latest = "latest";

    /// <summary>Names the version that guides decisions.</summary>
    public const string Champion = "champion";

    /// <summary>Name of the model inside the folder of a version.</summary>
    public const string ModelFile = "model.safetensors";

    /// <summary>Name of the history inside the folder of the registry.</summary>
    public const string HistoryFile = "history.jsonl";

    /// <summary>Fewest versions that <see cref="PruneAsync"/> leaves with their weights: the champion, the one before it, the newest.</summary>
    public const int FewestKept = 3;

    /// <summary>Versions that <see cref="PruneAsync"/> leaves with their weights unless told otherwise.</summary>
    public const int DefaultKept = 10;

    private const string LockFile = ".lock";

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ModelFolders _folders;
    private readonly ModelHistory _history;

    /// <summary>Opens the registry in <paramref name="folder"/>, which need not exist yet.</summary>
    public ModelRegistry(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
        _time = time ?? TimeProvider.System;
        _folders = new ModelFolders(folder);
        _history = new ModelHistory(Path.Combine(folder, HistoryFile));
    }

    /// <summary>Adds a model as the next version.</summary>
    public Task<ModelVersion> AddAsync(RewardModel model, TrainingReport report, CancellationToken cancellationToken = default) =>
        AddAsync(model, report, null, null, cancellationToken);

    /// <summary>Adds a model as the next version, a candidate, with what it showed on decisions that nothing was fitted to.</summary>
    /// <param name="model">The model.</param>
    /// <param name="report">How it was trained.</param>
    /// <param name="validation">The figures, kept as they are; null when it was not judged.</param>
    /// <param name="details">What else a reader of the version's account should know (data, split, configuration); nothing here depends on it.</param>
    /// <param name="cancellationToken">Cancels writing; no version appears then.</param>
    public async Task<ModelVersion> AddAsync(
        RewardModel model,
        TrainingReport report,
        JsonObject? validation,
        JsonObject? details,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        await using FileStream held = await LockAsync(cancellationToken);
        IReadOnlyList<ModelEvent> history = _history.Read();
        // A number that the history knows is never given again, even when somebody deleted its folder.
        IEnumerable<string> given = _folders.Taken().Concat(history.Select(e => e.Version));
        string version = ModelNames.Version(given.Select(ModelNames.NumberOf).OfType<int>().DefaultIfEmpty(0).Max() + 1);
        var account = new ModelAccount(_time.GetUtcNow(), report, validation, details);
        await _folders.WriteAsync(version, model, account, cancellationToken);
        return account.ToVersion(version, ModelStanding.After(history));
    }

    /// <summary>All versions, oldest first.</summary>
    /// <exception cref="RlaifInputException">A file of the registry was damaged; the message names it.</exception>
    public async Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellationToken = default)
    {
        // First the history: the champion that it names was there before.
        ModelStanding standing = Standing();
        var versions = new List<ModelVersion>();
        foreach (string name in _folders.Names())
        {
            ModelAccount account = await _folders.ReadAsync(name, cancellationToken);
            versions.Add(account.ToVersion(name, standing));
        }

        return versions;
    }

    /// <summary>One version.</summary>
    /// <param name="version">A name that <see cref="Resolve"/> takes.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">There is no such version, or a file of the registry was damaged.</exception>
    public async Task<ModelVersion> GetAsync(string version, CancellationToken cancellationToken = default)
    {
        ModelStanding standing = Standing();
        string name = Find(version, standing);
        ModelAccount account = await _folders.ReadAsync(name, cancellationToken);
        return account.ToVersion(name, standing);
    }

    /// <summary>Whether any version was added yet.</summary>
    public bool HasVersions => _folders.Names().Length > 0;

    /// <summary>Everything that happened to versions after they were added, oldest first.</summary>
    /// <exception cref="RlaifInputException">The file was damaged; the message names the line.</exception>
    public IReadOnlyList<ModelEvent> ReadHistory() => _history.Read();

    /// <summary>The champion, for example <c>v0003</c>; null before the first promotion.</summary>
    public string? FindChampion() => Standing().Champion;

    /// <summary>The champion before the present one, to which <see cref="RollbackAsync"/> returns; null when there is none.</summary>
    public string? FindPreviousChampion() => Standing().Previous;

    /// <summary>The name of a version: itself, the newest one for <c>latest</c>, the champion for <c>champion</c>, or the one with this tag.</summary>
    /// <exception cref="RlaifInputException">There is no such version; the message names those that there are.</exception>
    public string Resolve(string version) => Find(version, Standing());

    /// <summary>Loads a version.</summary>
    /// <param name="version">A name that <see cref="Resolve"/> takes.</param>
    /// <param name="encoder">The encoder it was trained with; null to open it where it was then (<see cref="TextEncoders.Reopen"/>).</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">There is no such version, its weights were pruned, or its file is damaged.</exception>
    public Task<RewardModel> LoadAsync(
        string version = Latest,
        ITextEncoder? encoder = null,
        CancellationToken cancellationToken = default
    ) => LoadAsync(version, spec => encoder ?? TextEncoders.Reopen(spec), cancellationToken);

    /// <summary>Loads a version, and has its encoder opened by the caller.</summary>
    /// <param name="version">A name that <see cref="Resolve"/> takes.</param>
    /// <param name="openEncoder">Makes the encoder of a spec (<see cref="ITextEncoder.Spec"/>), or of an id where the encoder had none.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">There is no such version or it cannot be loaded, or its encoder cannot be opened or is another.</exception>
    public Task<RewardModel> LoadAsync(
        string version,
        Func<string, ITextEncoder> openEncoder,
        CancellationToken cancellationToken = default
    ) => RewardModel.LoadAsync(FindWeights(version), openEncoder, cancellationToken);

    /// <summary>Reads a version to look at or export it: its encoder is not opened, and may be gone. Scoring throws.</summary>
    /// <param name="version">A name that <see cref="Resolve"/> takes.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">There is no such version, its weights were pruned, or its file is damaged.</exception>
    public Task<RewardModel> InspectAsync(string version, CancellationToken cancellationToken = default) =>
        RewardModelFile.LoadAsync(FindWeights(version), null, cancellationToken);

    /// <summary>Makes a version the champion; the one before is retired.</summary>
    /// <param name="version">A name that <see cref="Resolve"/> takes.</param>
    /// <param name="criteria">What the gate found; recorded.</param>
    /// <param name="against">The champion that the criteria compare with; null when there was none.</param>
    /// <param name="forced">Promotes whatever the criteria say, and records that.</param>
    /// <param name="cancellationToken">Cancels waiting for other writers.</param>
    /// <returns>What was recorded; null when the version is champion already, and nothing was.</returns>
    /// <exception cref="NotEnoughDataException">
    /// A criterion is not met, there is none, or another version became champion since they were measured. Never when forced.
    /// </exception>
    /// <exception cref="RlaifInputException">There is no such version, its weights were pruned, or its file is damaged; forced or not.</exception>
    public Task<ModelEvent?> PromoteAsync(
        string version,
        IReadOnlyList<PromotionCriterion> criteria,
        string? against,
        bool forced = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(criteria);
        return RecordAsync(
            standing =>
            {
                string name = Find(version, standing);
                standing.RequireWeights(name);
                if (name == standing.Champion)
                {
                    return null;
                }

                if (!forced)
                {
                    RequireMet(name, criteria);
                    RequireStillChampion(name, against, standing.Champion);
                }

                return Event(ModelAction.Promote, name) with
                {
                    Previous = standing.Champion,
                    Forced = forced,
                    Criteria = criteria,
                };
            },
            cancellationToken
        );
    }

    /// <summary>Makes the champion before the present one champion again.</summary>
    /// <exception cref="NotEnoughDataException">There was none before.</exception>
    /// <exception cref="RlaifInputException">Its weights were pruned, or its file is damaged.</exception>
    public async Task<ModelEvent> RollbackAsync(CancellationToken cancellationToken = default) =>
        (
            await RecordAsync(
                standing =>
                {
                    string previous =
                        standing.Previous
                        ?? throw new NotEnoughDataException(
                            standing.Champion is { } only
                                ? $"No model was champion before {only}."
                                : $"No model in {_folder} was promoted yet."
                        );
                    return Event(ModelAction.Rollback, previous) with { Previous = standing.Champion };
                },
                cancellationToken
            )
        )!;

    /// <summary>Gives a version a tag; a version that had it before loses it.</summary>
    /// <param name="version">A name that <see cref="Resolve"/> takes.</param>
    /// <param name="tag">1 to 64 lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, beginning with a letter; not like a version.</param>
    /// <param name="cancellationToken">Cancels waiting for other writers.</param>
    /// <returns>What was recorded; null when the version has the tag already, and nothing was.</returns>
    /// <exception cref="RlaifInputException">There is no such version, or the tag is not allowed.</exception>
    public Task<ModelEvent?> TagAsync(string version, string tag, CancellationToken cancellationToken = default)
    {
        ModelNames.RequireTag(tag);
        return RecordAsync(
            standing =>
            {
                string name = Find(version, standing);
                string? previous = standing.Tags.GetValueOrDefault(tag);
                return previous == name ? null : Event(ModelAction.Tag, name) with { Tag = tag, Previous = previous };
            },
            cancellationToken
        );
    }

    /// <summary>Takes a tag away.</summary>
    /// <exception cref="RlaifInputException">No version has the tag.</exception>
    public async Task<ModelEvent> UntagAsync(string tag, CancellationToken cancellationToken = default) =>
        (
            await RecordAsync(
                standing =>
                    standing.Tags.TryGetValue(tag, out string? version)
                        ? Event(ModelAction.Untag, version) with
                        {
                            Tag = tag,
                            Previous = version,
                        }
                        : throw new RlaifInputException(
                            $"No model in {_folder} has the tag '{tag}'; there {(standing.Tags.Count == 0 ? "is no tag" : $"is {string.Join(", ", standing.Tags.Keys)}")}."
                        ),
                cancellationToken
            )
        )!;

    /// <summary>
    /// Deletes the weights of all but <paramref name="keep"/> versions, and what killed writers left behind. The champion, the one before it, the
    /// newest and those with a tag stay, then the newest ones. Accounts of training and the history stay for all.
    /// </summary>
    /// <param name="keep">Versions to keep, at least <see cref="FewestKept"/>; more stay when more must.</param>
    /// <param name="cancellationToken">Cancels between two versions.</param>
    /// <returns>The versions that lost their weights.</returns>
    /// <exception cref="RlaifInputException"><paramref name="keep"/> is too small.</exception>
    public async Task<IReadOnlyList<string>> PruneAsync(int keep = DefaultKept, CancellationToken cancellationToken = default)
    {
        if (keep < FewestKept)
        {
            throw new RlaifInputException(
                $"Of {keep} models to keep, {FewestKept} have to stay: the champion, the one before it and the newest."
            );
        }

        if (!Directory.Exists(_folder))
        {
            return [];
        }

        await using FileStream held = await LockAsync(cancellationToken);
        _folders.DeleteLeftovers();
        ModelStanding standing = Standing();
        string[] pruned = [.. _folders.Names().Except(standing.Kept(_folders.Names(), keep), StringComparer.Ordinal)];
        string[] now = [.. pruned.Where(p => !standing.Pruned.Contains(p))];
        foreach (string version in pruned)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!standing.Pruned.Contains(version))
            {
                _history.Append(Event(ModelAction.Prune, version));
            }

            File.Delete(_folders.WeightsOf(version));
        }

        return now;
    }

    private string Find(string version, ModelStanding standing)
    {
        string[] names = _folders.Names();
        string? found = version switch
        {
            Latest => names.LastOrDefault(),
            Champion => standing.Champion,
            _ => standing.Tags.GetValueOrDefault(version, version),
        };
        if (found is not null && names.Contains(found, StringComparer.Ordinal))
        {
            return found;
        }

        string[] known = [.. names, .. standing.Tags.Select(t => $"{t.Key} ({t.Value})")];
        throw new RlaifInputException(
            $"There is no model {version} in {_folder}; there is {(known.Length == 0 ? "none" : string.Join(", ", known))}."
        );
    }

    private string FindWeights(string version)
    {
        ModelStanding standing = Standing();
        string name = Find(version, standing);
        standing.RequireWeights(name);
        return _folders.WeightsOf(name);
    }

    private ModelStanding Standing() => ModelStanding.After(_history.Read());

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        return await ModelRegistryLock.AcquireAsync(Path.Combine(_folder, LockFile), cancellationToken);
    }

    /// <summary>Decides what happens, and records it, while no other writer can change what the decision rests on.</summary>
    private async Task<ModelEvent?> RecordAsync(Func<ModelStanding, ModelEvent?> decide, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_folder))
        {
            // There are no versions: deciding throws and says so, before the lock leaves a folder behind.
            _ = decide(Standing());
        }

        await using FileStream held = await LockAsync(cancellationToken);
        ModelEvent? happened = decide(Standing());
        if (happened is { Action: ModelAction.Promote or ModelAction.Rollback })
        {
            // What cannot be read must not be champion: every guided decision would fail from then on. (Its encoder is not opened: it may be on another machine.)
            await InspectAsync(happened.Version, cancellationToken);
        }

        if (happened is not null)
        {
            _history.Append(happened);
        }

        return happened;
    }

    private ModelEvent Event(ModelAction action, string version) =>
        new()
        {
            At = _time.GetUtcNow(),
            Action = action,
            Version = version,
        };

    private static void RequireMet(string version, IReadOnlyList<PromotionCriterion> criteria)
    {
        if (criteria.Count == 0 || criteria.Any(c => !c.Passed))
        {
            string[] failing = [.. criteria.Where(c => !c.Passed).Select(c => c.Text)];
            throw new NotEnoughDataException(
                $"{version} is not promoted: {(failing.Length == 0 ? "no criterion was measured" : string.Join("; ", failing))}."
            );
        }
    }

    private static void RequireStillChampion(string version, string? against, string? champion)
    {
        if (against != champion)
        {
            throw new NotEnoughDataException(
                $"{version} is not promoted: {champion ?? "nobody"} is champion now, and it was compared with {against ?? "nobody"}. Compare again."
            );
        }
    }
}
