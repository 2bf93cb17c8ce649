using Rlaif.Outcomes;

namespace Rlaif.Preferences;

/// <summary>A settled candidate with its score.</summary>
/// <param name="Settled">The candidate.</param>
/// <param name="Score">Its score under the metric in force.</param>
/// <param name="Position">Its position among all scored candidates, ordered by id.</param>
/// <param name="Draw">A number drawn for it from the seed; orders candidates where partners are sampled.</param>
internal sealed record ScoredCandidate(SettledCandidate Settled, double Score, int Position, ulong Draw)
{
    internal string Id => Settled.Candidate.CandidateId;

    internal string Symbol => Settled.Context.Symbol;

    internal DateTimeOffset AsOf => Settled.Context.AsOf;

    internal Outcome Outcome => Settled.Outcome;
}
