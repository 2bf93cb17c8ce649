namespace Rlaif.Rewards.Features;

/// <summary>
/// What was fitted on the training candidates, and on them alone: which market features there are, and how every column is scaled.
/// </summary>
public sealed record FeatureScaler
{
    /// <summary>Market features that became columns, in ordinal order.</summary>
    public required IReadOnlyList<string> MarketNames { get; init; }

    /// <summary>Mean of each market feature over the training contexts that had it.</summary>
    public required double[] MarketMeans { get; init; }

    /// <summary>Standard deviation of each market feature over the training contexts that had it; positive.</summary>
    public required double[] MarketDeviations { get; init; }

    /// <summary>Features that some training context lacked, in ordinal order: each has an indicator column.</summary>
    public required IReadOnlyList<string> MissingNames { get; init; }

    /// <summary>Features that never varied in training: known, but no column.</summary>
    public required IReadOnlyList<string> ConstantNames { get; init; }

    /// <summary>
    /// Whether training contexts differed in the names that they carried. If they did, names are optional; if they did not, a context with
    /// other names is refused.
    /// </summary>
    public required bool NamesVary { get; init; }

    /// <summary>Products of two market features that matter; each is multiplied by the exposure.</summary>
    public required IReadOnlyList<FeatureInteraction> Interactions { get; init; }

    /// <summary>Mean of each of the candidate's own features (<see cref="CandidateFeatures"/>); 0 for those whose sign has a meaning.</summary>
    public required double[] CandidateMeans { get; init; }

    /// <summary>Divisor of each of the candidate's own features; positive.</summary>
    public required double[] CandidateDeviations { get; init; }

    /// <summary>Where the training values lay; null in a model that was stored without.</summary>
    internal FeatureReference? Reference { get; init; }
}
