namespace Rlaif.Rewards.Features;

/// <summary>One numerical input of the reward model.</summary>
/// <param name="Name">Its name, unique in the schema.</param>
/// <param name="Unit">What its numbers mean: <c>sd</c> (training standard deviations), <c>side</c> (-1, 0, 1), <c>flag</c> (0 or 1).</param>
public sealed record FeatureColumn(string Name, string Unit);
