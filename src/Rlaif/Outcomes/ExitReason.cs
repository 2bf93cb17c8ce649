namespace Rlaif.Outcomes;

/// <summary>Why a position was closed.</summary>
public enum ExitReason
{
    /// <summary>The holding period was over.</summary>
    TimeLimit,

    /// <summary>The profit target was reached.</summary>
    Target,

    /// <summary>The stop loss was reached.</summary>
    Stop,

    /// <summary>The price came back from its best by the distance of the trailing stop.</summary>
    TrailingStop,

    /// <summary>A person or program asked for it.</summary>
    Manual,

    /// <summary>There was no position: the candidate was a hold.</summary>
    NoPosition,

    /// <summary>The result was reported together with the decision by an outside agent.</summary>
    Reported,
}
