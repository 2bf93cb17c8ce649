using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>Works out positions from the ledger's notes and the bars known at the clock.</summary>
internal static class PositionBook
{
    // Two days without a bar are a halt or a late file; after three somebody should look.
    private const int SilentSessions = 3;

    /// <summary>A position that is not closed, at the last known close.</summary>
    internal static Position Describe(PositionOpened opened, MarketPath? path, DateTimeOffset now)
    {
        Position position = Begin(opened);
        if (path is null)
        {
            return position with { Problem = SettlementReasons.UnknownSymbol };
        }

        HoldingWindow window = HoldingWindow.Find(path, opened.AsOf, opened.Terms.HoldDays, now);
        return window.HasEntry
            ? Follow(opened, path, window, now).Position
            : position with
            {
                Problem = ProblemOf(window, path, Day(opened.AsOf), now),
            };
    }

    /// <summary>A position that is filled and not closed, with all that marking it on needs; null when it is not filled.</summary>
    internal static HeldPosition? Follow(PositionOpened opened, MarketPath path, DateTimeOffset now)
    {
        HoldingWindow window = HoldingWindow.Find(path, opened.AsOf, opened.Terms.HoldDays, now);
        return window.HasEntry ? Follow(opened, path, window, now) : null;
    }

    private static HeldPosition Follow(PositionOpened opened, MarketPath path, HoldingWindow window, DateTimeOffset now)
    {
        int known = path.Bars.CountKnownAt(now);
        Bar entry = path.Bars[window.Entry];
        Bar last = path.Bars[known - 1];
        var held = new HeldShare(path.Bars, entry.Session);
        held.AdvanceTo(last.Session);
        decimal atEntry = SharesAtEntry(opened, entry.Open);
        int side = opened.Side == PositionSide.Long ? 1 : -1;
        EquityPath way = Settlement.WayTo(path.Bars, window.Entry, known, side);
        ExitLevels levels = TargetStop.LevelsAfter(path.Bars, window.Entry, known, side, opened.Terms);
        (double? sharpe, double? sortino) = way.Ratios(opened.Terms);
        Position position = Begin(opened) with
        {
            Status = PositionStatus.Open,
            Quantity = atEntry * held.Shares,
            EntryAt = entry.OpenTime,
            EntryPrice = entry.Open,
            CurrentPrice = last.Close,
            UnrealizedPnl = atEntry * entry.Open * way.Return,
            UnrealizedReturn = (double)way.Return,
            DaysHeld = DaysHeld(path.Calendar, entry.Session, last.Session, now),
            TimeHeld = now - entry.OpenTime,
            MaxDrawdown = (double)way.Drawdown,
            FavorableExcursion = (double)way.Best,
            AdverseExcursion = (double)way.Worst,
            Sharpe = sharpe,
            Sortino = sortino,
            TargetPrice = levels.Target / held.Shares,
            StopPrice = levels.Stop / held.Shares,
            TrailingPrice = levels.Trailing / held.Shares,
            DueAt = window.Due,
            Problem = ProblemOf(window, path, last.Session, now),
        };
        // Whoever holds the share on the morning of a split has the new shares already.
        held.AdvanceTo(Day(now));
        return new HeldPosition(position, atEntry, held, way, levels);
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
                DaysHeld = outcome.HoldDays,
                TimeHeld = outcome.ExitAt - outcome.EntryAt,
                MaxDrawdown = outcome.MaxDrawdown,
                FavorableExcursion = outcome.FavorableExcursion,
                AdverseExcursion = outcome.AdverseExcursion,
                Sharpe = outcome.Sharpe,
                Sortino = outcome.Sortino,
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

    /// <summary>Why settlement has failed, or that bars are overdue since a session; null when nothing is wrong.</summary>
    private static string? ProblemOf(HoldingWindow window, MarketPath path, DateOnly since, DateTimeOffset now)
    {
        if (window.Problem is not { } problem)
        {
            return null;
        }

        DateOnly over = Day(now).AddDays(-1);
        bool isSilent =
            (window.Due > since && window.Due <= over) || path.Calendar.CountBetween(since.AddDays(1), over) >= SilentSessions;
        return problem.Status == SettlementStatus.Failed ? problem.Reason
            : isSilent ? SettlementReasons.NoBars
            : null;
    }

    // A day counts when the symbol traded on it or, through a halt, when it is over.
    private static int DaysHeld(SessionCalendar calendar, DateOnly entry, DateOnly lastBar, DateTimeOffset now)
    {
        DateOnly over = Day(now).AddDays(-1);
        return Math.Max(1, calendar.CountBetween(entry, over > lastBar ? over : lastBar));
    }

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

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
            OpenedAt = opened.OpenedAt,
        };
}
