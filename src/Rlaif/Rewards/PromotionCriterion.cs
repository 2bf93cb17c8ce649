namespace Rlaif.Rewards;

/// <summary>One condition of a promotion, as it was found; kept in the registry's history.</summary>
/// <param name="Name">The condition, snake_case and stable.</param>
/// <param name="Value">What was measured; null when it could not be.</param>
/// <param name="Threshold">What it was held against; null when there was nothing to compare with.</param>
/// <param name="Passed">Whether it is met.</param>
/// <param name="Text">The same in a sentence, with the numbers.</param>
public sealed record PromotionCriterion(string Name, double? Value, double? Threshold, bool Passed, string Text);
