using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>Settles many candidates: those of a ledger that have no outcome yet, or those of proposals in memory.</summary>
public sealed class OutcomeSettler
{
    private const int CandidatesPerBatch = 1024;
    private const string Stage = "settle";

    private readonly IMarketData _market;
    private readonly SettlementOptions _options;

    /// <summary>Creates a settler.</summary>
    /// <param name="market">Where bars and calendars come from.</param>
    /// <param name="options">Holding period, costs, target and stop; null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public OutcomeSettler(IMarketData market, SettlementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(market);
        _market = market;
        _options = (options ?? new SettlementOptions()).Validated();
    }

    /// <summary>
    /// Settles every candidate of the ledger that has no outcome yet, as far as <paramref name="now"/> allows, and appends the outcomes batch
    /// by batch: an interrupted run is taken up by the next, and running it twice adds nothing. A candidate that a decision accepted
    /// counts as traded, the others as counterfactual. Contexts with a tracked position are settled on that position's terms, those of a
    /// recorded run on the run's.
    /// </summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="now">The clock: nothing that is known later is used.</param>
    /// <param name="progress">Told after each batch; null for no reports.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public Task<SettlementSummary> SettleAsync(
        Ledger ledger,
        DateTimeOffset now,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    ) => SettleBacklogAsync(ledger, null, now, isDryRun: false, progress, cancellationToken);

    /// <summary>The same for the candidates of one run; those of other runs are left alone.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="runId">The run.</param>
    /// <param name="now">The clock: nothing that is known later is used.</param>
    /// <param name="progress">Told after each batch; null for no reports.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public Task<SettlementSummary> SettleRunAsync(
        Ledger ledger,
        string runId,
        DateTimeOffset now,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    ) => SettleBacklogAsync(ledger, runId, now, isDryRun: false, progress, cancellationToken);

    /// <summary>The same for the candidates of some contexts, in one transaction; nothing else of the ledger is read.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="contextIds">The contexts.</param>
    /// <param name="now">The clock: nothing that is known later is used.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    internal async Task SettleContextsAsync(
        Ledger ledger,
        IEnumerable<string> contextIds,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<PositionOpened> positions = await ledger.ReadAsync<PositionOpened>(cancellationToken: cancellationToken);
        var items = new List<UnsettledCandidate>();
        foreach (string contextId in contextIds)
        {
            items.AddRange((await Backlog.ReadAsync(ledger, positions, contextId, cancellationToken)).Items);
        }

        MarketPaths paths = await LoadPathsAsync(items, now, cancellationToken);
        SettlementResult[] results = SettleAll([.. items], paths, now, Environment.ProcessorCount, cancellationToken);
        await ledger.AppendAsync(results.Where(r => r.IsSettled).Select(r => r.Outcome!), cancellationToken);
    }

    /// <summary>What settling the ledger now would come to; nothing is written.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="now">The clock: nothing that is known later is used.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public Task<SettlementSummary> PreviewAsync(
        Ledger ledger,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) => SettleBacklogAsync(ledger, null, now, isDryRun: true, null, cancellationToken);

    /// <summary>Settles every candidate of <paramref name="proposals"/> in memory; the result does not depend on the number of threads.</summary>
    /// <param name="proposals">Contexts with their candidates.</param>
    /// <param name="decisions">Which candidates were accepted; those count as traded, the others as counterfactual.</param>
    /// <param name="now">The clock: nothing that is known later is used.</param>
    /// <param name="progress">Told once in a while; null for no reports.</param>
    /// <param name="maxThreads">Most threads to use; null for one per processor.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public async Task<SettledBatch> SettleAsync(
        IReadOnlyList<Proposal> proposals,
        IReadOnlyList<TradingDecision> decisions,
        DateTimeOffset now,
        IProgress<ProgressUpdate>? progress = null,
        int? maxThreads = null,
        CancellationToken cancellationToken = default
    )
    {
        ILookup<string, TradingDecision> accepted = decisions.ToLookup(d => d.CandidateId);
        UnsettledCandidate[] items =
        [
            .. proposals.SelectMany(p =>
                p.Candidates.Select(c => new UnsettledCandidate(
                    p.Context,
                    c,
                    accepted[c.CandidateId].FirstOrDefault()?.DecisionId
                ))
            ),
        ];
        MarketPaths paths = await LoadPathsAsync(items, now, cancellationToken);
        SettlementResult[] results = SettleAll(items, paths, now, maxThreads ?? Environment.ProcessorCount, cancellationToken);
        progress?.Report(new ProgressUpdate(Stage, items.Length, items.Length));
        SettledCandidate[] settled =
        [
            .. items
                .Zip(results)
                .Where(p => p.Second.IsSettled)
                .Select(p => new SettledCandidate(p.First.Context, p.First.Candidate, p.Second.Outcome!)),
        ];
        return new SettledBatch(settled, SettlementSummary.Of(results));
    }

    private async Task<SettlementSummary> SettleBacklogAsync(
        Ledger ledger,
        string? runId,
        DateTimeOffset now,
        bool isDryRun,
        IProgress<ProgressUpdate>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ledger);
        IReadOnlyList<PositionOpened> positions = await ledger.ReadAsync<PositionOpened>(cancellationToken: cancellationToken);
        Backlog backlog = await Backlog.ReadAsync(ledger, positions, contextId: null, cancellationToken, runId);
        MarketPaths paths = await LoadPathsAsync(backlog.Items, now, cancellationToken);
        var results = new List<SettlementResult>(backlog.Items.Count);
        foreach (UnsettledCandidate[] batch in backlog.Items.Chunk(CandidatesPerBatch))
        {
            SettlementResult[] settled = SettleAll(batch, paths, now, Environment.ProcessorCount, cancellationToken);
            if (!isDryRun)
            {
                await ledger.AppendAsync(settled.Where(r => r.IsSettled).Select(r => r.Outcome!), cancellationToken);
            }

            results.AddRange(settled);
            progress?.Report(new ProgressUpdate(Stage, results.Count, backlog.Items.Count));
        }

        return SettlementSummary.Of(results, backlog.Orphans);
    }

    private Task<MarketPaths> LoadPathsAsync(
        IEnumerable<UnsettledCandidate> items,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => MarketPaths.LoadAsync(_market, items.Select(i => i.Context.Symbol), now, cancellationToken);

    private SettlementResult[] SettleAll(
        UnsettledCandidate[] items,
        MarketPaths paths,
        DateTimeOffset now,
        int maxThreads,
        CancellationToken cancellationToken
    )
    {
        var results = new SettlementResult[items.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = maxThreads, CancellationToken = cancellationToken };
        Parallel.For(0, items.Length, parallel, i => results[i] = items[i].Settle(paths[items[i].Context.Symbol], now, _options));
        return results;
    }
}
