using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Selection;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>
/// The whole system on one page. Agents propose candidates, one becomes the decision, the market settles all of them, settled candidates
/// become preference pairs, pairs train a reward model, and the reward model decides in the next generation.
/// </summary>
public sealed class LearningLoop
{
    private readonly IMarketData _market;
    private readonly ManagerAgent _manager;
    private readonly Ledger _ledger;
    private readonly LearningOptions _options;
    private IReadOnlyList<string> _runs = [];
    private DateOnly _learnedUntil;

    /// <summary>Creates a loop; everything it does is recorded in <paramref name="ledger"/>.</summary>
    /// <exception cref="RlaifInputException">An option is out of range, or asks for a judge's preferences, which the loop does not have.</exception>
    public LearningLoop(IMarketData market, ManagerAgent manager, Ledger ledger, LearningOptions? options = null)
    {
        _market = market;
        _manager = manager;
        _ledger = ledger;
        _options = options ?? new LearningOptions();
        _options.RequireValid();
        LoopRecords.RequireMarketOnly(_options);
    }

    /// <summary>The model that guides the next generation; null before the first.</summary>
    public RewardModel? Model { get; private set; }

    /// <summary>Runs one turn over a range of dates. Nothing later than its last day is used, so generations over later ranges are unseen by it.</summary>
    /// <param name="dates">Sessions to decide on; outcomes that are not known by the last one wait for the next generation.</param>
    /// <param name="progress">Told how far each stage is.</param>
    /// <param name="cancellationToken">Stops between two units of work; what is recorded stays, and running again continues.</param>
    /// <exception cref="NotEnoughDataException">There are too few decisions, outcomes or pairs to learn from.</exception>
    /// <exception cref="RlaifInputException">The range begins before the end of the last generation: its model has seen that past.</exception>
    public async Task<GenerationReport> RunGenerationAsync(
        DateRange dates,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        int generation = _runs.Count;
        DateTimeOffset now = dates.EndOfLastDay;
        LoopRecords.RequireUnseen(dates, Model is null ? null : _learnedUntil);

        // Decide: the same agents in every generation; only who picks among their candidates changes.
        string guide = LoopRecords.NameOf(generation - 1);
        ICandidateSelector selector = Model is null ? new FirstCandidate() : new BestOfN(Model, guide);
        IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(
            _market,
            _market.Symbols,
            dates,
            _options.EverySessions,
            cancellationToken
        );
        var records = new LoopRecords(_ledger, _market, _manager, _options, _runs);
        string runId = await records.BeginAsync(dates, moments, Model, cancellationToken);
        var run = new DecisionRun(_market, _manager, selector, _ledger);
        IReadOnlyList<DecidedContext> decided = await run.RunAsync(
            runId,
            generation,
            moments,
            _options.ThreadCount,
            progress,
            cancellationToken
        );

        // Settle: every candidate, traded or not, on the path that followed, as far as it is known by now.
        SettlementSummary settlement = await records.SettleAsync(now, progress, cancellationToken);
        IReadOnlyList<SettledCandidate> settled = await records.SettledAsync(now, cancellationToken);

        // Prefer: of two candidates, the one that did better.
        (PreferenceReport preferences, var pairs) = await records.PreferAsync(settled, cancellationToken);

        // Judge the model that guided this generation: all it has learnt from was known before these decisions.
        SettledCandidate[] own = [.. settled.Where(s => s.Context.RunId == runId)];
        var truth = SimulatedTruth.Of(_market, _options);
        PairedComparison? comparison = Model is null ? null : GuidedComparison.Of(decided, own, _options);
        PairedComparison? attainable = Model is null || truth is null ? null : GuidedComparison.Attainable(own, truth, _options);

        // Learn: train the model that decides next, and measure it on the latest decisions, which nothing was fitted to.
        SessionCalendar calendar = _market.GetCalendar(_market.Symbols[0]);
        LearnedModel learned = RewardLearning.Learn(
            settled,
            pairs,
            calendar,
            _options,
            truth is null ? null : truth.Score,
            progress,
            cancellationToken: cancellationToken
        );
        (Model, _learnedUntil) = (learned.Model, dates.To);
        _runs = records.Runs;
        return new GenerationReport
        {
            Generation = generation,
            RunId = runId,
            Decided = decided,
            Settlement = settlement,
            Settled = own,
            Preferences = preferences,
            Comparison = comparison,
            Attainable = attainable,
            Learned = learned,
        };
    }
}
