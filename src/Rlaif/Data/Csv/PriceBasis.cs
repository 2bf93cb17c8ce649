namespace Rlaif.Data;

/// <summary>Whether imported prices already reflect the splits that come with them.</summary>
public enum PriceBasis
{
    /// <summary>Judged for each split from the step between the close before it and its open.</summary>
    Detect,

    /// <summary>As traded: every split is kept beside the prices.</summary>
    Raw,

    /// <summary>Adjusted for all splits: none is kept.</summary>
    Adjusted,
}
