namespace Rlaif.Rewards;

/// <summary>What training gives: the model and the account of how it came about.</summary>
public sealed record TrainedRewardModel(RewardModel Model, TrainingReport Report);
