using Rlaif.Rewards.Network;

namespace Rlaif.Rewards;

/// <summary>One network of a reward model, and what makes its scores comparable with those of the others.</summary>
/// <param name="Network">The network.</param>
/// <param name="Mean">Mean of its scores over the training candidates.</param>
/// <param name="Deviation">Standard deviation of its scores over the training candidates; 0 for a network that says the same of all.</param>
internal sealed record RewardMember(RewardNetwork Network, double Mean, double Deviation)
{
    /// <summary>A score in standard deviations of this member's scores.</summary>
    public double Normalize(double score) => Deviation > 0 ? (score - Mean) / Deviation : 0;
}
