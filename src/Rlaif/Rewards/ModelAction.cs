namespace Rlaif.Rewards;

/// <summary>What can happen to a version after it was added.</summary>
public enum ModelAction
{
    /// <summary>It became champion.</summary>
    Promote,

    /// <summary>It became champion again, because its successor was taken back.</summary>
    Rollback,

    /// <summary>It got a tag, perhaps from another version.</summary>
    Tag,

    /// <summary>It lost a tag.</summary>
    Untag,

    /// <summary>Its weights were deleted; the account of its training stays.</summary>
    Prune,
}
