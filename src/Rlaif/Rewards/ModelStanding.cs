namespace Rlaif.Rewards;

/// <summary>What the events of a registry amount to: who is champion, who was before, which tags there are, what was pruned.</summary>
internal sealed class ModelStanding
{
    // Every champion that was not rolled back, in order; the last one is champion now.
    private readonly List<string> _champions = [];
    private readonly HashSet<string> _past = [];
    private readonly HashSet<string> _pruned = [];
    private readonly SortedDictionary<string, string> _tags = new(StringComparer.Ordinal);

    private ModelStanding() { }

    /// <summary>The champion; null before the first promotion.</summary>
    public string? Champion => _champions.LastOrDefault();

    /// <summary>The one that a rollback returns to; null when there is none.</summary>
    public string? Previous => _champions.Count > 1 ? _champions[^2] : null;

    /// <summary>Versions by tag.</summary>
    public IReadOnlyDictionary<string, string> Tags => _tags;

    /// <summary>Versions whose weights were deleted.</summary>
    public IReadOnlySet<string> Pruned => _pruned;

    public static ModelStanding After(IEnumerable<ModelEvent> events)
    {
        var standing = new ModelStanding();
        foreach (ModelEvent happened in events)
        {
            standing.Apply(happened);
        }

        return standing;
    }

    public ModelStatus StatusOf(string version) =>
        version == Champion ? ModelStatus.Champion
        : _past.Contains(version) || _pruned.Contains(version) ? ModelStatus.Retired
        : ModelStatus.Candidate;

    public IReadOnlyList<string> TagsOf(string version) => [.. _tags.Where(t => t.Value == version).Select(t => t.Key)];

    /// <summary>Which of the versions, oldest first, keep their weights: those that must, then the newest ones.</summary>
    public IReadOnlySet<string> Kept(IEnumerable<string> versions, int keep)
    {
        string[] usable = [.. versions.Where(v => !_pruned.Contains(v)).Reverse()];
        HashSet<string> kept = [.. usable.Where((v, i) => i == 0 || v == Champion || v == Previous || _tags.ContainsValue(v))];
        kept.UnionWith(usable.Except(kept).Take(keep - kept.Count).ToArray());
        return kept;
    }

    /// <summary>Passes when the version can be used.</summary>
    /// <exception cref="RlaifInputException">The version has no weights any more.</exception>
    public void RequireWeights(string version)
    {
        if (_pruned.Contains(version))
        {
            throw new RlaifInputException($"The weights of {version} were pruned; only the account of its training is left.");
        }
    }

    private void Apply(ModelEvent happened)
    {
        switch (happened.Action)
        {
            case ModelAction.Promote:
                _champions.Add(happened.Version);
                _past.Add(happened.Version);
                break;
            case ModelAction.Rollback when _champions.Count > 0:
                _champions.RemoveAt(_champions.Count - 1);
                break;
            case ModelAction.Tag when happened.Tag is { } tag:
                _tags[tag] = happened.Version;
                break;
            case ModelAction.Untag when happened.Tag is { } tag:
                _tags.Remove(tag);
                break;
            case ModelAction.Prune:
                _pruned.Add(happened.Version);
                break;
        }
    }
}
