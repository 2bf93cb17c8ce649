using Rlaif.Outcomes;

namespace Rlaif.Preferences;

/// <summary>
/// Settled candidates and the pairs among them. Candidates are listed once however many pairs they are in, so a model scores each
/// once and pairs gather the scores.
/// </summary>
public sealed class PreferenceDataset
{
    private readonly Dictionary<string, int> _index;

    /// <summary>Creates a data set; candidates that no pair names are kept out.</summary>
    /// <exception cref="ArgumentException">A pair names a candidate that is not among <paramref name="candidates"/>.</exception>
    public PreferenceDataset(IEnumerable<SettledCandidate> candidates, IEnumerable<PreferencePair> pairs)
    {
        Pairs = [.. pairs];
        HashSet<string> used = [.. Pairs.SelectMany(p => new[] { p.ChosenId, p.RejectedId })];
        Candidates = [.. candidates.Where(c => used.Contains(c.Candidate.CandidateId))];
        _index = new Dictionary<string, int>(Candidates.Count, StringComparer.Ordinal);
        for (int i = 0; i < Candidates.Count; i++)
        {
            _index[Candidates[i].Candidate.CandidateId] = i;
        }

        if (used.FirstOrDefault(id => !_index.ContainsKey(id)) is { } missing)
        {
            throw new ArgumentException($"A pair names candidate {missing}, which is not in the data set.", nameof(pairs));
        }
    }

    /// <summary>The candidates that appear in pairs, each once.</summary>
    public IReadOnlyList<SettledCandidate> Candidates { get; }

    /// <summary>The pairs.</summary>
    public IReadOnlyList<PreferencePair> Pairs { get; }

    /// <summary>The date of a pair; one across dates belongs to the later of them, when it could first be formed.</summary>
    internal DateOnly DateOf(PreferencePair pair)
    {
        DateOnly chosen = Candidates[IndexOf(pair.ChosenId)].Context.Date;
        DateOnly rejected = Candidates[IndexOf(pair.RejectedId)].Context.Date;
        return chosen > rejected ? chosen : rejected;
    }

    /// <summary>Decision dates that lie within one holding window, which is longer by the days between the two sides of the widest pair; at least 1.</summary>
    internal int DatesPerWindow()
    {
        double reach = Pairs
            .Select(p => (MomentOf(p.ChosenId) - MomentOf(p.RejectedId)).Duration().TotalDays)
            .DefaultIfEmpty(0)
            .Max();
        return OverlappingWindows.DatesPerWindow(Candidates, TimeSpan.FromDays(Math.Floor(reach)));

        DateTimeOffset MomentOf(string candidate) => Candidates[IndexOf(candidate)].Context.AsOf;
    }

    /// <summary>Position of a candidate in <see cref="Candidates"/>.</summary>
    public int IndexOf(string candidateId) => _index[candidateId];
}
