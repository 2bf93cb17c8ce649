using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif;

/// <summary>What the runs of one loop have in the ledger; records of others in the same ledger are left alone.</summary>
internal sealed class LoopRecords(
    Ledger ledger,
    IMarketData market,
    ManagerAgent manager,
    LearningOptions options,
    IReadOnlyList<string> earlier
)
{
    /// <summary>The runs of the loop, the one that has begun last.</summary>
    public IReadOnlyList<string> Runs { get; private set; } = earlier;

    /// <summary>The name of the model that a generation trained.</summary>
    public static string NameOf(int generation) => $"generation_{generation}";

    /// <summary>Refuses a range that the model has seen: a comparison on seen data says nothing.</summary>
    /// <exception cref="RlaifInputException">The range begins at or before the last day that was learnt from.</exception>
    public static void RequireUnseen(DateRange dates, DateOnly? learnedUntil)
    {
        if (dates.From <= learnedUntil)
        {
            throw new RlaifInputException(
                $"The generation would begin on {dates.From:yyyy-MM-dd}, but its model has learnt from prices up to {learnedUntil:yyyy-MM-dd}. "
                    + "Begin later: a comparison on seen data says nothing."
            );
        }
    }

    /// <summary>Refuses to mix in a judge's preferences: nobody is asked for them between deciding and learning.</summary>
    /// <exception cref="RlaifInputException">They have a weight.</exception>
    public static void RequireMarketOnly(LearningOptions options)
    {
        if (options.Training.ProcessWeight > 0)
        {
            throw new RlaifInputException(
                $"The loop learns from the market alone: ProcessWeight must be 0, not {options.Training.ProcessWeight:0.##}. "
                    + "A judge's preferences are mixed in by RewardLearning.Learn, or by rlaif train --process-weight."
            );
        }
    }

    /// <summary>Notes a generation in the ledger, with the terms on which its candidates are settled, and returns its run id.</summary>
    public async Task<string> BeginAsync(
        DateRange dates,
        IReadOnlyList<DecisionMoment> moments,
        RewardModel? model,
        CancellationToken cancellationToken
    )
    {
        int generation = Runs.Count;
        string id = await RunId.CreateAsync(
            market,
            dates,
            moments,
            generation,
            manager,
            options.Settlement,
            model?.Fingerprint,
            cancellationToken
        );
        var run = new RecordedRun
        {
            RunId = id,
            Purpose = "loop",
            Symbols = market.Symbols,
            From = dates.From,
            To = dates.To,
            EverySessions = options.EverySessions,
            Agents = manager.Agents,
            Model = model is null ? null : NameOf(generation - 1),
            Terms = options.Settlement,
        };
        await run.EnsureAsync(ledger, cancellationToken);
        Runs = [.. Runs, id];
        return id;
    }

    /// <summary>Settles what is due by now; the summary is that of the last run.</summary>
    public async Task<SettlementSummary> SettleAsync(
        DateTimeOffset now,
        IProgress<ProgressUpdate>? progress,
        CancellationToken cancellationToken
    )
    {
        var settler = new OutcomeSettler(market, options.Settlement);
        foreach (string run in Runs.SkipLast(1))
        {
            await settler.SettleRunAsync(ledger, run, now, progress, cancellationToken);
        }

        return await settler.SettleRunAsync(ledger, Runs[^1], now, progress, cancellationToken);
    }

    /// <summary>
    /// The settled candidates of contexts in which every candidate is settled: with a target or a stop some are settled before the others, and
    /// comparing only those would compare by how they ended.
    /// </summary>
    /// <param name="now">The clock.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<SettledCandidate>> SettledAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<SettledCandidate> all = await SettledCandidates.LoadAsync(ledger, null, now, cancellationToken);
        Dictionary<string, int> counts = all.CountBy(s => s.Context.ContextId).ToDictionary(StringComparer.Ordinal);
        // Not all contexts have as many candidates as were asked for: replies of language models may fail.
        IReadOnlyList<Candidate> candidates = await ledger.ReadAsync<Candidate>(null, cancellationToken);
        Dictionary<string, int> proposed = candidates.CountBy(c => c.ContextId).ToDictionary(StringComparer.Ordinal);
        return
        [
            .. all.Where(s => Runs.Contains(s.Context.RunId) && counts[s.Context.ContextId] == proposed[s.Context.ContextId]),
        ];
    }

    /// <summary>Forms the pairs that are not there yet, and returns all pairs among the candidates.</summary>
    public async Task<(PreferenceReport Report, IReadOnlyList<PreferencePair> Pairs)> PreferAsync(
        IReadOnlyList<SettledCandidate> settled,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> known = [.. settled.Select(s => s.Candidate.CandidateId)];
        IReadOnlyList<PreferencePair> recorded = await ledger.ReadAsync<PreferencePair>(null, cancellationToken);
        PreferencePair[] existing =
        [
            .. recorded.Where(p =>
                p.Metric == options.Preferences.Metric.Name && known.Contains(p.ChosenId) && known.Contains(p.RejectedId)
            ),
        ];
        PreferenceResult result = PreferenceGenerator.Generate(settled, options.Preferences, existing);
        await ledger.AppendAsync(result.Pairs, cancellationToken);
        PreferencePair[] pairs = [.. existing, .. result.Pairs];
        var report = new PreferenceReport
        {
            Total = pairs.Length,
            New = result.Pairs.Count,
            ByPool = PoolCounts.Of(pairs),
            Dropped = result.Dropped,
        };
        return (report, pairs);
    }
}
