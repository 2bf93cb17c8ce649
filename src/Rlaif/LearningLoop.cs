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
    private int _generation;

    /// <summary>Creates a loop; everything it does is recorded in <paramref name="ledger"/>.</summary>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public LearningLoop(IMarketData market, ManagerAgent manager, Ledger ledger, LearningOptions? options = null)
    {
        _market = market;
        _manager = manager;
        _ledger = ledger;
        _options = (options ?? new LearningOptions()).Validated();
    }

    /// <summary>The model that guides the next generation; null before the first.</summary>
    public RewardModel? Model { get; private set; }

    /// <summary>Runs one turn over a range of dates. Nothing later than its last day is used, so generations over later ranges are unseen by it.</summary>
    /// <param name="dates">Sessions to decide on; outcomes that are not known by the last one wait for the next generation.</param>
    /// <param name="progress">Told how far each stage is.</param>
    /// <param name="cancellationToken">Stops between two units of work; what is recorded stays, and running again continues.</param>
    /// <exception cref="NotEnoughDataException">There are too few decisions, outcomes or pairs to learn from.</exception>
    public async Task<GenerationReport> RunGenerationAsync(
        DateRange dates,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        int generation = _generation++;
        DateTimeOffset now = dates.EndOfLastDay;

        // Decide: the same agents in every generation; only who picks among their candidates changes.
        ICandidateSelector selector = Model is null ? new FirstCandidate() : new BestOfN(Model, $"generation_{generation - 1}");
        IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(
            _market,
            _market.Symbols,
            dates,
            _options.EverySessions,
            cancellationToken
        );
        string runId = await RunId.CreateAsync(
            _market,
            _market.Symbols,
            dates,
            generation,
            _manager,
            _options.Settlement,
            _options.EverySessions,
            Model?.Metadata.DataHash,
            cancellationToken
        );
        IReadOnlyList<DecidedContext> decided = await new DecisionRun(_market, _manager, selector, _ledger).RunAsync(
            runId,
            generation,
            moments,
            _options.ThreadCount,
            progress,
            cancellationToken
        );

        // Settle: every candidate, traded or not, on the path that followed, as far as it is known by now.
        SettlementSummary settlement = await new OutcomeSettler(_market, _options.Settlement).SettleAsync(
            _ledger,
            now,
            progress,
            cancellationToken
        );
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(_ledger, null, now, cancellationToken);

        // Prefer: of two candidates, the one that did better.
        var generator = new PreferenceGenerator(_ledger, _options.Preferences);
        PreferenceReport preferences = await generator.GeneratePreferencesAsync(
            knownAtOrBefore: now,
            cancellationToken: cancellationToken
        );
        PreferenceDataset data = await generator.GetTrainingDataAsync(knownAtOrBefore: now, cancellationToken: cancellationToken);

        // Judge the model that guided this generation: it has seen none of these decisions.
        SettledCandidate[] own = [.. settled.Where(s => s.Context.RunId == runId)];
        var truth = SimulatedTruth.Of(_market, _options);
        PairedComparison? comparison = Model is null ? null : GuidedComparison.Of(decided, own, _options);
        PairedComparison? attainable = Model is null || truth is null ? null : GuidedComparison.Attainable(own, truth, _options);

        // Learn: train the model that decides next, and measure it on the latest decisions, which nothing was fitted to.
        SessionCalendar calendar = _market.GetCalendar(_market.Symbols[0]);
        LearnedModel learned = RewardLearning.Learn(
            settled,
            data.Pairs,
            calendar,
            _options,
            truth is null ? null : truth.Score,
            progress,
            cancellationToken
        );
        Model = learned.Model;
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
