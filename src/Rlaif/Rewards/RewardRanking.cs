namespace Rlaif.Rewards;

/// <summary>How the scores of an ensemble's members become one reward (Coste et al., ICLR 2024, section 3).</summary>
public enum RewardRanking
{
    /// <summary>Their mean minus a multiple of their standard deviation: what most members agree on.</summary>
    MeanMinusDeviation,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The lowest of them: no member thinks less of the candidate.</summary>
    Min,
}
