using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif;

/// <summary>
/// Decisions that are traded, outcomes that come back by themselves: the jobs of a production loop, whether a replay or the real clock calls for them. All of it is in
/// the ledger before the next step begins and every step may be repeated, so a process that is killed at any moment goes on where it was and ends
/// in the same books. One job at a time.
/// </summary>
public sealed class ProductionLoop : IDisposable
{
    private readonly IMarketData _market;
    private readonly Ledger _ledger;
    private readonly IBroker _broker;
    private readonly TimeProvider _time;
    private readonly ProductionOptions _options;
    private readonly TradingDesk _desk;
    private readonly OutcomeTracker _tracker;
    private readonly OutcomeSettler _settler;
    private readonly EntryBook _entries;
    private readonly EntryTrader _entryTrader;
    private readonly ExitTrader _exitTrader;
    private readonly SplitWatch _splitWatch;
    private IReadOnlySet<string> _uncounted = new HashSet<string>();

    /// <summary>Creates a loop.</summary>
    /// <param name="market">Bars; live ones may become more from job to job.</param>
    /// <param name="manager">Who proposes.</param>
    /// <param name="ledger">Where everything is recorded.</param>
    /// <param name="broker">Where it is traded.</param>
    /// <param name="time">The clock, the broker's too.</param>
    /// <param name="symbols">What is decided on.</param>
    /// <param name="options">The knobs; null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range, or the market does not know a symbol.</exception>
    public ProductionLoop(
        IMarketData market,
        ManagerAgent manager,
        Ledger ledger,
        IBroker broker,
        TimeProvider time,
        IReadOnlyList<string> symbols,
        ProductionOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(market);
        _market = market;
        _ledger = ledger;
        _broker = broker;
        _time = time;
        _options = options ?? new ProductionOptions();
        _options.RequireValid();
        Symbols = [.. symbols.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        RequireKnown(market, Symbols);
        Watched = Symbols;
        _desk = new TradingDesk(broker, ledger, time, _options.Limits, killFile: _options.KillFile);
        _tracker = new OutcomeTracker(market, ledger, time, _options.Settlement);
        _settler = new OutcomeSettler(market, _options.Settlement);
        _entries = new EntryBook(_desk.Journal);
        _entryTrader = new EntryTrader(market, manager, ledger, broker, _desk, _entries, _tracker, time, Symbols, _options);
        _exitTrader = new ExitTrader(market, ledger, broker, _desk, _entries, time, _options.Settlement);
        _splitWatch = new SplitWatch(broker, _desk, _entries);
    }

    /// <summary>What is decided on, in ordinal order.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>The reward model that chooses, asked for before decisions are taken; null, the default, takes the agents' first candidate.</summary>
    public Func<CancellationToken, Task<ModelGuide?>>? Guide { get; init; }

    /// <summary>Does the jobs that do not trade, <see cref="ProductionJob.Monitoring"/> and <see cref="ProductionJob.Learning"/>, and says what came of it; null, the default, leaves them out.</summary>
    public Func<
        ProductionJob,
        DateTimeOffset,
        CancellationToken,
        Task<(JobOutcome Outcome, string Text)>
    >? Learning { get; init; }

    /// <summary>What broker and ledger did not agree on when they were last compared; while there is any of it, no order is sent.</summary>
    public IReadOnlyList<DeskDifference> Differences => _desk.Differences;

    /// <summary>Tells the last price of an instrument, against which orders are held.</summary>
    public void Mark(string symbol, decimal price) => _desk.Mark(symbol, price);

    /// <summary>Does what a stop of trading asks for, if one is in force. To be called before prices come that could fill what waits.</summary>
    /// <returns>The stop; null when trading is allowed.</returns>
    public Task<TradingHalt?> EnforceHaltAsync() => _desk.EnforceHaltAsync();

    /// <summary>No order is sent before broker and ledger were compared: for brokers that go on while no process runs.</summary>
    public void AwaitReconciliation() => _desk.AwaitReconciliation();

    /// <summary>What is looked after: what is decided on, and whatever else is held or waited for; as of the last job.</summary>
    public IReadOnlyList<string> Watched { get; private set; }

    /// <summary>The same, with what the ledger holds by now.</summary>
    public async Task<IReadOnlyList<string>> ReadWatchedAsync(CancellationToken cancellationToken = default)
    {
        await _desk.Journal.RefreshAsync(cancellationToken);
        await ViewAsync(cancellationToken);
        return Watched;
    }

    /// <summary>Stops trading; see <see cref="TradingDesk.HaltAsync"/>. Safe while a job is under way.</summary>
    public Task HaltAsync(string reason, bool flatten = false, CancellationToken cancellationToken = default) =>
        _desk.HaltAsync(reason, flatten, cancellationToken);

    /// <summary>Does a job that is due, unless it was done for that time before.</summary>
    /// <param name="job">The job.</param>
    /// <param name="dueAt">Its time, at or before the clock.</param>
    /// <param name="cancellationToken">Stops between two steps; doing the job again continues.</param>
    /// <returns>The note on it, in the ledger except for <see cref="ProductionJob.Prices"/>.</returns>
    public async Task<JobRun> RunAsync(ProductionJob job, DateTimeOffset dueAt, CancellationToken cancellationToken = default)
    {
        if (await _ledger.FindAsync<JobRun>(JobRun.CreateId(job, dueAt), cancellationToken) is { } done)
        {
            return done;
        }

        // Who only learns needs no broker, and does not wait for one that is down.
        JobRun run = job is ProductionJob.Monitoring or ProductionJob.Learning
            ? await LearnAsync(job, dueAt, cancellationToken)
            : await TradeAsync(job, dueAt, cancellationToken);
        if (job != ProductionJob.Prices)
        {
            await _ledger.AppendAsync([run], cancellationToken);
        }

        return run;
    }

    /// <summary>Writes down that a job broke off, so that it is not tried again before its next time.</summary>
    public async Task<JobRun> FailedAsync(ProductionJob job, DateTimeOffset dueAt, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (await _ledger.FindAsync<JobRun>(JobRun.CreateId(job, dueAt), CancellationToken.None) is { } done)
        {
            return done;
        }

        JobRun run = Note(job, dueAt, JobOutcome.Failed, error.Message);
        await _ledger.AppendAsync([run], CancellationToken.None);
        return run;
    }

    /// <summary>Writes down what the account is worth at the end of a session, once; from it the day's loss is counted.</summary>
    public async Task EndSessionAsync(DateOnly session, CancellationToken cancellationToken = default)
    {
        if (await _ledger.FindAsync<EquityMark>($"{session:O}", cancellationToken) is not null)
        {
            return;
        }

        BrokerAccount account = await _broker.GetAccountAsync(cancellationToken);
        var mark = new EquityMark
        {
            Session = session,
            Equity = account.Equity,
            Cash = account.Cash,
            At = _time.GetUtcNow(),
        };
        await _ledger.AppendAsync([mark], cancellationToken);
    }

    /// <summary>Compares the broker's books with the ledger's; while they differ, no order is sent.</summary>
    /// <returns>Each difference; none when both agree.</returns>
    public async Task<IReadOnlyList<DeskDifference>> ReconcileAsync(CancellationToken cancellationToken = default) =>
        await ReconcileAsync(await ViewAsync(cancellationToken), cancellationToken);

    /// <summary>Takes over what the broker holds, where the ledger says otherwise; see <see cref="TradingDesk.AcceptHoldingsAsync"/>.</summary>
    public async Task<(IReadOnlyList<string> Taken, IReadOnlyList<string> Left)> AcceptHoldingsAsync(
        CancellationToken cancellationToken = default
    )
    {
        MarketView view = await ViewAsync(cancellationToken);
        return await _desk.AcceptHoldingsAsync(view.Bars, cancellationToken);
    }

    /// <summary>Counts and results of all positions at the clock.</summary>
    public Task<TrackerStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        _tracker.GetStatsAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _desk.Dispose();

    /// <summary>Writes down what the broker did, tracks what it filled and sends the targets and stops of it.</summary>
    internal async Task<MarketView> WatchAsync(CancellationToken cancellationToken)
    {
        await _desk.SyncAsync(cancellationToken);
        MarketView view = await ViewAsync(cancellationToken);
        _uncounted = await _splitWatch.LookAsync(view, cancellationToken);
        IReadOnlyList<Order> live = _entries.Live(view.Shares);
        await _entryTrader.TrackAsync(live, cancellationToken);
        await _exitTrader.ProtectAsync(Counted(live), view, cancellationToken);
        return view;
    }

    private IReadOnlyList<Order> Counted(IReadOnlyList<Order> live) => [.. live.Where(e => !_uncounted.Contains(e.Symbol))];

    private async Task<JobRun> TradeAsync(ProductionJob job, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        MarketView view = await WatchAsync(cancellationToken);
        return job switch
        {
            ProductionJob.Settlement => await SettleAsync(view, dueAt, cancellationToken),
            ProductionJob.Decisions => await _entryTrader.DecideAsync(
                view,
                Guide is null ? null : await Guide(cancellationToken),
                dueAt,
                cancellationToken
            ),
            ProductionJob.Reconciliation => await ReconcileAsync(view, dueAt, cancellationToken),
            _ => Note(job, dueAt, JobOutcome.Done, "looked"),
        };
    }

    private async Task<MarketView> ViewAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        string[] traded = [.. Symbols.Union(_desk.Journal.SymbolsTraded.Where(_market.Symbols.Contains))];
        MarketView all = await MarketView.AtAsync(_market, _broker, traded, now, cancellationToken);
        Watched =
        [
            .. Symbols
                .Union(_desk.Journal.SymbolsUnderWay(all.Shares).Where(_market.Symbols.Contains))
                .Order(StringComparer.Ordinal),
        ];
        // What was closed lately is counted, too: its splits make its fills add up to nothing.
        return all;
    }

