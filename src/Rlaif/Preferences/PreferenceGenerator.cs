using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Preferences;

/// <summary>
/// Turns what the market did into pairs of a better and a worse candidate. <see cref="Generate"/> is the pure core; an instance keeps
/// decisions, outcomes and pairs in a ledger.
/// </summary>
public sealed class PreferenceGenerator
{
    private readonly Ledger _ledger;
    private readonly PreferenceOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>Works on <paramref name="ledger"/>, which stays the caller's to dispose of.</summary>
    /// <param name="ledger">Where decisions, outcomes and pairs are kept.</param>
    /// <param name="options">Metric, pools, margins and caps; null takes the defaults.</param>
    /// <param name="clock">Dates decisions that are reported without a time; null takes the system's clock.</param>
    /// <exception cref="RlaifInputException">The options are out of range.</exception>
    public PreferenceGenerator(Ledger ledger, PreferenceOptions? options = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        _ledger = ledger;
        _options = (options ?? new PreferenceOptions()).Validated();
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>
    /// Forms the pairs of settled candidates. Pure: the same candidates in any order give the same pairs, and decisions made later
    /// change no pair among earlier ones.
    /// </summary>
    /// <param name="settled">Candidates with their outcomes, each candidate once; any number of runs (pairs never cross them).</param>
    /// <param name="options">Metric, pools, margins and caps; null takes the defaults.</param>
    /// <param name="existing">Pairs formed earlier: not formed again, and counted towards the caps.</param>
    /// <exception cref="NotEnoughDataException">There are fewer settled candidates than <see cref="PreferenceOptions.MinSamples"/>.</exception>
    /// <exception cref="RlaifInputException">The options are out of range.</exception>
    /// <exception cref="ArgumentException">A candidate is given twice.</exception>
    public static PreferenceResult Generate(
        IReadOnlyList<SettledCandidate> settled,
        PreferenceOptions? options = null,
        IReadOnlyList<PreferencePair>? existing = null
    )
    {
        ArgumentNullException.ThrowIfNull(settled);
        options = (options ?? new PreferenceOptions()).Validated();
        if (settled.Count < options.MinSamples)
        {
            throw new NotEnoughDataException($"Not enough completed decisions ({settled.Count} < {options.MinSamples}).");
        }

        return new PairFormation(settled, options).Form(existing ?? []);
    }

    /// <summary>Records a decision that was made elsewhere. Recording the same decision again changes nothing.</summary>
    /// <exception cref="RlaifInputException">A value is out of range; all bad values are named.</exception>
    /// <exception cref="InvalidOperationException">Another decision of this run, symbol and moment is recorded already.</exception>
    public async Task<TradingDecision> RecordDecisionAsync(ReportedDecision report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        report.Validated().Response.Validated();
        DateTimeOffset decidedAt = (report.DecidedAt ?? _clock.GetUtcNow()).ToUniversalTime();
        (DecisionContext context, Candidate candidate, TradingDecision decision) = report.ToRecords(decidedAt);
        await _ledger.AppendAsync(new LedgerBatch().Add(context).Add(candidate).Add(decision), cancellationToken);
        return decision;
    }

    /// <summary>
    /// Records how a decision ended, as its maker reports it; costs are added as for any other outcome. Recording the same result again
    /// changes nothing. Decisions whose bars are at hand are better settled from those.
    /// </summary>
    /// <param name="decisionId">The decision.</param>
    /// <param name="exitPrice">Price at exit, before costs.</param>
    /// <param name="priceHistory">Prices on the way, one a session, in time order; null leaves the drawdown to entry and exit.</param>
    /// <param name="exitAt">
    /// When the position was closed, UTC; null takes the <see cref="PreferenceOptions.HoldPeriodDays"/>-th weekday, that of the decision
    /// counted as the first.
    /// </param>
    /// <param name="entryPrice">Price at entry, before costs; null takes the last price known at the decision, which nobody may have got.</param>
    /// <param name="settlement">Costs and equity; null takes the defaults.</param>
    /// <param name="cancellationToken">Cancels the work; nothing is recorded then.</param>
    /// <exception cref="RlaifInputException">No such decision, a price that is not positive, or times that are out of order or in the future.</exception>
    /// <exception cref="InvalidOperationException">Another outcome of the decision is recorded already.</exception>
    public async Task<Outcome> UpdateOutcomeAsync(
        string decisionId,
        decimal exitPrice,
        IReadOnlyList<decimal>? priceHistory = null,
        DateTimeOffset? exitAt = null,
        decimal? entryPrice = null,
        SettlementOptions? settlement = null,
        CancellationToken cancellationToken = default
    )
    {
        TradingDecision decision =
            await _ledger.FindAsync<TradingDecision>(decisionId, cancellationToken)
            ?? throw new RlaifInputException($"The ledger holds no decision '{decisionId}'.");
        DecisionContext context = await FindAsync<DecisionContext>(decision.ContextId, decisionId, cancellationToken);
        Candidate candidate = await FindAsync<Candidate>(decision.CandidateId, decisionId, cancellationToken);
        var report = new ReportedResult
        {
            EntryPrice = entryPrice ?? context.ReferencePrice,
            EntryAt = context.AsOf,
            ExitPrice = exitPrice,
            ExitAt = exitAt?.ToUniversalTime() ?? EndOfHolding(context.AsOf),
            PriceHistory = priceHistory,
        };
        SettlementOptions costs = (settlement ?? new SettlementOptions()).Validated();
        Outcome outcome = Settlement.FromReport(context, candidate, report, _clock.GetUtcNow(), costs, decisionId: decisionId);
        await _ledger.AppendAsync([outcome], cancellationToken);
        return outcome;
    }

    /// <summary>Forms the pairs of all settled candidates in the ledger and appends those that are new; a second run adds nothing.</summary>
    /// <param name="metric">What "did better" means; null takes that of the options.</param>
    /// <param name="minSamples">Fewest settled candidates; null takes that of the options.</param>
    /// <param name="runId">Only candidates of this run; null takes all runs.</param>
    /// <param name="knownAtOrBefore">Only outcomes known by then; null takes all.</param>
    /// <param name="cancellationToken">Cancels the work; nothing is appended then.</param>
    /// <exception cref="NotEnoughDataException">There are too few settled candidates.</exception>
    public async Task<PreferenceReport> GeneratePreferencesAsync(
        ComparisonMetric? metric = null,
        int? minSamples = null,
        string? runId = null,
        DateTimeOffset? knownAtOrBefore = null,
        CancellationToken cancellationToken = default
    )
    {
        PreferenceOptions options = OptionsFor(metric) with { MinSamples = minSamples ?? _options.MinSamples };
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(
            _ledger,
            runId,
            knownAtOrBefore,
            cancellationToken
        );
        IReadOnlyList<PreferencePair> existing = await _ledger.ReadAsync<PreferencePair>(null, cancellationToken);
        PreferenceResult result = Generate(settled, options, existing);
        await _ledger.AppendAsync(result.Pairs, cancellationToken);
        PreferencePair[] all = [.. existing.Where(p => Meets(p, options)), .. result.Pairs];
        return new PreferenceReport
        {
            Total = all.Length,
            New = result.Pairs.Count,
            ByPool = PoolCounts.Of(all),
            Dropped = result.Dropped,
        };
    }

    /// <summary>The pairs of the ledger that meet the options, surest first (ties by id), with their candidates.</summary>
    /// <param name="minConfidence">Smallest confidence of a pair, in [0, 1]; the default 0.5 takes all.</param>
    /// <param name="maxSamples">Most pairs; null takes all.</param>
    /// <param name="metric">The metric that formed them; null takes that of the options.</param>
    /// <param name="runId">Only pairs of this run; null takes all runs.</param>
    /// <param name="knownAtOrBefore">Only pairs known by then; null takes all.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<PreferenceDataset> GetTrainingDataAsync(
        double minConfidence = 0.5,
        int? maxSamples = null,
        ComparisonMetric? metric = null,
        string? runId = null,
        DateTimeOffset? knownAtOrBefore = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSamples ?? 0, nameof(maxSamples));
        PreferenceOptions options = OptionsFor(metric);
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(
            _ledger,
            runId,
            knownAtOrBefore,
            cancellationToken
        );
        HashSet<string> known = [.. settled.Select(s => s.Candidate.CandidateId)];
        IReadOnlyList<PreferencePair> pairs = await _ledger.ReadAsync<PreferencePair>(
            new LedgerQuery { KnownAtOrBefore = knownAtOrBefore },
            cancellationToken
        );
        return new PreferenceDataset(
            settled,
            pairs
                .Where(p =>
                    p.Confidence >= minConfidence
                    && Meets(p, options)
                    && known.Contains(p.ChosenId)
                    && known.Contains(p.RejectedId)
                )
                .OrderByDescending(p => p.Confidence)
                .ThenBy(p => p.PairId, StringComparer.Ordinal)
                .Take(maxSamples ?? int.MaxValue)
        );
    }

    /// <summary>Counts what the ledger holds for learning.</summary>
    public async Task<PreferenceStats> GetStatsAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<PreferencePair> pairs = await _ledger.ReadAsync<PreferencePair>(null, cancellationToken);
        IReadOnlyList<Outcome> outcomes = await _ledger.ReadAsync<Outcome>(null, cancellationToken);
        return new PreferenceStats
        {
            Decisions = await _ledger.CountAsync<TradingDecision>(cancellationToken),
            Candidates = await _ledger.CountAsync<Candidate>(cancellationToken),
            Settled = outcomes.DistinctBy(o => o.CandidateId).Count(),
            Pairs = pairs.Count,
            ByPool = PoolCounts.Of(pairs),
            ByMetric = new SortedDictionary<string, int>(pairs.CountBy(p => p.Metric).ToDictionary(), StringComparer.Ordinal),
            MeanConfidence = pairs.Count == 0 ? null : pairs.Average(p => p.Confidence),
        };
    }

    private async Task<T> FindAsync<T>(string id, string decisionId, CancellationToken cancellationToken)
        where T : class, ILedgerRecord =>
        await _ledger.FindAsync<T>(id, cancellationToken)
        ?? throw new InvalidDataException($"Decision {decisionId} names {T.Kind} {id}, which the ledger does not hold.");

    private DateTimeOffset EndOfHolding(DateTimeOffset start)
    {
        DateTimeOffset end = start;
        for (int day = 1; day < _options.HoldPeriodDays; )
        {
            end = end.AddDays(1);
            day += end.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : 1;
        }

        return end;
    }

    // A margin of the options is in the unit of their metric; another metric takes its own default.
    private PreferenceOptions OptionsFor(ComparisonMetric? metric) =>
        metric is null || ReferenceEquals(metric, _options.Metric)
            ? _options
            : _options with
            {
                Metric = metric,
                MinMargin = null,
            };

    private static bool Meets(PreferencePair pair, PreferenceOptions options) =>
        pair.Metric == options.Metric.Name
        && options.Pools.Contains(pair.Pool)
        && pair.OutcomeMargin >= options.EffectiveMinMargin;
}
