using System.Runtime.ExceptionServices;
using Rlaif.Data;
using Rlaif.Decisions.Llm;

namespace Rlaif.Decisions;

/// <summary>
/// Takes the decisions of a schedule and records them: what costs money each decision at once, rules moment by moment when some dozens are
/// done. A killed run loses what is in flight; running it again continues after what is recorded and ends in the same ledger.
/// </summary>
public sealed class DecisionRun(IMarketData market, ManagerAgent manager, ICandidateSelector selector, Ledger ledger)
{
    private const int MomentsInFlight = 64;

    /// <summary>
    /// Called with each moment of which something is still to be decided, before anything is decided of it and after everything before it is
    /// recorded. All symbols of a moment are then decided together, and moments one after the other; null, the default, lets them overlap.
    /// </summary>
    internal Func<DateTimeOffset, CancellationToken, Task>? BeforeMoment { get; init; }

    /// <summary>Under which name the run's spending adds up; null for that of the run.</summary>
    internal string? SpendName { get; init; }

    /// <summary>Decides every moment that has enough history and is not recorded yet.</summary>
    /// <param name="runId">The run that the contexts belong to.</param>
    /// <param name="generation">The turn of the loop.</param>
    /// <param name="moments">When decisions are due, in time order.</param>
    /// <param name="threads">Contexts worked on at once; results do not depend on it.</param>
    /// <param name="progress">Told how many moments are done.</param>
    /// <param name="cancellationToken">Stops between moments; what is recorded stays.</param>
    /// <returns>
    /// All decided contexts of the schedule in its order, those recorded by an earlier run included. A moment of which the agents brought no
    /// usable candidate is recorded with their replies, but is not decided.
    /// </returns>
    public async Task<IReadOnlyList<DecidedContext>> RunAsync(
        string runId,
        int generation,
        IReadOnlyList<DecisionMoment> moments,
        int threads,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        manager.BeginRun(SpendName ?? runId);
        Dictionary<string, Attempt> recorded = await LoadAsync(runId, [.. moments.Select(IdOf)], cancellationToken);
        var decided = new List<DecidedContext>(moments.Count);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        int done = 0;
        foreach (DecisionMoment[] chunk in Chunks(moments))
        {
            if (BeforeMoment is not null && chunk.Any(m => !recorded.ContainsKey(IdOf(m))))
            {
                await BeforeMoment(chunk[0].AsOf, cancellationToken);
            }

            var results = new Attempt?[chunk.Length];
            ExceptionDispatchInfo? failure = null;
            int decidedHere = 0;
            await Parallel.ForAsync(
                0,
                chunk.Length,
                parallel,
                async (i, token) =>
                {
                    // After a failure nothing new is begun; what is under way may be paid for and comes to its end.
                    if (failure is not null)
                    {
                        return;
                    }

                    try
                    {
                        Attempt? earlier = recorded.GetValueOrDefault(IdOf(chunk[i]));
                        results[i] = await DecideAsync(chunk[i], runId, generation, earlier, token);
                        if (manager.IsCostly && earlier is null && results[i] is { } attempt)
                        {
                            await RecordAsync([attempt], CancellationToken.None);
                            int finished = Interlocked.Increment(ref decidedHere);
                            progress?.Report(new ProgressUpdate("decide", done + finished, moments.Count));
                        }
                    }
                    catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                    {
                        Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                    }
                }
            );
            failure?.Throw();
            foreach (IGrouping<DateTimeOffset, Attempt> moment in results.OfType<Attempt>().GroupBy(d => d.Proposal.Context.AsOf))
            {
                if (!manager.IsCostly)
                {
                    await RecordAsync(
                        [.. moment.Where(d => !recorded.ContainsKey(d.Proposal.Context.ContextId))],
                        cancellationToken
                    );
                }

                decided.AddRange(
                    // What was said is recorded and need not stay in memory: a continued run does not have it either.
                    moment
                        .Where(a => a.Decision is not null)
                        .Select(a => new DecidedContext(a.Proposal with { Transcript = Transcript.Empty }, a.Decision!))
                );
            }

            done += chunk.Length;
            progress?.Report(new ProgressUpdate("decide", done, moments.Count));
        }

        return decided;

        string IdOf(DecisionMoment moment) => DecisionContext.CreateId(runId, moment.Symbol, moment.AsOf, generation);
    }