    private static void RequireKnown(IMarketData market, IReadOnlyList<string> symbols)
    {
        string[] unknown = [.. symbols.Where(s => !market.Symbols.Contains(s))];
        if (unknown.Length > 0 || symbols.Count == 0)
        {
            string problem =
                symbols.Count == 0 ? "There is nothing to decide on" : $"No bars of '{string.Join("', '", unknown)}'";
            throw new RlaifInputException($"{problem}. Known symbols: {string.Join(", ", market.Symbols)}.");
        }
    }

    private async Task<JobRun> SettleAsync(MarketView view, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        // Settle first: what is due is known now, and nothing that follows may change it.
        await _tracker.UpdatePositionsAsync(cancellationToken);
        await _settler.SettleAsync(_ledger, _time.GetUtcNow(), cancellationToken: cancellationToken);
        IReadOnlyList<Order> live = _entries.Live(view.Shares);
        int closing = await _exitTrader.CloseDueAsync(Counted(live), view, cancellationToken);
        // How things stand, not what was done just now: doing it again after a restart says the same.
        return Note(
            ProductionJob.Settlement,
            dueAt,
            JobOutcome.Done,
            $"{live.Count} positions waited for or held, {closing} of them on their way out"
        );
    }

    private async Task<JobRun> ReconcileAsync(MarketView view, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeskDifference> differences = await ReconcileAsync(view, cancellationToken);
        return differences.Count == 0
            ? Note(ProductionJob.Reconciliation, dueAt, JobOutcome.Done, "broker and ledger agree")
            : Note(
                ProductionJob.Reconciliation,
                dueAt,
                JobOutcome.Failed,
                $"broker and ledger do not agree: {string.Join("; ", differences.Select(d => d.Text))}"
            );
    }

    private Task<IReadOnlyList<DeskDifference>> ReconcileAsync(MarketView view, CancellationToken cancellationToken) =>
        _desk.ReconcileAsync(view.Bars, cancellationToken);

    private async Task<JobRun> LearnAsync(ProductionJob job, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        (JobOutcome outcome, string text) = Learning is null
            ? (JobOutcome.Skipped, "nobody learns here")
            : await Learning(job, dueAt, cancellationToken);
        return Note(job, dueAt, outcome, text);
    }

    private JobRun Note(ProductionJob job, DateTimeOffset dueAt, JobOutcome outcome, string text) =>
        new()
        {
            Job = job,
            DueAt = dueAt,
            EndedAt = _time.GetUtcNow(),
            Outcome = outcome,
            Text = text,
        };
}
