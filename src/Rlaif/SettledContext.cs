using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif;

/// <summary>A context of which every candidate has an outcome, and a decision took one of them.</summary>
/// <param name="Context">The context.</param>
/// <param name="Candidates">All its candidates by index.</param>
/// <param name="Traded">The one that the decision took.</param>
internal sealed record SettledContext(
    DecisionContext Context,
    IReadOnlyList<SettledCandidate> Candidates,
    SettledCandidate Traded
)
{
    /// <summary>When the last of the outcomes was known, UTC.</summary>
    internal DateTimeOffset KnownAt => Candidates.Max(c => c.Outcome.KnownAt);

    /// <summary>What a candidate earned after costs, as a fraction of equity.</summary>
    internal static double GainOf(SettledCandidate candidate) => candidate.Outcome.PositionSize * candidate.Outcome.NetReturn;

    /// <summary>Reads the candidates of a context; null when one has no outcome that is known at <paramref name="now"/>, or none was taken.</summary>
    internal static async Task<SettledContext?> FindAsync(
        Ledger ledger,
        DecisionContext context,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Candidate> candidates = await ledger.ReadAsync<Candidate>(
            new LedgerQuery { ParentId = context.ContextId },
            cancellationToken
        );
        var settled = new List<SettledCandidate>(candidates.Count);
        foreach (Candidate candidate in candidates.OrderBy(c => c.Index))
        {
            var known = new LedgerQuery { ParentId = candidate.CandidateId, KnownAtOrBefore = now };
            IReadOnlyList<Outcome> outcomes = await ledger.ReadAsync<Outcome>(known, cancellationToken);
            // Of a candidate with two outcomes the traded one counts.
            if (outcomes.MinBy(o => o.Provenance) is not { } outcome)
            {
                return null;
            }

            settled.Add(new SettledCandidate(context, candidate, outcome));
        }

        return settled.FirstOrDefault(s => s.Outcome.Provenance == OutcomeProvenance.Traded) is { } traded
            ? new SettledContext(context, settled, traded)
            : null;
    }
}
