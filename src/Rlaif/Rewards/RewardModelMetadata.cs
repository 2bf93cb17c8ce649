using System.Text.Json.Serialization;

namespace Rlaif.Rewards;

/// <summary>Where a reward model comes from; stored in its checkpoint.</summary>
public sealed record RewardModelMetadata
{
    /// <summary>Version of this library that trained it.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>
    /// SHA-256 over what training and stopping side are made of: pairs, what they count, the candidates' texts, positions and market features. Learning online
    /// hashes it on with the id of each pair.
    /// </summary>
    public required string DataHash { get; init; }

    /// <summary>The last moment at which a pair that it was fitted to became known, UTC: decisions after it are unseen by the model.</summary>
    public required DateTimeOffset KnownUntil { get; init; }

    /// <summary>Fingerprint of the model that this one learnt on from; null for one that was trained from the start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parent { get; init; }

    /// <summary>Pairs learnt from one by one since the parent; 0 for a model that was trained from the start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int OnlinePairs { get; init; }

    /// <summary>The shape that was asked for.</summary>
    public required RewardModelOptions Model { get; init; }

    /// <summary>How it was trained, the seed included.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>The epochs whose parameters the members have.</summary>
    public required IReadOnlyList<int> BestEpochs { get; init; }

    /// <summary>Log-loss of the whole ensemble on the stopping pairs, before <see cref="Temperature"/>; null when there were none.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>Pairwise accuracy of the ensemble on the stopping pairs; optimistic, because epochs were chosen on them; null when there were none.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Mean reward of the training candidates, to normalize rewards with.</summary>
    public required double RewardMean { get; init; }

    /// <summary>Standard deviation of the rewards of the training candidates.</summary>
    public required double RewardDeviation { get; init; }

    /// <summary>
    /// What reward gaps are divided by to become log-odds (Guo et al., 2017), 0.05 to 20, fitted on the stopping pairs; 1 when there were none. The
    /// ranking does not depend on it.
    /// </summary>
    public required double Temperature { get; init; }

    /// <summary>The disagreement of the members (<see cref="RewardEstimate.Deviation"/>) that 99% of the candidates it was measured on stay below.</summary>
    public required double UsualDeviation { get; init; }

    /// <summary>The distance from the training data (<see cref="RewardModel.DistanceOf"/>) that 99% of the training contexts stay below.</summary>
    public required double UsualDistance { get; init; }
}