    private IEnumerable<DecisionMoment[]> Chunks(IReadOnlyList<DecisionMoment> moments) =>
        BeforeMoment is null
            ? moments.Chunk(MomentsInFlight)
            : moments.GroupBy(m => m.AsOf).OrderBy(g => g.Key).Select(g => g.ToArray());

    private async Task<Attempt?> DecideAsync(
        DecisionMoment moment,
        string runId,
        int generation,
        Attempt? recorded,
        CancellationToken cancellationToken
    )
    {
        MarketSnapshot snapshot = await market.GetSnapshotAsync(moment.Symbol, moment.AsOf, cancellationToken);
        if (snapshot.Bars.Count < manager.Options.MinHistoryBars)
        {
            return null;
        }

        if (recorded is not null)
        {
            return recorded.Proposal.Context.SnapshotHash == snapshot.Hash
                ? recorded
                : throw new RlaifInputException(
                    $"{moment.Symbol} at {moment.AsOf:u} was decided on other news or filings than are there now. Recorded decisions stay as "
                        + "they are: use another home, or another range of dates."
                );
        }

        Proposal proposal = await manager.AnalyzeAsync(snapshot, runId, generation, cancellationToken);
        return new Attempt(proposal, proposal.Candidates.Count > 0 ? selector.Select(proposal) : null);
    }

    private async Task RecordAsync(IReadOnlyList<Attempt> decided, CancellationToken cancellationToken)
    {
        if (decided.Count == 0)
        {
            return;
        }

        var batch = new LedgerBatch();
        foreach (Attempt item in decided)
        {
            Transcript said = item.Proposal.Transcript;
            batch.Add(item.Proposal.Context).AddRange(item.Proposal.Candidates);
            batch.AddRange(said.Calls).AddRange(said.Texts).AddRange(said.Failures);
            if (item.Decision is not null)
            {
                batch.Add(item.Decision);
            }
        }

        await ledger.AppendAsync(batch, cancellationToken);
        foreach (TradingDecision decision in decided.Select(d => d.Decision).OfType<TradingDecision>())
        {
            RlaifTelemetry.Decided(decision.Action.ToString());
        }
    }

    private async Task<Dictionary<string, Attempt>> LoadAsync(
        string runId,
        IReadOnlyList<string> contextIds,
        CancellationToken cancellationToken
    )
    {
        // A run that goes on for years is not read through for the moments of a day.
        return contextIds.Count <= MomentsInFlight
            ? await LoadAsync(contextIds, cancellationToken)
            : await LoadAllAsync(runId, cancellationToken);
    }

    private async Task<Dictionary<string, Attempt>> LoadAsync(
        IReadOnlyList<string> contextIds,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, Attempt>(StringComparer.Ordinal);
        foreach (string id in contextIds)
        {
            if (await ledger.FindAsync<DecisionContext>(id, cancellationToken) is { } context)
            {
                var query = new LedgerQuery { ParentId = id };
                found[id] = new Attempt(
                    new Proposal(
                        context,
                        [.. (await ledger.ReadAsync<Candidate>(query, cancellationToken)).OrderBy(c => c.Index)]
                    ),
                    await ledger.ReadAsync<TradingDecision>(query, cancellationToken) is [var decision, ..] ? decision : null
                );
            }
        }

        return found;
    }

    private async Task<Dictionary<string, Attempt>> LoadAllAsync(string runId, CancellationToken cancellationToken)
    {
        var query = new LedgerQuery { ParentId = runId };
        IReadOnlyList<DecisionContext> contexts = await ledger.ReadAsync<DecisionContext>(query, cancellationToken);
        if (contexts.Count == 0)
        {
            return [];
        }

        ILookup<string, Candidate> candidates = (await ledger.ReadAsync<Candidate>(null, cancellationToken)).ToLookup(c =>
            c.ContextId
        );
        ILookup<string, TradingDecision> decisions = (await ledger.ReadAsync<TradingDecision>(null, cancellationToken)).ToLookup(
            d => d.ContextId
        );
        return contexts.ToDictionary(
            c => c.ContextId,
            c => new Attempt(
                new Proposal(c, [.. candidates[c.ContextId].OrderBy(x => x.Index)]),
                decisions[c.ContextId].FirstOrDefault()
            )
        );
    }

    // What came of a moment: without a decision when the agents brought no usable candidate.
    private sealed record Attempt(Proposal Proposal, TradingDecision? Decision);
}
