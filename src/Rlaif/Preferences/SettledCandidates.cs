using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Preferences;

/// <summary>Reads settled candidates from the ledger.</summary>
public static class SettledCandidates
{
    /// <summary>
    /// Joins contexts, candidates and outcomes, ordered by moment, symbol, context and index. Of a candidate with two outcomes the
    /// traded one counts.
    /// </summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="runId">Only candidates of this run; null takes all runs.</param>
    /// <param name="knownAtOrBefore">Only outcomes known by then; null takes all.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidDataException">An outcome names a candidate or context that the ledger does not hold.</exception>
    public static async Task<IReadOnlyList<SettledCandidate>> LoadAsync(
        Ledger ledger,
        string? runId = null,
        DateTimeOffset? knownAtOrBefore = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var known = new LedgerQuery { KnownAtOrBefore = knownAtOrBefore };
        LedgerQuery ofRun = known with { ParentId = runId };
        Dictionary<string, DecisionContext> contexts = (
            await ledger.ReadAsync<DecisionContext>(ofRun, cancellationToken)
        ).ToDictionary(c => c.ContextId, StringComparer.Ordinal);
        Dictionary<string, Candidate> candidates = (await ledger.ReadAsync<Candidate>(known, cancellationToken)).ToDictionary(
            c => c.CandidateId,
            StringComparer.Ordinal
        );
        var settled = new Dictionary<string, SettledCandidate>(StringComparer.Ordinal);
        foreach (Outcome outcome in await ledger.ReadAsync<Outcome>(known, cancellationToken))
        {
            Candidate candidate =
                candidates.GetValueOrDefault(outcome.CandidateId) ?? throw Missing(outcome, "candidate", outcome.CandidateId);
            if (!contexts.TryGetValue(candidate.ContextId, out DecisionContext? context))
            {
                _ = runId ?? throw Missing(outcome, "context", candidate.ContextId);
            }
            else if (outcome.Provenance == OutcomeProvenance.Traded || !settled.ContainsKey(candidate.CandidateId))
            {
                settled[candidate.CandidateId] = new SettledCandidate(context, candidate, outcome);
            }
        }

        return
        [
            .. settled
                .Values.OrderBy(s => s.Context.AsOf)
                .ThenBy(s => s.Context.Symbol, StringComparer.Ordinal)
                .ThenBy(s => s.Context.ContextId, StringComparer.Ordinal)
                .ThenBy(s => s.Candidate.Index),
        ];
    }

    private static InvalidDataException Missing(Outcome outcome, string what, string id) =>
        new($"Outcome {outcome.OutcomeId} names {what} {id}, which the ledger does not hold.");
}
