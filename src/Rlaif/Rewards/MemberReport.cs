using System.Text.Json.Serialization;

namespace Rlaif.Rewards;

/// <summary>The training of one member of an ensemble.</summary>
public sealed record MemberReport
{
    /// <summary>Pairs it learnt from: those whose dates its bootstrap drew; a pair of a date that was drawn twice is there twice.</summary>
    public required int TrainingPairs { get; init; }

    /// <summary>Different decision dates among them.</summary>
    public required int TrainingDates { get; init; }

    /// <summary>The epochs, in order.</summary>
    public required IReadOnlyList<EpochReport> History { get; init; }

    /// <summary>The epoch whose parameters it has: the one with the lowest validation loss, or the last one when there was nothing to validate on.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The best epoch.</summary>
    [JsonIgnore]
    public EpochReport Best => History[BestEpoch - 1];
}
