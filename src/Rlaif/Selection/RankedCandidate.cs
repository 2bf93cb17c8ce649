using Rlaif.Decisions;

namespace Rlaif.Selection;

/// <summary>A candidate with its reward and its place among those it was ranked with.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Reward">The reward model's score: unitless, defined up to a constant.</param>
/// <param name="Rank">Place by reward, from 1; of equal rewards the earlier candidate comes first.</param>
public sealed record RankedCandidate(Candidate Candidate, double Reward, int Rank)
{
    /// <summary>How much the members of the reward model disagree, in the reward's unit; 0 for a single member.</summary>
    public double Deviation { get; init; }
}
