using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif;

/// <summary>
/// Decisions that are traded: taken at a session's close, filled at the next open, closed at the close of their last day, settled, and reconciled. All of it is in
/// the ledger before the next step begins and every step may be repeated, so a process that is killed at any moment goes on where it was and ends
/// in the same books.
/// </summary>
public sealed class ProductionLoop : IDisposable
{
    private const string Opening = "open";
    private const string Closing = "close";

    private readonly IMarketData _market;
    private readonly ManagerAgent _manager;
    private readonly Ledger _ledger;
    private readonly PaperBroker _broker;
    private readonly ReplayClock _clock;
    private readonly ProductionOptions _options;
    private readonly ModelGuide? _guide;
    private readonly TradingDesk _desk;
    private readonly OutcomeTracker _tracker;
    private readonly OutcomeSettler _settler;

    /// <summary>Creates a loop.</summary>
    /// <param name="market">Bars.</param>
    /// <param name="manager">Who proposes.</param>
    /// <param name="ledger">Where everything is recorded.</param>
    /// <param name="broker">Where it is traded; on the same clock.</param>
    /// <param name="clock">The clock that the replay moves.</param>
    /// <param name="options">The knobs; null for the defaults.</param>
    /// <param name="guide">The reward model that chooses; null takes the agents' first candidate.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public ProductionLoop(
        IMarketData market,
        ManagerAgent manager,
        Ledger ledger,
        PaperBroker broker,
        ReplayClock clock,
        ProductionOptions? options = null,
        ModelGuide? guide = null
    )
        : this(market, manager, ledger, broker, clock, options, guide, line: broker) { }

    /// <summary>The same with something between desk and broker that may fail.</summary>
    internal ProductionLoop(
        IMarketData market,
        ManagerAgent manager,
        Ledger ledger,
        PaperBroker broker,
        ReplayClock clock,
        ProductionOptions? options,
        ModelGuide? guide,
        IBroker line
    )
    {
        _market = market;
        _manager = manager;
        _ledger = ledger;
        _broker = broker;
        _clock = clock;
        _options = options ?? new ProductionOptions();
        _options.RequireValid();
        _guide = guide;
        _desk = new TradingDesk(line, ledger, clock, _options.Limits, killFile: _options.KillFile);
        _tracker = new OutcomeTracker(market, ledger, clock, _options.Settlement);
        _settler = new OutcomeSettler(market, _options.Settlement);
    }

    /// <summary>Goes through the sessions of a range on the virtual clock, from where it was left.</summary>
    /// <param name="symbols">What is decided on.</param>
    /// <param name="dates">The sessions.</param>
    /// <param name="pause">Waited after each session, so that one can watch; null goes on at once.</param>
    /// <param name="progress">Told how many sessions are done.</param>
    /// <param name="cancellationToken">Stops between two steps; calling again continues.</param>
    /// <exception cref="RlaifInputException">A symbol is unknown, or all of the days were traded before.</exception>
    public async Task<ReplayReport> ReplayAsync(
        IReadOnlyList<string> symbols,
        DateRange dates,
        Func<CancellationToken, Task>? pause = null,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var bars = new Dictionary<string, BarSeries>(StringComparer.Ordinal);
        foreach (string symbol in symbols.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            bars[symbol] = await _market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, cancellationToken);
        }

        IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(
            _market,
            [.. bars.Keys],
            dates,
            _options.EverySessions,
            cancellationToken
        );
        DateOnly[] sessions =
        [
            .. bars
                .Values.SelectMany(s => Enumerable.Range(0, s.Count).Select(i => s[i].Session))
                .Distinct()
                .Where(dates.Contains)
                .Order(),
        ];
        IReadOnlyList<EquityMark> marks = await _ledger.ReadAsync<EquityMark>(cancellationToken: cancellationToken);
        DateOnly done = marks.Count == 0 ? DateOnly.MinValue : marks[^1].Session;
        if (sessions.Length > 0 && sessions[^1] < done)
        {
            throw new RlaifInputException(
                $"This account was traded until {done:yyyy-MM-dd}; it goes forward only. Replay later days, or take another home."
            );
        }

        await CatchUpAsync(bars, done, cancellationToken);
        foreach ((int index, DateOnly session) in sessions.Index().Where(s => s.Item > done))
        {
            await RunSessionAsync(session, bars, moments, cancellationToken);
            progress?.Report(new ProgressUpdate("replay", index + 1, sessions.Length));
            await (pause?.Invoke(cancellationToken) ?? Task.CompletedTask);
        }

        return await ReportAsync(bars, sessions, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _desk.Dispose();

    private async Task RunSessionAsync(
        DateOnly session,
        Dictionary<string, BarSeries> bars,
        IReadOnlyList<DecisionMoment> moments,
        CancellationToken cancellationToken
    )
    {
        await _desk.EnforceHaltAsync();
        await ShowAsync(bars, b => b.Session == session, cancellationToken);
        await _desk.SyncAsync(cancellationToken);

        // Settle first: what is due today is known now, and nothing that follows may change it.
        await _tracker.UpdatePositionsAsync(cancellationToken);
        await _settler.SettleAsync(_ledger, _clock.GetUtcNow(), cancellationToken: cancellationToken);
        await CloseDueAsync(session, bars, cancellationToken);
        await DecideAsync([.. moments.Where(m => DateOnly.FromDateTime(m.AsOf.UtcDateTime) == session)], bars, cancellationToken);

        BrokerAccount account = await _broker.GetAccountAsync(cancellationToken);
        var mark = new EquityMark
        {
            Session = session,
            Equity = account.Equity,
            Cash = account.Cash,
            At = _clock.GetUtcNow(),
        };
        await _ledger.AppendAsync([mark], cancellationToken);
    }

    /// <summary>Shows bars to the broker in the order in which they closed.</summary>
    private async Task ShowAsync(Dictionary<string, BarSeries> bars, Func<Bar, bool> which, CancellationToken cancellationToken)
    {
        IEnumerable<(BarSeries Series, Bar Bar)> shown = bars
            .Values.SelectMany(s => Enumerable.Range(0, s.Count).Select(i => (Series: s, Bar: s[i])))
            .Where(b => which(b.Bar))
            .OrderBy(b => b.Bar.CloseTime)
            .ThenBy(b => b.Series.Symbol, StringComparer.Ordinal);
        foreach ((BarSeries series, Bar bar) in shown.ToArray())
        {
            _clock.AdvanceTo(bar.CloseTime);
            await _broker.ShowAsync(series, bar, cancellationToken);
            _desk.Mark(series.Symbol, bar.Close);
        }
    }

    /// <summary>After a restart: the bars that open orders may not have seen, and the last prices.</summary>
    private async Task CatchUpAsync(Dictionary<string, BarSeries> bars, DateOnly done, CancellationToken cancellationToken)
    {
        if (_broker.ResumeFrom is { } from)
        {
            await ShowAsync(bars, b => b.OpenTime >= from && b.Session <= done, cancellationToken);
        }

        // Nothing that the broker knows of is still to come: an order of now must not be filled by a bar of then.
        _clock.AdvanceTo(_broker.Latest);
        foreach (BarSeries series in bars.Values)
        {
            int count = series.CountKnownAt(new DateTimeOffset(done, TimeOnly.MaxValue, TimeSpan.Zero));
            if (count > 0)
            {
                _clock.AdvanceTo(series[count - 1].CloseTime);
                await _broker.MarkAsync(series.Symbol, series[count - 1].Close, cancellationToken);
                _desk.Mark(series.Symbol, series[count - 1].Close);
            }
        }
    }

    /// <summary>
    /// Positions whose last day is the next session, or was an earlier one, are sold (or bought back) at its close; what an exit left over gets another one. By the orders
    /// and fills, not by what is settled: somebody may settle at any time, and what is held has to be closed all the same.
    /// </summary>
    private async Task CloseDueAsync(DateOnly session, Dictionary<string, BarSeries> bars, CancellationToken cancellationToken)
    {
        IReadOnlyList<Order> orders = await _ledger.ReadAsync<Order>(cancellationToken: cancellationToken);
        IReadOnlyList<Fill> fills = await _ledger.ReadAsync<Fill>(cancellationToken: cancellationToken);
        foreach (Order entry in orders.Where(o => o.DecisionId is { } d && o.ClientOrderId == Order.CreateId(d, Opening)))
        {
            Fill? first = fills.FirstOrDefault(f => f.ClientOrderId == entry.ClientOrderId);
            if (first is null || !bars.ContainsKey(entry.Symbol))
            {
                continue;
            }

            HashSet<string> own = [.. orders.Where(o => o.DecisionId == entry.DecisionId).Select(o => o.ClientOrderId)];
            decimal left = entry.Sign * SharesOf(fills.Where(f => own.Contains(f.ClientOrderId)), bars, session);
            if (left > 0 && fills.Any(f => f.At > first.At && f.Symbol == entry.Symbol && IsOfHalt(f, orders)))
            {
                // A stop has closed positions since: no more than what is still held.
                BrokerPosition? held = (await _broker.GetPositionsAsync(cancellationToken)).FirstOrDefault(p =>
                    p.Symbol == entry.Symbol
                );
                left = Math.Clamp(entry.Sign * (held?.Quantity ?? 0), 0, left);
            }

            SessionCalendar calendar = _market.GetCalendar(entry.Symbol);
            int hold =
                (await _ledger.FindAsync<PositionOpened>(PositionOpened.CreateId(entry.DecisionId!), cancellationToken))
                    ?.Terms
                    .HoldDays
                ?? _options.Settlement.HoldDays;
            DateOnly? due = calendar.Nth(DateOnly.FromDateTime(first.At.UtcDateTime), hold);
            if (left > 0 && due <= calendar.Nth(session.AddDays(1), 1))
            {
                await SendExitAsync(entry, left, cancellationToken);
            }
        }
    }

    private static bool IsOfHalt(Fill fill, IReadOnlyList<Order> orders) =>
        orders.Any(o => o.ClientOrderId == fill.ClientOrderId && o.IsOfHalt);

    private static decimal SharesOf(IEnumerable<Fill> fills, Dictionary<string, BarSeries> bars, DateOnly session) =>
        fills.Sum(f => (f.Side == OrderSide.Buy ? f.Quantity : -f.Quantity) * Holdings.SplitsSince(f, bars, session));

    /// <summary>Sends the exit, or another one when those before ended; one that waits is left alone, and one that never arrived is sent.</summary>
    private async Task SendExitAsync(Order entry, decimal shares, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            string id = Order.CreateId(entry.DecisionId!, attempt == 0 ? Closing : $"{Closing}/{attempt}");
            if (await IsFinalAsync(id, cancellationToken))
            {
                continue;
            }

            await _desk.SubmitAsync(
                entry with
                {
                    ClientOrderId = id,
                    Side = entry.Side == OrderSide.Buy ? OrderSide.Sell : OrderSide.Buy,
                    Quantity = shares,
                    TimeInForce = TimeInForce.Close,
                    CreatedAt = _clock.GetUtcNow(),
                },
                cancellationToken
            );
            return;
        }
    }

    private async Task<bool> IsFinalAsync(string clientOrderId, CancellationToken cancellationToken)
    {
        var query = new LedgerQuery { ParentId = clientOrderId };
        return (await _ledger.ReadAsync<OrderUpdate>(query, cancellationToken)).Any(u => !u.State.IsOpen);
    }

    private async Task DecideAsync(
        DecisionMoment[] moments,
        Dictionary<string, BarSeries> bars,
        CancellationToken cancellationToken
    )
    {
        moments = [.. moments.Where(m => bars[m.Symbol].CountKnownAt(m.AsOf) >= _manager.Options.MinHistoryBars)];
        if (moments.Length == 0)
        {
            return;
        }

        string runId = RunId.OfDesk(_manager, _guide?.Key, null);
        moments = await WithoutOrdersOfOthersAsync(moments, runId, cancellationToken);
        var run = new DecisionRun(_market, _manager, ModelGuide.SelectorOf(_guide), _ledger);
        IReadOnlyList<DecidedContext> decided = await run.RunAsync(
            runId,
            generation: 0,
            moments,
            _options.Threads,
            cancellationToken: cancellationToken
        );
        foreach (TradingDecision decision in decided.Select(d => d.Decision).Where(d => d.Action != TradeAction.Hold))
        {
            await TradeAsync(decision, bars[decision.Symbol], cancellationToken);
        }
    }

    /// <summary>Moments that were traded under another model, other agents or another version before a restart are not traded again.</summary>
    private async Task<DecisionMoment[]> WithoutOrdersOfOthersAsync(
        DecisionMoment[] moments,
        string runId,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Order> orders = await _ledger.ReadAsync<Order>(cancellationToken: cancellationToken);
        var left = new List<DecisionMoment>();
        foreach (DecisionMoment moment in moments)
        {
            string own = DecisionContext.CreateId(runId, moment.Symbol, moment.AsOf, generation: 0);
            bool isOthers = false;
            foreach (
                Order order in orders.Where(o =>
                    o.Symbol == moment.Symbol && o.CreatedAt == moment.AsOf && o.DecisionId is not null
                )
            )
            {
                TradingDecision? decision = await _ledger.FindAsync<TradingDecision>(order.DecisionId!, cancellationToken);
                isOthers |= decision?.AsOf == moment.AsOf && decision.ContextId != own;
            }

            if (!isOthers)
            {
                left.Add(moment);
            }
        }

        return [.. left];
    }

    /// <summary>Sends the order of a decision, whole shares for its part of the equity, and tracks what was taken.</summary>
    private async Task TradeAsync(TradingDecision decision, BarSeries series, CancellationToken cancellationToken)
    {
        decimal price = series[series.CountKnownAt(decision.AsOf) - 1].Close;
        Order? sent = await _ledger.FindAsync<Order>(Order.CreateId(decision.DecisionId, Opening), cancellationToken);
        BrokerAccount account = await _broker.GetAccountAsync(cancellationToken);
        decimal quantity = sent?.Quantity ?? Math.Floor((decimal)decision.PositionSize * account.Equity / price);
        if (quantity < 1)
        {
            return;
        }

        DeskResult result = await _desk.SubmitAsync(
            new Order
            {
                ClientOrderId = Order.CreateId(decision.DecisionId, Opening),
                Symbol = decision.Symbol,
                Side = decision.Action == TradeAction.Buy ? OrderSide.Buy : OrderSide.Sell,
                Quantity = quantity,
                DecisionId = decision.DecisionId,
                CreatedAt = _clock.GetUtcNow(),
            },
            cancellationToken
        );
        if (result.State is { IsOpen: true } or { FilledQuantity: > 0 })
        {
            await _tracker.TrackDecisionAsync(decision, quantity, cancellationToken);
        }
    }

    private async Task<ReplayReport> ReportAsync(
        Dictionary<string, BarSeries> bars,
        DateOnly[] sessions,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<DeskDifference> differences = await _desk.ReconcileAsync(
            bars,
            sessions.Length == 0 ? DateOnly.MinValue : sessions[^1],
            cancellationToken
        );
        IReadOnlyList<RiskRefusal> refusals = await _ledger.ReadAsync<RiskRefusal>(cancellationToken: cancellationToken);
        TrackerStats stats = await _tracker.GetStatsAsync(cancellationToken);
        return new ReplayReport(
            sessions.Length,
            await _ledger.CountAsync<TradingDecision>(cancellationToken),
            await _ledger.CountAsync<Order>(cancellationToken),
            await _ledger.CountAsync<Fill>(cancellationToken),
            new SortedDictionary<string, int>(
                refusals.CountBy(r => r.Rule).ToDictionary(r => r.Key, r => r.Value),
                StringComparer.Ordinal
            ),
            stats.Open + stats.Pending,
            stats.Closed + stats.NeverFilled,
            await _broker.GetAccountAsync(cancellationToken),
            differences
        );
    }
}
