namespace Rlaif.Rewards;

/// <summary>What one pair did to a model that learns on.</summary>
/// <param name="Updates">Pairs learnt from so far.</param>
/// <param name="PriorMargin">Reward of the chosen side minus that of the rejected one before the pair was learnt from: evidence on unseen data.</param>
/// <param name="ParentMargin">The same by the parent, which learns nothing.</param>
/// <param name="Drift">Largest distance of a member's parameters from the parent's, as a fraction of the norm of the parent's.</param>
/// <param name="IsBounded">Whether a member's step was pulled back to <see cref="OnlineTrainingOptions.MaxDrift"/>.</param>
public readonly record struct OnlineUpdate(int Updates, double PriorMargin, double ParentMargin, double Drift, bool IsBounded);
