using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>
/// Settles one candidate on the market path that followed it: the same code for backtests, live positions and candidates that nobody
/// traded. Nothing that was not known at the clock is looked at, and what was settled once never changes as more becomes known.
/// <para>Entry: the open of the first bar that opens at or after the decision. Exit: the close of the last bar of the
/// <see cref="SettlementOptions.HoldDays"/>-th trading day, the entry day counted as the first, unless target, stop or trailing stop is touched before.</para>
/// <para>With E the price at entry, X the price at exit (both as quoted), n the shares that one share has become through splits and D the
/// dividends with an ex-date after the entry session up to the exit session: gross = side * ((X * n + D) / E - 1);
/// costs = (commission + half-spread + slippage) * (1 + X * n / E), plus for shorts borrow * calendar days / 365 (at least one day);
/// net = gross - costs. A hold earns zero and pays nothing on the same window. Arithmetic is decimal up to the last step.</para>
/// </summary>
public static class Settlement
{
    /// <summary>Settles a candidate with what is known at <paramref name="now"/>.</summary>
    /// <param name="context">The context of the candidate.</param>
    /// <param name="candidate">The candidate; a hold is given the window that a trade would have had.</param>
    /// <param name="path">Bars, calendar and benchmark of the symbol.</param>
    /// <param name="now">The clock: bars that close later do not exist yet.</param>
    /// <param name="options">Holding period, costs, target and stop; must be valid (see <see cref="OptionsValidation.Validated"/>).</param>
    /// <param name="decisionId">The decision when the candidate was the accepted one, so that it counts as traded; else null.</param>
    /// <param name="quantity">Shares at entry; null for position size * equity / entry price, rounded down to six decimals.</param>
    /// <exception cref="ArgumentException">Context, candidate and path do not belong together.</exception>
    public static SettlementResult Settle(
        DecisionContext context,
        Candidate candidate,
        MarketPath path,
        DateTimeOffset now,
        SettlementOptions options,
        string? decisionId = null,
        decimal? quantity = null
    )
    {
        RequireSameContext(context, candidate, path);
        HoldingWindow window = HoldingWindow.Find(path, context.AsOf, options.HoldDays, now);
        if (!window.HasEntry)
        {
            return window.Problem!;
        }

        int side = RoundTrip.SideOf(candidate.Action);
        ExitPoint? early = side == 0 ? null : TargetStop.FirstTouch(path.Bars, window.Entry, window.End, side, options);
        if (early is null && window.Problem is { } problem)
        {
            return problem;
        }

        RoundTrip? trip = Walk(context, candidate, path, window.Entry, early ?? AtClose(path.Bars, window.End));
        return trip is null
            ? SettlementResult.Failed(SettlementReasons.NonPositivePrice)
            : SettlementResult.Settled(trip.ToOutcome(options, decisionId, quantity));
    }

    /// <summary>Takes over a result that an outside agent reports with its decision; costs are added as for any other outcome.</summary>
    /// <param name="context">The context of the candidate.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="report">The reported prices and times.</param>
    /// <param name="now">The clock: a result that lies after it is refused.</param>
    /// <param name="options">Costs, equity and the least number of returns for ratios; must be valid.</param>
    /// <param name="calendar">The trading days of the exchange; null counts Monday to Friday.</param>
    /// <param name="decisionId">The decision when the candidate was the accepted one; else null.</param>
    /// <param name="quantity">Shares at entry; null for position size * equity / entry price, rounded down to six decimals.</param>
    /// <exception cref="RlaifInputException">A price is not positive, the times are out of order, or the exit lies in the future.</exception>
    public static Outcome FromReport(
        DecisionContext context,
        Candidate candidate,
        ReportedResult report,
        DateTimeOffset now,
        SettlementOptions options,
        SessionCalendar? calendar = null,
        string? decisionId = null,
        decimal? quantity = null
    )
    {
        RequireSameContext(context, candidate, path: null);
        RequirePlausible(report, context.AsOf, now);
        var entry = DateOnly.FromDateTime(report.EntryAt.UtcDateTime);
        var exit = DateOnly.FromDateTime(report.ExitAt.UtcDateTime);
        var trip = new RoundTrip
        {
            Context = context,
            Candidate = candidate,
            EntryAt = report.EntryAt,
            EntryPrice = report.EntryPrice,
            ExitAt = report.ExitAt,
            ExitPrice = report.ExitPrice,
            Path = WayOf(report, RoundTrip.SideOf(candidate.Action)),
            HoldDays = Math.Max(1, calendar?.CountBetween(entry, exit) ?? CountWeekdays(entry, exit)),
            Nights = exit.DayNumber - entry.DayNumber,
            ExitReason = ExitReason.Reported,
            KnownAt = report.ExitAt,
        };
        return trip.ToOutcome(options, decisionId, quantity);
    }

