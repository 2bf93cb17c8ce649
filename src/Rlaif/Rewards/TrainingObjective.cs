namespace Rlaif.Rewards;

/// <summary>What a reward model is taught by a pair. Either way its reward is a logit, and training stops by the pairs' log-loss.</summary>
public enum TrainingObjective
{
    /// <summary>That the chosen side has the higher reward: P(chosen is better) = sigmoid(difference of rewards) (Bradley and Terry, 1952).</summary>
    BradleyTerry,

    /// <summary>
    /// What a chosen candidate looks like, and what a rejected one: P(candidate is chosen) = sigmoid(reward), each side by itself. It keeps the
    /// order of candidates and often does better than Bradley-Terry (Sun, Shen and Ton, arXiv 2411.04991).
    /// </summary>
    Classification,
}
