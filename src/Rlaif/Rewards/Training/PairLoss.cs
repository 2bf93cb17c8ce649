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

    public static PairLoss operator +(PairLoss a, PairLoss b) =>
        new(a.Preference + b.Preference, a.Centering + b.Centering, a.Accuracy + b.Accuracy, a.Margin + b.Margin);

    public static PairLoss operator *(PairLoss loss, double factor) =>
        new(loss.Preference * factor, loss.Centering * factor, loss.Accuracy * factor, loss.Margin * factor);
}
