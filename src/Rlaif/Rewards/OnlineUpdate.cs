namespace Rlaif.Rewards;

/// <summary>What one pair did to a model that learns on.</summary>
/// <param name="Updates">Pairs learnt from so far.</param>
/// <param name="PriorMargin">
/// Reward of the chosen side minus that of the rejected one by the weights from before the first pair that became known at the same moment. Null where
/// the model may have learnt from a side's context: in a pair that became known earlier, or as part of the parent, when the decision is not later than the
/// parent's <see cref="RewardModelMetadata.KnownUntil"/>. Decisions held at the same time still share prices with those learnt from;
/// <see cref="RewardLearning.Judge"/> excludes them too.
/// </param>
/// <param name="ParentMargin">The same by the parent, which learns nothing; to be compared where there is a <paramref name="PriorMargin"/>.</param>
/// <param name="Drift">Largest distance of a member's parameters from the parent's, as a fraction of the norm of the parent's.</param>
/// <param name="IsBounded">Whether a member's step was pulled back to <see cref="OnlineTrainingOptions.MaxDrift"/>.</param>
public readonly record struct OnlineUpdate(int Updates, double? PriorMargin, double ParentMargin, double Drift, bool IsBounded);
