namespace Rlaif.Rewards;

/// <summary>What a reward model says of one candidate. Rewards have no unit and are defined up to a constant; a gap of two is a logit.</summary>
/// <param name="Reward">What candidates are ranked by: the members' scores by <see cref="RewardModelOptions.Ranking"/>.</param>
/// <param name="Mean">Mean of the members' scores.</param>
/// <param name="Deviation">Standard deviation of the members' scores: how much they disagree; 0 for a single member.</param>
public readonly record struct RewardEstimate(double Reward, double Mean, double Deviation);
