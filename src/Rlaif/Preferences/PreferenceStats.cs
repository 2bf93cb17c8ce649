namespace Rlaif.Preferences;

/// <summary>What a ledger holds for learning.</summary>
public sealed record PreferenceStats
{
    /// <summary>Decisions that were accepted.</summary>
    public required int Decisions { get; init; }

    /// <summary>Candidates, accepted or not.</summary>
    public required int Candidates { get; init; }

    /// <summary>Candidates whose outcome is known.</summary>
    public required int Settled { get; init; }

    /// <summary>Candidates whose outcome is not known yet.</summary>
    public int Pending => Candidates - Settled;

    /// <summary>Pairs of all metrics and pools.</summary>
    public required int Pairs { get; init; }

    /// <summary>Pairs by pool.</summary>
    public required IReadOnlyDictionary<PreferencePool, int> ByPool { get; init; }

    /// <summary>Pairs by metric.</summary>
    public required IReadOnlyDictionary<string, int> ByMetric { get; init; }

    /// <summary>Mean confidence of the pairs, in [0.5, 1]; null when there are none.</summary>
    public required double? MeanConfidence { get; init; }
}
