namespace Rlaif;

/// <summary>The baselines in words.</summary>
internal static class BaselineText
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["coin"] = "a coin",
        ["agent_score"] = "the agent's score",
        ["agent_confidence"] = "the agent's confidence",
        ["text_length"] = "the length of the text",
        ["momentum"] = "momentum",
        ["reversal"] = "reversal (momentum the other way)",
        ["smaller_position"] = "the smaller position",
        [TrainedBaselines.Linear] = "the linear model",
        [TrainedBaselines.LambdaRankName] = "LambdaRank",
    };

    /// <summary>A baseline as it stands in a sentence.</summary>
    public static string Of(string name) => Words.GetValueOrDefault(name, name.Replace('_', ' '));
}
