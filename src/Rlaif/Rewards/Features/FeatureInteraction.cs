namespace Rlaif.Rewards.Features;

/// <summary>A product of two standardized market features that training found to matter.</summary>
/// <param name="First">One feature.</param>
/// <param name="Second">The other, or the same for a square.</param>
/// <param name="Mean">Mean of the product over the training contexts.</param>
/// <param name="Deviation">Standard deviation of the product over the training contexts; positive.</param>
public sealed record FeatureInteraction(string First, string Second, double Mean, double Deviation);
