using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>Works out positions from the ledger's notes and the bars known at the clock.</summary>
internal static class PositionBook
{
    /// <summary>A position that is not closed, at the last known close.</summary>
    internal static Position Describe(PositionOpened opened, MarketPath? path, DateTimeOffset now)
    {
        Position position = Begin(opened);
        if (path is null)
        {
            return position with { Problem = SettlementReasons.UnknownSymbol };
        }

        HoldingWindow window = HoldingWindow.Find(path, opened.AsOf, opened.Terms.HoldDays, now);
        string? problem = window.Problem?.Status == SettlementStatus.Failed ? window.Problem.Reason : null;
        if (!window.HasEntry)
        {
            return position with { Problem = problem };
        }

        Bar entry = path.Bars[window.Entry];
        Bar last = path.Bars[path.Bars.CountKnownAt(now) - 1];
        var held = new HeldShare(path.Bars, entry.Session);
        held.AdvanceTo(last.Session);
        decimal atEntry = SharesAtEntry(opened, entry.Open);
        int side = opened.Side == PositionSide.Long ? 1 : -1;
        decimal gain = side * ((held.Worth(last.Close) / entry.Open) - 1);
        return position with
        {
            Status = PositionStatus.Open,
            Quantity = atEntry * held.Shares,
            EntryAt = entry.OpenTime,
            EntryPrice = entry.Open,
            CurrentPrice = last.Close,
            UnrealizedPnl = atEntry * entry.Open * gain,
            UnrealizedReturn = (double)gain,
            DueAt = window.Due,
            Problem = problem,
        };
    }

    /// <summary>A closed position; <paramref name="outcome"/> is null when it was never filled.</summary>
    internal static Position Describe(PositionOpened opened, PositionClosed closed, Outcome? outcome)
    {
        Position position = Begin(opened) with
        {
            Status = PositionStatus.Closed,
            Quantity = closed.Quantity,
            ExitReason = closed.Reason,
            Problem = closed.Problem,
        };
        return outcome is null
            ? position
            : position with
            {
                EntryAt = outcome.EntryAt,
                EntryPrice = outcome.EntryPrice,
                CurrentPrice = outcome.ExitPrice,
                ExitAt = outcome.ExitAt,
                NetReturn = outcome.NetReturn,
                Pnl = outcome.Pnl,
                OutcomeId = outcome.OutcomeId,
            };
    }

    /// <summary>The note that ends a filled position.</summary>
    internal static PositionClosed Close(PositionOpened opened, Outcome outcome, BarSeries bars)
    {
        var held = new HeldShare(bars, DateOnly.FromDateTime(outcome.EntryAt.UtcDateTime));
        held.AdvanceTo(DateOnly.FromDateTime(outcome.ExitAt.UtcDateTime));
        return new PositionClosed
        {
            PositionId = opened.PositionId,
            Symbol = opened.Symbol,
            OutcomeId = outcome.OutcomeId,
            Reason = outcome.ExitReason,
            Quantity = outcome.Quantity * held.Shares,
            Problem = null,
            KnownAt = outcome.KnownAt,
        };
    }

    /// <summary>The note that a position was never filled, known from the first bar on that could no longer fill it.</summary>
    internal static PositionClosed Void(PositionOpened opened, string problem, BarSeries bars) =>
        new()
        {
            PositionId = opened.PositionId,
            Symbol = opened.Symbol,
            OutcomeId = null,
            Reason = ExitReason.NoPosition,
            Quantity = 0,
            Problem = problem,
            KnownAt = bars[bars.FirstOpenAtOrAfter(opened.AsOf)].CloseTime,
        };

    private static decimal SharesAtEntry(PositionOpened opened, decimal entryPrice) =>
        opened.Quantity ?? RoundTrip.SharesFor(opened.PositionSize, entryPrice, opened.Terms);

    private static Position Begin(PositionOpened opened) =>
        new()
        {
            PositionId = opened.PositionId,
            DecisionId = opened.DecisionId,
            CandidateId = opened.CandidateId,
            Symbol = opened.Symbol,
            Side = opened.Side,
            Status = PositionStatus.Pending,
            Quantity = opened.Quantity,
            TargetReturn = opened.Terms.TargetReturn,
            StopReturn = opened.Terms.StopReturn,
            OpenedAt = opened.OpenedAt,
        };
}
