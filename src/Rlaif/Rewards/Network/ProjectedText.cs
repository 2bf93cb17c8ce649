namespace Rlaif.Rewards.Network;

/// <summary>A candidate's text as the network's text layer sees it, without what the layer adds.</summary>
/// <param name="Projections">The kernel times the scaled text vector, before bias and side: one after another for all networks of an ensemble.</param>
/// <param name="Side">What the candidate's position multiplies them with.</param>
internal readonly record struct ProjectedText(float[] Projections, float Side);
