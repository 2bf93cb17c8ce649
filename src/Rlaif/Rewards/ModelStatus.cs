namespace Rlaif.Rewards;

/// <summary>What a version in the registry may be used for.</summary>
public enum ModelStatus
{
    /// <summary>Trained, and not yet shown to be better than what is used.</summary>
    Candidate,

    /// <summary>The one that guides decisions unless another is named; at most one at any time.</summary>
    Champion,

    /// <summary>It was champion, or it was never and its weights were pruned. It can be promoted again while it has its weights.</summary>
    Retired,
}
