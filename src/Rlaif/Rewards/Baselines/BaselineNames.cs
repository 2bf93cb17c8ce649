namespace Rlaif.Rewards.Baselines;

/// <summary>Everything simpler than the reward model, by name.</summary>
internal static class BaselineNames
{
    /// <summary>The linear model.</summary>
    public const string Linear = "linear_bradley_terry";

    /// <summary>The boosted trees.</summary>
    public const string LambdaRank = "lambdarank";

    /// <summary>All of them, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [.. UntrainedScores.All.Keys.Append(Linear).Append(LambdaRank).Order(StringComparer.Ordinal)];
}
