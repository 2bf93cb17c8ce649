namespace Rlaif.Rewards;

/// <summary>Where a reward model comes from; stored in its checkpoint.</summary>
public sealed record RewardModelMetadata
{
    /// <summary>Version of this library that trained it.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>SHA-256 over the ids of training and stopping pairs, in order.</summary>
    public required string DataHash { get; init; }

    /// <summary>The last moment at which a pair that it was fitted to became known, UTC: decisions after it are unseen by the model.</summary>
    public required DateTimeOffset KnownUntil { get; init; }

    /// <summary>The shape that was asked for.</summary>
    public required RewardModelOptions Model { get; init; }

    /// <summary>How it was trained, the seed included.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>The epoch whose parameters it has.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Log-loss on the stopping pairs at that epoch; null when there were none.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>Pairwise accuracy on the stopping pairs at that epoch; optimistic, because the epoch was chosen on them; null when there were none.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Mean reward of the training candidates, to normalize rewards with.</summary>
    public required double RewardMean { get; init; }

    /// <summary>Standard deviation of the rewards of the training candidates.</summary>
    public required double RewardDeviation { get; init; }
}
