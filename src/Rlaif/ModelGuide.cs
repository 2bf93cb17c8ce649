using Rlaif.Decisions;
using Rlaif.Rewards;
using Rlaif.Selection;

namespace Rlaif;

/// <summary>The reward model that picks among candidates, and the version under which it is known.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its version in the registry, for example <c>v0003</c>; recorded in every decision.</param>
public sealed record ModelGuide(RewardModel Model, string Version)
{
    /// <summary>Tells this model from every other one.</summary>
    internal string Key => $"{Version}/{Model.Fingerprint}";

    /// <summary>The model's choice, or the static baseline when there is no model.</summary>
    internal static ICandidateSelector SelectorOf(ModelGuide? guide) =>
        guide is null ? new FirstCandidate() : new BestOfN(guide.Model, guide.Version);
}