    /// <summary>
    /// Closes a filled position by hand. With a price, at that price and at the clock; without, at the last known close and at its time.
    /// Pending or failed when there is no entry.
    /// </summary>
    internal static SettlementResult CloseByHand(
        DecisionContext context,
        Candidate candidate,
        MarketPath path,
        DateTimeOffset now,
        SettlementOptions options,
        decimal? exitPrice,
        ExitReason reason,
        string? decisionId,
        decimal? quantity
    )
    {
        RequireSameContext(context, candidate, path);
        HoldingWindow window = HoldingWindow.Find(path, context.AsOf, options.HoldDays, now);
        if (!window.HasEntry)
        {
            return window.Problem!;
        }

        int known = path.Bars.CountKnownAt(now);
        ExitPoint exit = exitPrice is { } price
            ? new ExitPoint(known, DateOnly.FromDateTime(now.UtcDateTime), price, now, now, reason)
            : AtClose(path.Bars, known) with
            {
                KnownAt = now,
                Reason = reason,
            };
        RoundTrip? trip = Walk(context, candidate, path, window.Entry, exit);
        return trip is null
            ? SettlementResult.Failed(SettlementReasons.NonPositivePrice)
            : SettlementResult.Settled(trip.ToOutcome(options, decisionId, quantity));
    }

    /// <summary>The way of a position from its entry to the close of the last of so many known bars.</summary>
    internal static EquityPath WayTo(BarSeries bars, int entry, int known, int side)
    {
        var held = new HeldShare(bars, bars[entry].Session);
        var way = new EquityPath(side, bars[entry].Open);
        FollowBars(bars, entry, AtClose(bars, known), ref held, way);
        return way;
    }

    private static EquityPath WayOf(ReportedResult report, int side)
    {
        IReadOnlyList<decimal> history = report.PriceHistory ?? [];
        // Histories may repeat the entry price in front and the exit price at the end: those are no sessions of their own.
        int from = history.Count > 0 && history[0] == report.EntryPrice ? 1 : 0;
        int to = history.Count > from && history[^1] == report.ExitPrice ? history.Count - 1 : history.Count;
        var way = new EquityPath(side, report.EntryPrice);
        for (int i = from; i < to; i++)
        {
            way.Mark(history[i]);
            way.EndSession();
        }

        way.Mark(report.ExitPrice);
        way.EndSession();
        return way;
    }

    private static ExitPoint AtClose(BarSeries bars, int end)
    {
        Bar last = bars[end - 1];
        return new ExitPoint(end, last.Session, last.Close, last.CloseTime, last.CloseTime, ExitReason.TimeLimit);
    }

    /// <summary>Follows the position from entry to exit; null when the price at the exit is not positive.</summary>
    private static RoundTrip? Walk(DecisionContext context, Candidate candidate, MarketPath path, int entry, ExitPoint exit)
    {
        if (exit.Price <= 0)
        {
            return null;
        }

        Bar first = path.Bars[entry];
        var held = new HeldShare(path.Bars, first.Session);
        var way = new EquityPath(RoundTrip.SideOf(candidate.Action), first.Open);
        FollowBars(path.Bars, entry, exit, ref held, way);
        return new RoundTrip
        {
            Context = context,
            Candidate = candidate,
            EntryAt = first.OpenTime,
            EntryPrice = first.Open,
            ExitAt = exit.At,
            ExitPrice = exit.Price,
            Shares = held.Shares,
            Path = way,
            HoldDays = Math.Max(1, path.Calendar.CountBetween(first.Session, exit.Session)),
            Nights = exit.Session.DayNumber - first.Session.DayNumber,
            ExitReason = exit.Reason,
            KnownAt = exit.KnownAt,
            BenchmarkReturn = BenchmarkReturn(path.Benchmark, first.Session, exit),
        };
    }

