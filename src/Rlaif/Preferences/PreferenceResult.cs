namespace Rlaif.Preferences;

/// <summary>The pairs of one set of settled candidates, and what became of everything that made no pair.</summary>
/// <param name="Pairs">New pairs, ordered by the moment they were known and then by id.</param>
/// <param name="Dropped">
/// Counts by reason. <c>metric_undefined</c> counts candidates whose score cannot be computed; all others count possible pairs: <c>tie</c>
/// (same action and size in one context, but for outcomes that were both reported; or equal scores), <c>below_margin</c>, <c>no_volatility</c> (the noise of the scores is
/// unknown), <c>overlapping_windows</c> (same symbol, holding periods that share days), <c>over_cap</c>. Reasons that did not occur are absent.
/// </param>
public sealed record PreferenceResult(IReadOnlyList<PreferencePair> Pairs, IReadOnlyDictionary<string, long> Dropped)
{
    /// <summary>Number of pairs of each pool that has any.</summary>
    public IReadOnlyDictionary<PreferencePool, int> ByPool => PoolCounts.Of(Pairs);
}
