using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;

namespace Rlaif;

/// <summary>Decides on symbols that are due, sends the orders that open positions, and tracks what was filled.</summary>
internal sealed class EntryTrader(
    IMarketData market,
    ManagerAgent manager,
    Ledger ledger,
    IBroker broker,
    TradingDesk desk,
    EntryBook entries,
    OutcomeTracker tracker,
    TimeProvider time,
    IReadOnlyList<string> symbols,
    ProductionOptions options
)
{
    private readonly Dictionary<string, DateOnly> _lastDecided = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tracked = new(StringComparer.Ordinal);
    private long _runsRead;

    /// <summary>Decides on every symbol that is due and of which nothing is held. A moment that was decided on stays so: doing it again sends nothing new.</summary>
    public async Task<JobRun> DecideAsync(
        MarketView view,
        ModelGuide? guide,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    )
    {
        string runId = RunId.OfDesk(manager, guide?.Key, null);
        var obstacles = new List<string>();
        DecisionMoment[] moments = await DueAsync(view, runId, obstacles, cancellationToken);
        var run = new DecisionRun(market, manager, ModelGuide.SelectorOf(guide), ledger)
        {
            SpendName = $"{runId} {view.Session:O}",
        };
        IReadOnlyList<DecidedContext> decided = await run.RunAsync(
            runId,
            generation: 0,
            moments,
            options.Threads,
            cancellationToken: cancellationToken
        );
        int sent = 0;
        foreach (TradingDecision decision in decided.Select(d => d.Decision).Where(d => d.Action != TradeAction.Hold))
        {
            sent += await SendAsync(decision, view, cancellationToken) ? 1 : 0;
        }

        string text = $"{decided.Count} decisions, {sent} orders";
        return new JobRun
        {
            Job = ProductionJob.Decisions,
            DueAt = dueAt,
            EndedAt = time.GetUtcNow(),
            Outcome = moments.Length == 0 ? JobOutcome.Skipped : JobOutcome.Done,
            Text = obstacles.Count == 0 ? text : $"{text}; not decided: {string.Join(", ", obstacles)}",
            Session = view.Session,
            Symbols = [.. moments.Select(m => m.Symbol)],
        };
    }

    /// <summary>Tracks the entries whose orders have come to their end, at the size that was filled.</summary>
    public async Task TrackAsync(IReadOnlyList<Order> live, CancellationToken cancellationToken)
    {
        foreach (Order entry in live.Where(e => !_tracked.Contains(e.ClientOrderId)))
        {
            if (desk.Journal.EndOf(entry.ClientOrderId) is null)
            {
                continue;
            }

            decimal filled = desk.Journal.FillsOf(entry.ClientOrderId).Sum(f => f.Quantity);
            TradingDecision? decision = await ledger.FindAsync<TradingDecision>(entry.DecisionId!, cancellationToken);
            if (filled > 0 && decision is not null && !await IsTrackedAsync(decision, cancellationToken))
            {
                await tracker.TrackDecisionAsync(decision, filled, cancellationToken);
            }

            _tracked.Add(entry.ClientOrderId);
        }

        _tracked.IntersectWith(live.Select(e => e.ClientOrderId));
    }

    private async Task<bool> IsTrackedAsync(TradingDecision decision, CancellationToken cancellationToken) =>
        await ledger.FindAsync<PositionOpened>(PositionOpened.CreateId(decision.DecisionId), cancellationToken) is not null;

    private async Task<DecisionMoment[]> DueAsync(
        MarketView view,
        string runId,
        List<string> obstacles,
        CancellationToken cancellationToken
    )
    {
        (IReadOnlyList<JobRun> runs, _runsRead) = await ledger.ReadAfterAsync<JobRun>(_runsRead, cancellationToken);
        foreach (JobRun run in runs.Where(r => r.Session is not null))
        {
            foreach (string symbol in run.Symbols ?? [])
            {
                _lastDecided[symbol] = run.Session!.Value;
            }
        }

        ILookup<string, Order> live = entries.Live(view.Shares).ToLookup(e => e.Symbol);
        var due = new List<DecisionMoment>();
        foreach (string symbol in symbols)
        {
            if (
                _lastDecided.TryGetValue(symbol, out DateOnly last)
                && view.SessionsBetween(symbol, last, view.Session) < options.EverySessions
            )
            {
                continue;
            }

            if (view.Obstacle(symbol, manager.Options.MinHistoryBars) is { } obstacle)
            {
                obstacles.Add(obstacle);
                continue;
            }

            var moment = new DecisionMoment(symbol, view.Last(symbol)!.Value.CloseTime);
            string own = DecisionContext.CreateId(runId, symbol, moment.AsOf, generation: 0);
            if (await IsHeldByOthersAsync(live[symbol], own, cancellationToken))
            {
                obstacles.Add($"{symbol} is held");
                continue;
            }

            due.Add(moment);
        }

        return [.. due.OrderBy(m => m.AsOf).ThenBy(m => m.Symbol, StringComparer.Ordinal)];
    }

    /// <summary>One position a symbol; the order of this very moment, sent before a restart, does not stand in its own way.</summary>
    private async Task<bool> IsHeldByOthersAsync(IEnumerable<Order> live, string contextId, CancellationToken cancellationToken)
    {
        foreach (Order entry in live)
        {
            TradingDecision? decision = await ledger.FindAsync<TradingDecision>(entry.DecisionId!, cancellationToken);
            if (decision?.ContextId != contextId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sends the order of a decision: whole shares for its part of the equity.</summary>
    private async Task<bool> SendAsync(TradingDecision decision, MarketView view, CancellationToken cancellationToken)
    {
        string id = EntryBook.IdOf(decision.DecisionId);
        decimal price = view.Last(decision.Symbol)!.Value.Close;
        Order? sent = await ledger.FindAsync<Order>(id, cancellationToken);
        BrokerAccount account = await broker.GetAccountAsync(cancellationToken);
        decimal quantity = sent?.Quantity ?? Math.Floor((decimal)decision.PositionSize * account.Equity / price);
        if (quantity < 1)
        {
            return false;
        }

        DeskResult result = await desk.SubmitAsync(
            new Order
            {
                ClientOrderId = id,
                Symbol = decision.Symbol,
                Side = decision.Action == TradeAction.Buy ? OrderSide.Buy : OrderSide.Sell,
                Quantity = quantity,
                DecisionId = decision.DecisionId,
                CreatedAt = time.GetUtcNow(),
            },
            cancellationToken
        );
        return result.Refusal is null && result.State?.Status != OrderStatus.Rejected;
    }
}
