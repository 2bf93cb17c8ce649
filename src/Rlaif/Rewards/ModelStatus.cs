namespace Rlaif.Rewards;

/// <summary>What a version in the registry may be used for.</summary>
public enum ModelStatus
{
    /// <summary>Trained, and not yet shown to be better than what is used.</summary>
    Candidate,
}
