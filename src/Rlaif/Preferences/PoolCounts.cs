namespace Rlaif.Preferences;

/// <summary>Counts pairs by pool, in the order of the pools.</summary>
internal static class PoolCounts
{
    internal static IReadOnlyDictionary<PreferencePool, int> Of(IEnumerable<PreferencePair> pairs) =>
        new SortedDictionary<PreferencePool, int>(pairs.CountBy(p => p.Pool).ToDictionary());
}
