using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>What the ledger holds for learning: the settled candidates, and the pairs of one metric among them.</summary>
/// <param name="Options">The metric and the pools of the pairs.</param>
/// <param name="Settled">Every settled candidate.</param>
/// <param name="Pairs">The pairs, surest first.</param>
internal sealed record RecordedPairs(
    PreferenceOptions Options,
    IReadOnlyList<SettledCandidate> Settled,
    IReadOnlyList<PreferencePair> Pairs
)
{
    /// <summary>What the outcomes were settled on, where all of them were settled on the same and it is recorded; else the defaults.</summary>
    public SettlementOptions Terms { get; init; } = new();

    /// <summary>The data set of all pairs.</summary>
    public PreferenceDataset Dataset => new(Settled, Pairs);

    /// <summary>Reads the ledger of the home.</summary>
    /// <param name="context">The verb that asks.</param>
    /// <param name="metric">Name or expression of the metric whose pairs are wanted; null for the one that is there, of several the default.</param>
    /// <param name="knownAtOrBefore">Only what was known by then; null for all.</param>
    /// <exception cref="NotEnoughDataException">Nothing is settled.</exception>
    /// <exception cref="RlaifInputException">No metric has the name, or it has to be chosen.</exception>
    public static async Task<RecordedPairs> LoadAsync(
        CommandContext context,
        string? metric,
        DateTimeOffset? knownAtOrBefore = null
    )
    {
        IReadOnlyList<SettledCandidate> settled = [];
        IReadOnlyList<PreferencePair> pairs = [];
        IReadOnlyList<RecordedRun> runs = [];
        if (context.HasLedger)
        {
            Ledger ledger = await context.OpenLedgerAsync();
            settled = await SettledCandidates.LoadAsync(ledger, null, knownAtOrBefore, context.CancellationToken);
            runs = await ledger.ReadAsync<RecordedRun>(cancellationToken: context.CancellationToken);
            var byThen = new LedgerQuery { KnownAtOrBefore = knownAtOrBefore };
            pairs = await ledger.ReadAsync<PreferencePair>(byThen, context.CancellationToken);
        }

        if (settled.Count == 0)
        {
            throw new NotEnoughDataException(
                $"Nothing is settled in '{context.Home.Root}'. Decide and settle first: rlaif backtest, or rlaif decisions import and rlaif outcomes settle"
            );
        }

        ComparisonMetric chosen = Choose(metric, pairs);
        HashSet<string> known = [.. settled.Select(s => s.Candidate.CandidateId)];
        PreferencePair[] own =
        [
            .. pairs
                .Where(p => p.Metric == chosen.Name && known.Contains(p.ChosenId) && known.Contains(p.RejectedId))
                .OrderByDescending(p => p.Confidence)
                .ThenBy(p => p.PairId, StringComparer.Ordinal),
        ];
        PreferencePool[] pools = [.. own.Select(p => p.Pool).Distinct().Order()];
        PreferenceOptions options = new() { Metric = chosen };
        return new RecordedPairs(pools.Length == 0 ? options : options with { Pools = pools }, settled, own)
        {
            Terms = TermsOf(runs, settled),
        };
    }

    /// <summary>
    /// Reads the ledger to judge a version: by the metric and the pools that it was trained on, as far as they were kept. Pairs of other kinds that were made
    /// since say nothing of what it learnt to tell.
    /// </summary>
    /// <param name="context">The verb that asks.</param>
    /// <param name="judged">The version.</param>
    /// <param name="metric">Name or expression of another metric; null for its own.</param>
    /// <param name="knownAtOrBefore">Only what was known by then; null for all.</param>
    /// <exception cref="NotEnoughDataException">Nothing is settled.</exception>
    /// <exception cref="RlaifInputException">No metric has the name, or it has to be chosen.</exception>
    public static async Task<RecordedPairs> LoadToJudgeAsync(
        CommandContext context,
        ModelVersion judged,
        string? metric,
        DateTimeOffset? knownAtOrBefore
    )
    {
        RecordedPairs data = await LoadAsync(context, metric ?? StoredTraining.MetricOf(judged), knownAtOrBefore);
        return StoredTraining.PoolsOf(judged) is { Length: > 0 } pools
            ? data with
            {
                Options = data.Options with { Pools = pools },
            }
            : data;
    }

    /// <summary>Passes when there are pairs.</summary>
    /// <exception cref="NotEnoughDataException">There are none.</exception>
    public RecordedPairs RequirePairs() =>
        Pairs.Count > 0
            ? this
            : throw new NotEnoughDataException(
                $"There are {Settled.Count} settled candidates and no preference pairs of metric {Options.Metric.Name}. Make some first: rlaif preferences generate"
            );

    /// <summary>
    /// How many of the pairs a training did not have: of decisions later than all that it used, or known since then. Decisions over history are dated by the
    /// market, so a training of today is later than any of them, whenever they were made.
    /// </summary>
    /// <param name="training">The version that came of it; null for none, and all pairs are new.</param>
    public int CountNewSince(ModelVersion? training)
    {
        if (training is null)
        {
            return Pairs.Count;
        }

        HashSet<string> later = StoredTraining.LastValidationDate(training) is { } last
            ? [.. Settled.Where(s => s.Context.Date > last).Select(s => s.Candidate.CandidateId)]
            : [];
        return Pairs.Count(p => p.KnownAt > training.CreatedAt || later.Contains(p.ChosenId) || later.Contains(p.RejectedId));
    }

    /// <summary>The options with what follows from the data: metric and pools, and the holding period.</summary>
    public LearningOptions Complete(LearningOptions options) =>
        options with
        {
            Preferences = Options,
            Settlement = Terms with { HoldDays = Settled.Max(s => s.Outcome.HoldDays) },
        };

    /// <summary>The same for a training, whose account tells the sessions between decisions too.</summary>
    public LearningOptions Complete(LearningOptions options, SessionCalendar calendar) =>
        Complete(options) with
        {
            EverySessions = DecisionCalendar.SessionsBetween(Settled, calendar),
        };

    private static SettlementOptions TermsOf(IReadOnlyList<RecordedRun> runs, IReadOnlyList<SettledCandidate> settled)
    {
        HashSet<string> used = [.. settled.Select(s => s.Context.RunId)];
        SettlementOptions?[] terms = [.. runs.Where(r => used.Contains(r.RunId)).Select(r => r.Terms).Distinct()];
        return terms is [{ } only] ? only : new SettlementOptions();
    }

    private static ComparisonMetric Choose(string? metric, IReadOnlyList<PreferencePair> pairs)
    {
        string[] names = [.. pairs.Select(p => p.Metric).Distinct().Order(StringComparer.Ordinal)];
        string standard = ComparisonMetric.VolScaled.Name;
        string name =
            metric
            ?? (
                names.Length == 1 ? names[0]
                : names.Length == 0 || names.Contains(standard) ? standard
                : throw new RlaifInputException(
                    $"There are pairs of several metrics ({string.Join(", ", names.Select(n => $"'{n}'"))}); choose with --metric."
                )
            );
        return ComparisonMetric.Parse(name);
    }
}
