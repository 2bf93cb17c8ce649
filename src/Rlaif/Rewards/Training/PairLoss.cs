namespace Rlaif.Rewards.Training;

/// <summary>The mean loss of a batch: what the preferences cost, and what holding rewards around 0 adds.</summary>
/// <param name="Preference">Mean loss of the pairs, weighted.</param>
/// <param name="Centering">Mean of what is added for rewards away from 0.</param>
/// <param name="Accuracy">Share of pairs whose chosen side has the higher reward, unweighted; an equal one counts half.</param>
/// <param name="Margin">Mean reward of the chosen side minus that of the rejected one, unweighted.</param>
internal readonly record struct PairLoss(double Preference, double Centering, double Accuracy, double Margin)
{
    /// <summary>What is minimized.</summary>
    public double Total => Preference + Centering;
}
