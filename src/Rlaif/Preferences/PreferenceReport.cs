namespace Rlaif.Preferences;

/// <summary>What one generation of pairs did to the ledger.</summary>
public sealed record PreferenceReport
{
    /// <summary>Pairs in the ledger afterwards that meet the options in force (metric, pools, margin).</summary>
    public required int Total { get; init; }

    /// <summary>Pairs that were added.</summary>
    public required int New { get; init; }

    /// <summary><see cref="Total"/> by pool.</summary>
    public required IReadOnlyDictionary<PreferencePool, int> ByPool { get; init; }

    /// <summary>Why candidates made no pair; see <see cref="PreferenceResult"/>.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }
}
