using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>The candidates of a ledger that have no outcome yet.</summary>
/// <param name="Items">In order of context (by time, then id) and index.</param>
/// <param name="Orphans">Candidates whose context the ledger does not hold.</param>
internal sealed record Backlog(IReadOnlyList<UnsettledCandidate> Items, int Orphans)
{
    /// <summary>Reads the backlog of the whole ledger, of one context, of one run, or of the contexts that have a position.</summary>
    internal static async Task<Backlog> ReadAsync(
        Ledger ledger,
        IEnumerable<PositionOpened> positions,
        string? contextId,
        CancellationToken cancellationToken,
        string? runId = null,
        bool onlyTracked = false
    )
    {
        Dictionary<string, RecordedRun> runs = (
            await ledger.ReadAsync<RecordedRun>(cancellationToken: cancellationToken)
        ).ToDictionary(r => r.RunId, StringComparer.Ordinal);
        var query = new LedgerQuery { ParentId = contextId, WithoutChildOfKind = Outcome.Kind };
        IReadOnlyList<Candidate> candidates = await ledger.ReadAsync<Candidate>(query, cancellationToken);
        ILookup<string, PositionOpened> tracked = positions.ToLookup(p => p.ContextId);
        var items = new List<UnsettledCandidate>(candidates.Count);
        int orphans = 0;
        foreach (
            IGrouping<string, Candidate> group in candidates
                .GroupBy(c => c.ContextId)
                .OrderBy(g => g.First().AsOf)
                .ThenBy(g => g.Key, StringComparer.Ordinal)
        )
        {
            if (onlyTracked && !tracked.Contains(group.Key))
            {
                continue;
            }

            if (await ledger.FindAsync<DecisionContext>(group.Key, cancellationToken) is not { } context)
            {
                orphans += group.Count();
                continue;
            }

            if (runId is not null && context.RunId != runId)
            {
                continue;
            }

            IReadOnlyList<TradingDecision> decisions = await ledger.ReadAsync<TradingDecision>(
                new LedgerQuery { ParentId = group.Key },
                cancellationToken
            );
            SettlementOptions? terms = runs.GetValueOrDefault(context.RunId)?.Terms;
            items.AddRange(group.OrderBy(c => c.Index).Select(c => Describe(context, c, decisions, tracked[group.Key], terms)));
        }

        return new Backlog(items, orphans);
    }

    // A tracked candidate is settled on the terms of its position; the others of its context on the same terms, so that they compare.
    private static UnsettledCandidate Describe(
        DecisionContext context,
        Candidate candidate,
        IEnumerable<TradingDecision> decisions,
        IEnumerable<PositionOpened> positions,
        SettlementOptions? termsOfRun
    )
    {
        PositionOpened? own = positions.FirstOrDefault(p => p.CandidateId == candidate.CandidateId);
        string? decisionId = own?.DecisionId ?? decisions.FirstOrDefault(d => d.CandidateId == candidate.CandidateId)?.DecisionId;
        SettlementOptions? terms = (own ?? positions.FirstOrDefault())?.Terms ?? termsOfRun;
        return new UnsettledCandidate(context, candidate, decisionId, terms, own?.Quantity);
    }
}
