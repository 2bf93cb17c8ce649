using Rlaif.Decisions;
using Rlaif.Rewards;
using Rlaif.Selection;

namespace Rlaif;

/// <summary>The reward model, or models, that pick among candidates, and the version under which they are known.</summary>
/// <param name="Rewards">The models and their weights.</param>
/// <param name="Version">Version in the registry, for example <c>v0003</c>; recorded in every decision.</param>
public sealed record ModelGuide(RewardBlend Rewards, string Version)
{
    /// <summary>One model alone.</summary>
    public ModelGuide(RewardModel model, string version)
        : this(new RewardBlend(model), version) { }

    /// <summary>Tells this model from every other one.</summary>
    internal string Key => $"{Version}/{Rewards.Fingerprint}";

    /// <summary>The model's choice, or the static baseline when there is no model.</summary>
    internal static ICandidateSelector SelectorOf(ModelGuide? guide) =>
        guide is null ? new FirstCandidate() : new BestOfN(guide.Rewards, guide.Version);
}
