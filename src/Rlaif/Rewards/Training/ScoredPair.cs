namespace Rlaif.Rewards.Training;

/// <summary>A pair as the loss sees it: positions of its two sides among the scores, its weight, and a margin in units of the reward.</summary>
internal readonly record struct ScoredPair(int Chosen, int Rejected, double Weight = 1, double Margin = 0);
