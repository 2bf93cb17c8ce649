using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif;

/// <summary>
/// Drives a production loop through days that are past: bars are shown to the paper broker as they close, and each job is done when it is due, on a virtual
/// clock. It goes on from the last step that is written down, whatever came of the process that wrote it.
/// </summary>
/// <param name="loop">The loop, on the broker and the clock below.</param>
/// <param name="market">The bars that are shown.</param>
/// <param name="ledger">The ledger of the loop.</param>
/// <param name="broker">The broker that they are shown to.</param>
/// <param name="clock">The clock that is moved.</param>
/// <param name="timetable">When the jobs are due; null settles and decides at the close of each session.</param>
public sealed class Replay(
    ProductionLoop loop,
    IMarketData market,
    Ledger ledger,
    PaperBroker broker,
    ReplayClock clock,
    Timetable? timetable = null
)
{
    private readonly SortedDictionary<string, BarSeries> _bars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>Goes through the sessions of a range, from where it was left.</summary>
    /// <param name="dates">The sessions.</param>
    /// <param name="pause">Waited after each session, so that one can watch; null goes on at once.</param>
    /// <param name="progress">Told how many sessions are done.</param>
    /// <param name="cancellationToken">Stops between two steps; calling again continues.</param>
    /// <exception cref="RlaifInputException">All of the days were traded before.</exception>
    public async Task<ReplayReport> RunAsync(
        DateRange dates,
        Func<CancellationToken, Task>? pause = null,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        // What is held of symbols that are not decided on any more has to see its bars, too.
        foreach (string symbol in await loop.ReadWatchedAsync(cancellationToken))
        {
            _bars[symbol] = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, cancellationToken);
        }

        SortedDictionary<DateTimeOffset, DateOnly> closes = ClosesOf(dates);
        DateTimeOffset from = await ResumeFromAsync(dates, cancellationToken);
        Timetable times = timetable ?? Timetable.At(closes.Keys);
        var due = times.Jobs.ToDictionary(j => j, j => times.Next(j, from.AddTicks(-1)));
        DateTimeOffset shown = await CatchUpAsync(dates, from, cancellationToken);
        while (NextMoment(due.Values, dates) is { } moment)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await loop.EnforceHaltAsync();
            if (await ShowAsync(moment, cancellationToken))
            {
                shown = moment;
                await loop.WatchAsync(cancellationToken);
            }

            clock.AdvanceTo(moment);
            foreach (ProductionJob job in due.Where(d => d.Value == moment).Select(d => d.Key).Order().ToArray())
            {
                due[job] = times.Next(job, moment);
                if (IsWorthDoing(job, moment, shown, times))
                {
                    await loop.RunAsync(job, moment, cancellationToken);
                }
            }

            if (closes.TryGetValue(moment, out DateOnly session))
            {
                await loop.EndSessionAsync(session, cancellationToken);
                progress?.Report(new ProgressUpdate("replay", closes.Keys.Count(c => c <= moment), closes.Count));
                await (pause?.Invoke(cancellationToken) ?? Task.CompletedTask);
            }
        }

        return await ReportAsync(closes.Count, cancellationToken);
    }

    /// <summary>The sessions of a range by the moment at which the last of their bars closes.</summary>
    private SortedDictionary<DateTimeOffset, DateOnly> ClosesOf(DateRange dates)
    {
        var closes = new Dictionary<DateOnly, DateTimeOffset>();
        foreach (Bar bar in _bars.Values.SelectMany(s => Enumerable.Range(0, s.Count).Select(i => s[i])))
        {
            if (dates.Contains(bar.Session) && closes.GetValueOrDefault(bar.Session) < bar.CloseTime)
            {
                closes[bar.Session] = bar.CloseTime;
            }
        }

        return new SortedDictionary<DateTimeOffset, DateOnly>(closes.ToDictionary(c => c.Value, c => c.Key));
    }

    /// <summary>The last moment of which a step is written down: what is done at it may be done in part, what comes before is done.</summary>
    private async Task<DateTimeOffset> ResumeFromAsync(DateRange dates, CancellationToken cancellationToken)
    {
        IReadOnlyList<EquityMark> marks = await ledger.ReadAsync<EquityMark>(cancellationToken: cancellationToken);
        IReadOnlyList<JobRun> runs = await ledger.ReadAsync<JobRun>(cancellationToken: cancellationToken);
        DateOnly done = marks.Select(m => m.Session).DefaultIfEmpty().Max();
        if (dates.To < done)
        {
            throw new RlaifInputException(
                $"This account was traded until {done:yyyy-MM-dd}; it goes forward only. Replay later days, or take another home."
            );
        }

        return marks
            .Select(m => m.At)
            .Concat(runs.Select(r => r.DueAt))
            .Append(new DateTimeOffset(dates.From, TimeOnly.MinValue, TimeSpan.Zero))
            .Max();
    }

    /// <summary>Shows the bars that open orders may not have seen before a restart, and tells the last prices.</summary>
    /// <returns>The last moment at which a bar of the range closed.</returns>
    private async Task<DateTimeOffset> CatchUpAsync(DateRange dates, DateTimeOffset from, CancellationToken cancellationToken)
    {
        if (broker.ResumeFrom is { } unseen)
        {
            IEnumerable<(BarSeries Series, Bar Bar)> missed = _bars
                .Values.SelectMany(s => Enumerable.Range(0, s.CountKnownAt(from)).Select(i => (Series: s, Bar: s[i])))
                .Where(b => b.Bar.OpenTime >= unseen)
                .OrderBy(b => b.Bar.CloseTime)
                .ThenBy(b => b.Series.Symbol, StringComparer.Ordinal);
            foreach ((BarSeries series, Bar bar) in missed.ToArray())
            {
                await broker.ShowAsync(series, bar, cancellationToken);
            }
        }

        // Nothing that the broker knows of is still to come: an order of now must not be filled by a bar of then.
        clock.AdvanceTo(from);
        clock.AdvanceTo(broker.Latest);
        DateTimeOffset last = DateTimeOffset.MinValue;
        foreach (BarSeries series in _bars.Values)
        {
            int count = series.CountKnownAt(from);
            if (count > 0)
            {
                Bar bar = series[count - 1];
                await broker.MarkAsync(series.Symbol, bar.Close, cancellationToken);
                loop.Mark(series.Symbol, bar.Close);
                last = dates.Contains(bar.Session) && bar.CloseTime > last ? bar.CloseTime : last;
            }

            _next[series.Symbol] = Math.Max(
                count,
                series.FirstOpenAtOrAfter(new DateTimeOffset(dates.From, TimeOnly.MinValue, TimeSpan.Zero))
            );
        }

        return last;
    }

    /// <summary>When something happens next: a bar closes, or a job is due.</summary>
    private DateTimeOffset? NextMoment(IEnumerable<DateTimeOffset?> due, DateRange dates)
    {
        DateTimeOffset? next = due.Where(d => d <= dates.EndOfLastDay).Min();
        foreach (BarSeries series in _bars.Values)
        {
            int index = _next[series.Symbol];
            if (index < series.Count && dates.Contains(series[index].Session) && !(next <= series[index].CloseTime))
            {
                next = series[index].CloseTime;
            }
        }

        return next;
    }

    /// <summary>Shows the bars that close at a moment; whether there were any.</summary>
    private async Task<bool> ShowAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        bool any = false;
        foreach (BarSeries series in _bars.Values)
        {
            int index = _next[series.Symbol];
            if (index < series.Count && series[index].CloseTime == moment)
            {
                clock.AdvanceTo(moment);
                await broker.ShowAsync(series, series[index], cancellationToken);
                loop.Mark(series.Symbol, series[index].Close);
                _next[series.Symbol] = index + 1;
                any = true;
            }
        }

        return any;
    }

    /// <summary>What looks at prices has nothing to look at when no bar has closed since it was due before.</summary>
    private static bool IsWorthDoing(ProductionJob job, DateTimeOffset moment, DateTimeOffset shown, Timetable times) =>
        job switch
        {
            ProductionJob.Prices => false,
            ProductionJob.Settlement or ProductionJob.Decisions or ProductionJob.Reconciliation => shown > DateTimeOffset.MinValue
                && times.Next(job, shown.AddTicks(-1)) == moment,
            _ => true,
        };

    private async Task<ReplayReport> ReportAsync(int sessions, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeskDifference> differences = await loop.ReconcileAsync(cancellationToken);
        IReadOnlyList<RiskRefusal> refusals = await ledger.ReadAsync<RiskRefusal>(cancellationToken: cancellationToken);
        TrackerStats stats = await loop.GetStatsAsync(cancellationToken);
        return new ReplayReport(
            sessions,
            await ledger.CountAsync<TradingDecision>(cancellationToken),
            await ledger.CountAsync<Order>(cancellationToken),
            await ledger.CountAsync<Fill>(cancellationToken),
            new SortedDictionary<string, int>(
                refusals.CountBy(r => r.Rule).ToDictionary(r => r.Key, r => r.Value),
                StringComparer.Ordinal
            ),
            stats.Open + stats.Pending,
            stats.Closed + stats.NeverFilled,
            await broker.GetAccountAsync(cancellationToken),
            differences
        );
    }
}
