namespace Rlaif.Rewards;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were run.</summary>
    EpochsDone,

    /// <summary>The stopping set's log-loss had not got better for as many epochs as patience allows.</summary>
    NoImprovement,
}
