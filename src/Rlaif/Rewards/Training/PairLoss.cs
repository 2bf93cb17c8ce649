namespace Rlaif.Rewards.Training;

/// <summary>The mean loss of a batch: what the preferences cost, and what holding rewards around 0 adds.</summary>
internal readonly record struct PairLoss(double Preference, double Centering)
{
    /// <summary>What is minimized.</summary>
    public double Total => Preference + Centering;
}
