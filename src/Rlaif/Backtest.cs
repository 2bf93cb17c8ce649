using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>
/// Decides and settles over history and records everything. A run is named by its content: started again after a kill it continues after
/// what is recorded, started again after its end it adds nothing.
/// </summary>
public sealed class Backtest
{
    private const string Purpose = "backtest";

    private readonly IMarketData _market;
    private readonly ManagerAgent _manager;
    private readonly Ledger _ledger;
    private readonly BacktestOptions _options;
    private readonly ModelGuide? _guide;
    private readonly Reflections? _reflections;

    /// <summary>Creates a backtest.</summary>
    /// <param name="market">Bars; outcomes are settled as far as they reach.</param>
    /// <param name="manager">Who proposes.</param>
    /// <param name="ledger">Where everything is recorded.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="guide">The reward model that decides; null takes the static baseline.</param>
    /// <param name="reflections">
    /// What the agents remember from. Decisions are then taken moment by moment, each after the lessons that were known by it are written; null,
    /// the default, remembers nothing.
    /// </param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public Backtest(
        IMarketData market,
        ManagerAgent manager,
        Ledger ledger,
        BacktestOptions? options = null,
        ModelGuide? guide = null,
        Reflections? reflections = null
    )
    {
        _market = market;
        _manager = manager;
        _ledger = ledger;
        _options = (options ?? new BacktestOptions()).Validated();
        _options.Settlement.Validated();
        _guide = guide;
        _reflections = reflections;
    }

    /// <summary>Runs, or continues, the backtest.</summary>
    /// <param name="symbols">What is decided on; order and repetition do not matter.</param>
    /// <param name="dates">Sessions to decide on.</param>
    /// <param name="progress">Told how far each stage is.</param>
    /// <param name="cancellationToken">Stops between two units of work; what is recorded stays.</param>
    /// <exception cref="RlaifInputException">A symbol is unknown.</exception>
    /// <exception cref="NotEnoughDataException">No session of the range has enough history; nothing was recorded.</exception>
    public async Task<BacktestReport> RunAsync(
        IReadOnlyList<string> symbols,
        DateRange dates,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        symbols = [.. symbols.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        IReadOnlyList<DecisionMoment> moments = await DueAsync(symbols, dates, cancellationToken);
        string runId = await NameAsync(dates, moments, cancellationToken);
        await Record(runId, symbols, dates).EnsureAsync(_ledger, cancellationToken);
        var settler = new OutcomeSettler(_market, _options.Settlement);
        var run = new DecisionRun(_market, _manager, ModelGuide.SelectorOf(_guide), _ledger)
        {
            BeforeMoment = _reflections is null
                ? null
                : await _reflections.OpenAsync(_market, _ledger, settler, runId, cancellationToken),
        };
        IReadOnlyList<DecidedContext> decided = await run.RunAsync(
            runId,
            generation: 0,
            moments,
            _options.ThreadCount,
            progress,
            cancellationToken
        );

        DateTimeOffset now = await EndOfDataAsync(cancellationToken);
        SettlementSummary settlement = await settler.SettleRunAsync(_ledger, runId, now, progress, cancellationToken);
        if (_reflections is not null)
        {
            await _reflections.ReflectAsync(_market, _ledger, runId, now, progress, cancellationToken);
        }

        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(_ledger, runId, now, cancellationToken);
        EquityCurve account = await AccountAsync(symbols, settled, now, cancellationToken);
        IReadOnlyList<string> held = await ComparableAsync(symbols, account, now, cancellationToken);
        return new BacktestReport
        {
            RunId = runId,
            Decided = decided,
            Undecided = moments.Count - decided.Count,
            Settled = settled,
            Pending = settlement.Pending,
            Failed = settlement.Failed,
            Lessons = _reflections?.Lessons.Count,
            Account = account,
            BenchmarkSymbols = held,
            Benchmark = await HoldAsync(held, account, dates, now, cancellationToken),
        };
    }

    /// <summary>The moments that <see cref="RunAsync"/> has still to decide, in time order: what a run that costs money will ask about.</summary>
    /// <inheritdoc cref="RunAsync" path="/param"/>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public async Task<IReadOnlyList<DecisionMoment>> PlanAsync(
        IReadOnlyList<string> symbols,
        DateRange dates,
        CancellationToken cancellationToken = default
    )
    {
        symbols = [.. symbols.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        IReadOnlyList<DecisionMoment> due = await DueAsync(symbols, dates, cancellationToken);
        string runId = await NameAsync(dates, due, cancellationToken);
        IReadOnlyList<DecisionContext> recorded = await _ledger.ReadAsync<DecisionContext>(
            new LedgerQuery { ParentId = runId },
            cancellationToken
        );
        HashSet<string> done = [.. recorded.Select(c => c.ContextId)];
        return [.. due.Where(m => !done.Contains(DecisionContext.CreateId(runId, m.Symbol, m.AsOf, generation: 0)))];
    }

    private Task<string> NameAsync(DateRange dates, IReadOnlyList<DecisionMoment> due, CancellationToken cancellationToken) =>
        RunId.CreateAsync(
            _market,
            dates,
            due,
            generation: 0,
            _manager,
            _options.Settlement,
            _guide?.Key,
            cancellationToken,
            _reflections?.Fingerprint
        );

    private async Task<IReadOnlyList<DecisionMoment>> DueAsync(
        IReadOnlyList<string> symbols,
        DateRange dates,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(
            _market,
            symbols,
            dates,
            _options.EverySessions,
            cancellationToken
        );
        Dictionary<string, BarSeries> series = await BarsAsync(symbols, DateTimeOffset.MaxValue, cancellationToken);
        DecisionMoment[] due = [.. moments.Where(m => series[m.Symbol].CountKnownAt(m.AsOf) >= _manager.Options.MinHistoryBars)];
        return due.Length > 0
            ? due
            : throw new NotEnoughDataException(
                $"No decision is due from {dates.From:yyyy-MM-dd} to {dates.To:yyyy-MM-dd}: {moments.Count} sessions have bars, none of them has the {_manager.Options.MinHistoryBars} bars of history that a decision needs."
            );
    }

    private RecordedRun Record(string runId, IReadOnlyList<string> symbols, DateRange dates) =>
        new()
        {
            RunId = runId,
            Purpose = Purpose,
            Symbols = symbols,
            From = dates.From,
            To = dates.To,
            EverySessions = _options.EverySessions,
            Agents = _manager.Agents,
            Model = _guide?.Version,
            Terms = _options.Settlement,
        };

    // The clock stands at the last close that there is: nothing depends on when the backtest is run.
    private async Task<DateTimeOffset> EndOfDataAsync(CancellationToken cancellationToken)
    {
        IEnumerable<string> all = _market.Benchmark is { } index ? _market.Symbols.Append(index) : _market.Symbols;
        Dictionary<string, BarSeries> series = await BarsAsync(all, DateTimeOffset.MaxValue, cancellationToken);
        return series.Values.Where(s => s.Count > 0).Max(s => s[s.Count - 1].CloseTime);
    }

    private async Task<EquityCurve> AccountAsync(
        IReadOnlyList<string> symbols,
        IReadOnlyList<SettledCandidate> settled,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        EquityCurve.FromTrades(
            settled.Where(s => s.Outcome.Provenance == OutcomeProvenance.Traded),
            await BarsAsync(symbols, now, cancellationToken),
            new EquityCurveOptions { Settlement = _options.Settlement }
        );

    // The index, if it has bars over the whole of the account; else the symbols themselves.
    private async Task<IReadOnlyList<string>> ComparableAsync(
        IReadOnlyList<string> symbols,
        EquityCurve account,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (_market.Benchmark is not { } index || account.Points.Count == 0)
        {
            return _market.Benchmark is { } only ? [only] : symbols;
        }

        BarSeries bars = await _market.GetBarsAsync(index, now, cancellationToken);
        bool covers =
            bars.Count > 0
            && bars[0].Session <= account.Points[0].Date
            && bars[bars.Count - 1].Session >= account.Points[^1].Date;
        return covers ? [index] : symbols;
    }

    private async Task<EquityCurve> HoldAsync(
        IReadOnlyList<string> symbols,
        EquityCurve account,
        DateRange dates,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, BarSeries> series = await BarsAsync(symbols, now, cancellationToken);
        // Over the same sessions as the account, so that the two compare.
        DateRange range = account.Points.Count > 0 ? new DateRange(account.Points[0].Date, account.Points[^1].Date) : dates;
        return EquityCurve.BuyAndHold(
            [.. symbols.Select(s => series[s])],
            range,
            new EquityCurveOptions { Settlement = _options.Settlement }
        );
    }

    private async Task<Dictionary<string, BarSeries>> BarsAsync(
        IEnumerable<string> symbols,
        DateTimeOffset knownAt,
        CancellationToken cancellationToken
    )
    {
        var series = new Dictionary<string, BarSeries>(StringComparer.Ordinal);
        foreach (string symbol in symbols)
        {
            series[symbol] = await _market.GetBarsAsync(symbol, knownAt, cancellationToken);
        }

        return series;
    }
}