    private static void FollowBars(BarSeries bars, int entry, ExitPoint exit, ref HeldShare held, EquityPath way)
    {
        for (int i = entry; i < exit.WholeBars; i++)
        {
            Bar bar = bars[i];
            held.AdvanceTo(bar.Session);
            way.Touch(held.Worth(bar.High));
            way.Touch(held.Worth(bar.Low));
            way.Mark(held.Worth(bar.Close));
            if ((i + 1 < exit.WholeBars ? bars[i + 1].Session : exit.Session) != bar.Session)
            {
                way.EndSession();
            }
        }

        held.AdvanceTo(exit.Session);
        if (exit.Opened is { } opened)
        {
            way.Touch(held.Worth(opened));
        }

        way.Mark(held.Worth(exit.Price));
        way.EndSession();
    }

    /// <summary>
    /// Open of the benchmark's entry session to its last close of the exit session that was known with the exit, splits and dividends
    /// included; null when it did not trade on either.
    /// </summary>
    private static double? BenchmarkReturn(BarSeries? benchmark, DateOnly entrySession, ExitPoint exit)
    {
        if (benchmark is null)
        {
            return null;
        }

        int first = benchmark.FirstOpenAtOrAfter(HoldingWindow.Midnight(entrySession));
        int end = Math.Min(HoldingWindow.FirstAfter(benchmark, exit.Session), benchmark.CountKnownAt(exit.KnownAt));
        if (end <= first || benchmark[first].Session != entrySession || benchmark[end - 1].Session != exit.Session)
        {
            return null;
        }

        var held = new HeldShare(benchmark, entrySession);
        held.AdvanceTo(exit.Session);
        decimal start = benchmark[first].Open;
        return start > 0 ? (double)((held.Worth(benchmark[end - 1].Close) / start) - 1) : null;
    }

    private static void RequireSameContext(DecisionContext context, Candidate candidate, MarketPath? path)
    {
        if (candidate.ContextId != context.ContextId)
        {
            throw new ArgumentException(
                $"Candidate {candidate.CandidateId} does not belong to context {context.ContextId}.",
                nameof(candidate)
            );
        }

        if (path is not null && path.Bars.Symbol != context.Symbol)
        {
            throw new ArgumentException(
                $"Context {context.ContextId} is about {context.Symbol}, the bars are of {path.Bars.Symbol}.",
                nameof(path)
            );
        }
    }

    private static void RequirePlausible(ReportedResult report, DateTimeOffset asOf, DateTimeOffset now)
    {
        decimal[] prices = [report.EntryPrice, report.ExitPrice, .. report.PriceHistory ?? []];
        if (!Array.TrueForAll(prices, ReportedResult.IsInRange))
        {
            throw new RlaifInputException(
                "The reported outcome has a price that is not in 1e-9..1e12: entry_price, exit_price, price_history."
            );
        }

        if (report.EntryAt < asOf || report.ExitAt < report.EntryAt)
        {
            throw new RlaifInputException(
                $"The reported outcome is out of order: decided {asOf:u}, entry {report.EntryAt:u}, exit {report.ExitAt:u}; each must be at or after the one before."
            );
        }

        if (report.ExitAt > now)
        {
            throw new RlaifInputException($"The reported exit at {report.ExitAt:u} lies after the clock ({now:u}).");
        }
    }

    private static int CountWeekdays(DateOnly from, DateOnly to) =>
        Enumerable
            .Range(0, to.DayNumber - from.DayNumber + 1)
            .Count(i => from.AddDays(i).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
}
