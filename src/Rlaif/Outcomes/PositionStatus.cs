namespace Rlaif.Outcomes;

/// <summary>Where a tracked position stands.</summary>
public enum PositionStatus
{
    /// <summary>Decided, but the first bar after the decision is not there yet.</summary>
    Pending,

    /// <summary>Filled and held.</summary>
    Open,

    /// <summary>Closed, or never filled because the symbol did not trade.</summary>
    Closed,
}
