using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>
/// Tracks accepted decisions as positions, closes them when their time, target, stop or trailing stop has come, and settles them and the other
/// candidates of their contexts through <see cref="Settlement"/>. All state is in the ledger as append-only notes, so a restart loses nothing and a
/// repeated call changes nothing. Time comes from the injected clock alone.
/// </summary>
public sealed class OutcomeTracker
{
    private readonly IMarketData _market;
    private readonly Ledger _ledger;
    private readonly TimeProvider _time;
    private readonly SettlementOptions _options;

    /// <summary>Creates a tracker.</summary>
    /// <param name="market">Where bars and calendars come from.</param>
    /// <param name="ledger">Where decisions are and positions are kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Holding period (default 5 trading days), target, stop and costs of positions that are opened from now on; null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public OutcomeTracker(IMarketData market, Ledger ledger, TimeProvider time, SettlementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(time);
        _market = market;
        _ledger = ledger;
        _time = time;
        _options = (options ?? new SettlementOptions()).Validated();
    }

    /// <summary>
    /// Begins to track a decision whose context and candidates are in the ledger. It is filled by the first bar that opens at or after the
    /// decision; until that bar is complete the position is pending. Tracking a decision again returns its position as it stands.
    /// </summary>
    /// <param name="decision">The accepted decision.</param>
    /// <param name="quantity">Shares at entry, positive; null for the position size times equity.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The position; null for a hold, which opens none.</returns>
    /// <exception cref="RlaifInputException">
    /// The ledger lacks context or candidate, the symbol is unknown, the decision lies after the clock, or the quantity is not positive or not the
    /// one that is tracked.
    /// </exception>
    public async Task<Position?> TrackDecisionAsync(
        TradingDecision decision,
        decimal? quantity = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(decision);
        DateTimeOffset now = _time.GetUtcNow();
        RequireTrackable(decision, quantity, now);
        if (decision.Action == TradeAction.Hold)
        {
            return null;
        }

        PositionOpened opened = await OpenAsync(decision, quantity, now, cancellationToken);
        PositionClosed? closed = await _ledger.FindAsync<PositionClosed>(opened.PositionId, cancellationToken);
        if (closed is not null)
        {
            return await DescribeClosedAsync(opened, closed, cancellationToken);
        }

        MarketPaths paths = await LoadPathsAsync([opened], now, cancellationToken);
        return PositionBook.Describe(opened, paths[opened.Symbol], now);
    }

    /// <summary>
    /// Closes every position whose end has come at the clock and settles whatever else of the tracked contexts can be settled. Calling it
    /// often or seldom makes no difference to any result.
    /// </summary>
    /// <returns>The positions that this call closed, in the order in which they were opened.</returns>
    public async Task<IReadOnlyList<Position>> UpdatePositionsAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _time.GetUtcNow();
        IReadOnlyList<PositionOpened> positions = await _ledger.ReadAsync<PositionOpened>(cancellationToken: cancellationToken);
        HashSet<string> closed = await ReadClosedIdsAsync(cancellationToken);
        MarketPaths paths = await LoadPathsAsync(positions, now, cancellationToken);
        // One look at everything that is unsettled: what was settled long ago is not asked for again.
        Backlog backlog = await Backlog.ReadAsync(_ledger, positions, null, cancellationToken, onlyTracked: true);
        ILookup<string, UnsettledCandidate> unsettled = backlog.Items.ToLookup(i => i.Context.ContextId);
        var batch = new LedgerBatch();
        var closings = new List<Closing>();
        foreach (IGrouping<string, PositionOpened> context in positions.GroupBy(p => p.ContextId))
        {
            if (paths[context.First().Symbol] is not { } path)
            {
                continue;
            }

            Dictionary<string, Outcome?> settled = SettleInto(batch, unsettled[context.Key], path, now);
            foreach (PositionOpened opened in context.Where(p => !closed.Contains(p.PositionId)))
            {
                if (await FindClosingAsync(opened, settled, path, now, cancellationToken) is { } closing)
                {
                    batch.Add(closing.Closed);
                    closings.Add(closing);
                }
            }
        }

        await _ledger.AppendAsync(batch, cancellationToken);
        return [.. closings.Select(c => PositionBook.Describe(c.Opened, c.Closed, c.Outcome))];
    }

    /// <summary>
    /// Closes a position by hand, at <paramref name="exitPrice"/> and the clock, or without a price at the last known close. A position that is closed
    /// already, or whose own end had come before the clock, keeps that end and is returned as it is.
    /// </summary>
    /// <param name="positionId">The position.</param>
    /// <param name="exitPrice">Price at exit as quoted now, positive; null for the last known close.</param>
    /// <param name="reason">Why: by hand (the default), or target, stop, trailing stop or time limit when someone else executed them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RlaifInputException">There is no such position, it is not filled yet, or the price or reason is not allowed.</exception>
    public async Task<Position> ClosePositionAsync(
        string positionId,
        decimal? exitPrice = null,
        ExitReason reason = ExitReason.Manual,
        CancellationToken cancellationToken = default
    )
    {
        RequireClosable(exitPrice, reason);
        DateTimeOffset now = _time.GetUtcNow();
        PositionOpened opened =
            await _ledger.FindAsync<PositionOpened>(positionId, cancellationToken)
            ?? throw new RlaifInputException($"There is no position '{positionId}'.");
        if (await _ledger.FindAsync<PositionClosed>(positionId, cancellationToken) is { } closed)
        {
            return await DescribeClosedAsync(opened, closed, cancellationToken);
        }

        MarketPaths paths = await LoadPathsAsync([opened], now, cancellationToken);
        MarketPath path = paths[opened.Symbol] ?? throw UnknownSymbol(opened.Symbol);
        IReadOnlyList<PositionOpened> positions = await _ledger.ReadAsync<PositionOpened>(cancellationToken: cancellationToken);
        Backlog backlog = await Backlog.ReadAsync(_ledger, positions, opened.ContextId, cancellationToken);
        var batch = new LedgerBatch();
        Dictionary<string, Outcome?> settled = SettleInto(batch, backlog.Items, path, now);
        Closing? closing = await FindClosingAsync(opened, settled, path, now, cancellationToken);
        if (closing is null)
        {
            Outcome outcome = CloseByHand(opened, backlog, path, now, exitPrice, reason);
            batch.Add(outcome);
            closing = new Closing(opened, PositionBook.Close(opened, outcome, path.Bars), outcome);
        }

        await _ledger.AppendAsync(batch.Add(closing.Closed), cancellationToken);
        return PositionBook.Describe(opened, closing.Closed, closing.Outcome);
    }

    /// <summary>The positions that are pending or held, at the last closes known at the clock, in the order in which they were opened.</summary>
    public async Task<IReadOnlyList<Position>> GetOpenPositionsAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _time.GetUtcNow();
        PositionOpened[] open = await ReadOpenAsync(cancellationToken);
        MarketPaths paths = await LoadPathsAsync(open, now, cancellationToken);
        return [.. open.Select(p => PositionBook.Describe(p, paths[p.Symbol], now))];
    }

    /// <summary>The positions that are held, in memory: to be marked with live prices until the next bar.</summary>
    public async Task<OpenPositions> LoadOpenPositionsAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _time.GetUtcNow();
        PositionOpened[] open = await ReadOpenAsync(cancellationToken);
        MarketPaths paths = await LoadPathsAsync(open, now, cancellationToken);
        IEnumerable<HeldPosition?> held = open.Select(p =>
            paths[p.Symbol] is { } path ? PositionBook.Follow(p, path, now) : null
        );
        return new OpenPositions(held.OfType<HeldPosition>(), DateOnly.FromDateTime(now.UtcDateTime));
    }

    /// <summary>The positions that are closed, in the order in which their closes became known.</summary>
    public async Task<IReadOnlyList<Position>> GetClosedPositionsAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<PositionOpened> positions = await _ledger.ReadAsync<PositionOpened>(cancellationToken: cancellationToken);
        Dictionary<string, PositionOpened> opened = positions.ToDictionary(p => p.PositionId);
        var found = new List<Position>();
        foreach (PositionClosed closed in await _ledger.ReadAsync<PositionClosed>(cancellationToken: cancellationToken))
        {
            found.Add(await DescribeClosedAsync(opened[closed.PositionId], closed, cancellationToken));
        }

        return found;
    }

    /// <summary>Counts, win rate, returns and profit of all positions at the clock.</summary>
    public async Task<TrackerStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        TrackerStats.Of(await GetOpenPositionsAsync(cancellationToken), await GetClosedPositionsAsync(cancellationToken));

    /// <summary>Settles what can be; what stays unsettled is in the result with null.</summary>
    private static Dictionary<string, Outcome?> SettleInto(
        LedgerBatch batch,
        IEnumerable<UnsettledCandidate> unsettled,
        MarketPath path,
        DateTimeOffset now
    )
    {
        Dictionary<string, Outcome?> settled = [];
        foreach (UnsettledCandidate item in unsettled)
        {
            Outcome? outcome = item.Settle(path, now, item.Terms!).Outcome;
            settled[item.Candidate.CandidateId] = outcome;
            if (outcome is not null)
            {
                batch.Add(outcome);
            }
        }

        return settled;
    }

    private static Outcome CloseByHand(
        PositionOpened opened,
        Backlog backlog,
        MarketPath path,
        DateTimeOffset now,
        decimal? exitPrice,
        ExitReason reason
    )
    {
        UnsettledCandidate item = backlog.Items.First(i => i.Candidate.CandidateId == opened.CandidateId);
        SettlementResult result = Settlement.CloseByHand(
            item.Context,
            item.Candidate,
            path,
            now,
            opened.Terms,
            exitPrice,
            reason,
            opened.DecisionId,
            opened.Quantity
        );
        return result.Outcome
            ?? throw new RlaifInputException(
                $"Position '{opened.PositionId}' of {opened.Symbol} cannot be closed: {result.Reason}."
            );
    }

    private static void RequireTrackable(TradingDecision decision, decimal? quantity, DateTimeOffset now)
    {
        if (quantity <= 0)
        {
            throw new RlaifInputException($"The quantity must be positive, not {quantity}; the side comes from the decision.");
        }

        if (decision.AsOf > now)
        {
            throw new RlaifInputException($"Decision {decision.DecisionId} of {decision.AsOf:u} lies after the clock ({now:u}).");
        }
    }

    private static void RequireClosable(decimal? exitPrice, ExitReason reason)
    {
        if (exitPrice <= 0)
        {
            throw new RlaifInputException($"The exit price must be positive, not {exitPrice}.");
        }

        if (
            reason
            is not (ExitReason.Manual or ExitReason.Target or ExitReason.Stop or ExitReason.TrailingStop or ExitReason.TimeLimit)
        )
        {
            throw new RlaifInputException(
                $"A position cannot be closed for the reason {reason}; allowed: manual, target, stop, trailing_stop, time_limit."
            );
        }
    }

    private RlaifInputException UnknownSymbol(string symbol) =>
        new($"No bars of '{symbol}'. Known symbols: {string.Join(", ", _market.Symbols)}.");

    private async Task<PositionOpened> OpenAsync(
        TradingDecision decision,
        decimal? quantity,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        string positionId = PositionOpened.CreateId(decision.DecisionId);
        if (await _ledger.FindAsync<PositionOpened>(positionId, cancellationToken) is { } known)
        {
            return quantity is null || quantity == known.Quantity
                ? known
                : throw new RlaifInputException(
                    $"Decision {decision.DecisionId} is tracked with quantity {known.Quantity?.ToString() ?? "from its size"}; it cannot become {quantity}."
                );
        }

        await RequireNotHeldAsync(decision, cancellationToken);
        Candidate? candidate = await _ledger.FindAsync<Candidate>(decision.CandidateId, cancellationToken);
        DecisionContext? context = await _ledger.FindAsync<DecisionContext>(decision.ContextId, cancellationToken);
        if (candidate is null || context is null)
        {
            throw new RlaifInputException(
                $"Decision {decision.DecisionId} cannot be tracked: its context and candidates have to be in the ledger first."
            );
        }

        var opened = new PositionOpened
        {
            PositionId = positionId,
            DecisionId = decision.DecisionId,
            CandidateId = candidate.CandidateId,
            ContextId = context.ContextId,
            Symbol = context.Symbol,
            Side = candidate.Action == TradeAction.Buy ? PositionSide.Long : PositionSide.Short,
            PositionSize = candidate.PositionSize,
            Quantity = quantity,
            AsOf = context.AsOf,
            OpenedAt = now,
            Terms = _options,
        };
        await _ledger.AppendAsync(new LedgerBatch().Add(decision).Add(opened), cancellationToken);
        return opened;
    }

    private async Task RequireNotHeldAsync(TradingDecision decision, CancellationToken cancellationToken)
    {
        if (!_market.Symbols.Contains(decision.Symbol))
        {
            throw UnknownSymbol(decision.Symbol);
        }

        // One candidate has one outcome, so only one position may make it.
        IReadOnlyList<PositionOpened> positions = await _ledger.ReadAsync<PositionOpened>(
            new LedgerQuery { Symbol = decision.Symbol },
            cancellationToken
        );
        if (positions.FirstOrDefault(p => p.CandidateId == decision.CandidateId) is { } holder)
        {
            throw new RlaifInputException($"Candidate {decision.CandidateId} is held by position {holder.PositionId} already.");
        }
    }

    /// <summary>How the position ends when its end has come: just settled, settled by someone before, or never to be filled.</summary>
    private async Task<Closing?> FindClosingAsync(
        PositionOpened opened,
        Dictionary<string, Outcome?> settled,
        MarketPath path,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!settled.TryGetValue(opened.CandidateId, out Outcome? outcome))
        {
            var query = new LedgerQuery { ParentId = opened.CandidateId };
            outcome = (await _ledger.ReadAsync<Outcome>(query, cancellationToken)).MinBy(o => o.Provenance);
        }

        if (outcome is not null)
        {
            return new Closing(opened, PositionBook.Close(opened, outcome, path.Bars), outcome);
        }

        HoldingWindow window = HoldingWindow.Find(path, opened.AsOf, opened.Terms.HoldDays, now);
        return window.IsVoid
            ? new Closing(opened, PositionBook.Void(opened, window.Problem!.Reason!, path.Bars), Outcome: null)
            : null;
    }

    private async Task<PositionOpened[]> ReadOpenAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PositionOpened> positions = await _ledger.ReadAsync<PositionOpened>(cancellationToken: cancellationToken);
        HashSet<string> closed = await ReadClosedIdsAsync(cancellationToken);
        return [.. positions.Where(p => !closed.Contains(p.PositionId))];
    }

    private async Task<HashSet<string>> ReadClosedIdsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PositionClosed> closed = await _ledger.ReadAsync<PositionClosed>(cancellationToken: cancellationToken);
        return [.. closed.Select(c => c.PositionId)];
    }

    private async Task<Position> DescribeClosedAsync(
        PositionOpened opened,
        PositionClosed closed,
        CancellationToken cancellationToken
    )
    {
        Outcome? outcome = closed.OutcomeId is { } id ? await _ledger.FindAsync<Outcome>(id, cancellationToken) : null;
        return PositionBook.Describe(opened, closed, outcome);
    }

    private Task<MarketPaths> LoadPathsAsync(
        IEnumerable<PositionOpened> positions,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => MarketPaths.LoadAsync(_market, positions.Select(p => p.Symbol), now, cancellationToken);

    private sealed record Closing(PositionOpened Opened, PositionClosed Closed, Outcome? Outcome);
}
