using System.Text.Json.Serialization;

namespace Rlaif.Rewards;

/// <summary>What happened during a training run; written beside the model. It holds no times, so equal runs have equal reports.</summary>
public sealed record TrainingReport
{
    /// <summary>The members of the ensemble, each with its own epochs.</summary>
    public required IReadOnlyList<MemberReport> Members { get; init; }

    /// <summary>The epochs that all members ran, in order: means over the members.</summary>
    public required IReadOnlyList<EpochReport> History { get; init; }

    /// <summary>The epoch of <see cref="History"/> with the lowest validation loss, or the last without one; each member keeps its own best.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Why training ended: no improvement when that stopped every member.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Pairs learnt from.</summary>
    public required int TrainingPairs { get; init; }

    /// <summary>Of those, a judge's preferences.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ProcessPairs { get; init; }

    /// <summary>Candidates in those pairs.</summary>
    public required int TrainingCandidates { get; init; }

    /// <summary>Contexts of those candidates.</summary>
    public required int TrainingContexts { get; init; }

    /// <summary>Pairs that decided when to stop.</summary>
    public required int StoppingPairs { get; init; }

    /// <summary>Candidates in those pairs.</summary>
    public required int StoppingCandidates { get; init; }

    /// <summary>Numerical features.</summary>
    public required int Features { get; init; }

    /// <summary>Weights and biases of all members.</summary>
    public required int Parameters { get; init; }

    /// <summary>The options that were used.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The best epoch.</summary>
    [JsonIgnore]
    public EpochReport Best => History[BestEpoch - 1];
}
