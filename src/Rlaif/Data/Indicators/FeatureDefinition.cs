namespace Rlaif.Data.Indicators;

/// <summary>One named number of a market state.</summary>
/// <param name="Name">The name in data, JSON and checkpoints: snake_case, the length of the window at the end.</param>
/// <param name="Unit">What the number counts: <c>fraction</c>, <c>ratio</c>, <c>log_ratio</c>, <c>0..100</c>, <c>days</c>, ...</param>
/// <param name="Description">One sentence for people.</param>
public sealed record FeatureDefinition(string Name, string Unit, string Description);
