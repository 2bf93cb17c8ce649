using System.Globalization;
using System.Threading.Channels;
using Rlaif.Data;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Cli;

/// <summary>
/// A production loop on the real clock: Quartz calls for its jobs, one at a time; before each of them new prices are taken in. A job that fails is written down,
/// told, and tried again at its next time; nothing but the end of the process ends the run.
/// </summary>
internal sealed partial class LiveRun(
    CommandContext context,
    ProductionLoop loop,
    LiveMarket market,
    AlpacaFeed feed,
    IBroker broker,
    ScheduleFile schedule,
    RunSight sight
) : IDisposable
{
    // Decisions that a restart held up are still taken on these prices; later ones wait for their next time.
    private static readonly TimeSpan StillWorthDeciding = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LongestBar = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, DateTimeOffset> _shownUntil = new(StringComparer.Ordinal);
    private DateTimeOffset _beganAt;
    private DateTimeOffset? _heldUp;

    /// <summary>Trades until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(cancellationToken);
            await FollowScheduleAsync(cancellationToken);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            // What is broken off while it begins ends in errors of all kinds.
            if (e is not OperationCanceledException)
            {
                sight.Detail(e, "stop");
            }

            sight.Say("stopped");
        }
    }

    /// <summary>Does one job, whoever calls for it.</summary>
    public async Task DoAsync(ProductionJob job, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using JobTelemetry telemetry = RlaifTelemetry.Job(ScheduleFile.Word(job));
            JobRun run = await TryAsync(job, dueAt, cancellationToken);
            telemetry.Complete(run.Outcome.ToString().ToLowerInvariant());
            sight.Ended(run, loop.Differences);
            if (job == ProductionJob.Prices && _heldUp is { } missed)
            {
                _heldUp = null;
                if (context.Time.GetUtcNow() - missed < StillWorthDeciding)
                {
                    sight.Ended(await TryAsync(ProductionJob.Decisions, missed, cancellationToken), loop.Differences);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<JobRun> TryAsync(ProductionJob job, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        try
        {
            await loop.EnforceHaltAsync();
            await TakePricesAsync(job, cancellationToken);
            JobRun run = await loop.RunAsync(job, dueAt, cancellationToken);
            await LookAtAccountAsync(cancellationToken);
            return run;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            sight.Detail(e, ScheduleFile.Word(job));
            if (job == ProductionJob.Decisions && context.Time.GetUtcNow() - dueAt < StillWorthDeciding)
            {
                // Not given up for the day: tried again with the next prices.
                _heldUp = dueAt;
                sight.Warn($"decisions are held up: {e.Message}");
                return new JobRun
                {
                    Job = job,
                    DueAt = dueAt,
                    EndedAt = context.Time.GetUtcNow(),
                    Outcome = JobOutcome.Skipped,
                    Text = $"held up: {e.Message}",
                };
            }

            return await loop.FailedAsync(job, dueAt, e);
        }
    }

    /// <summary>Takes over what happened while no process ran, compares the books, and takes decisions that were only just missed.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        await MarkLastBarsAsync(now, cancellationToken);
        if (broker is PaperBroker paper)
        {
            DateTimeOffset seen = paper.Latest;
            _beganAt = paper.ResumeFrom < seen ? paper.ResumeFrom.Value : seen;
            // An account that never traded has nothing to catch up with.
            _beganAt = _beganAt == default ? now : _beganAt;
        }

        loop.AwaitReconciliation();
        await DoAsync(ProductionJob.Reconciliation, now, cancellationToken);
        // Stops of what was filled meanwhile had to wait for that.
        await DoAsync(ProductionJob.Prices, now, cancellationToken);
        if (
            schedule.ToTimetable().Next(ProductionJob.Decisions, now - StillWorthDeciding) is { } missed
            && missed < context.Time.GetUtcNow()
        )
        {
            await DoAsync(ProductionJob.Decisions, missed, cancellationToken);
        }
    }

    private async Task LookAtAccountAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EndSessionAsync(cancellationToken);
            BrokerAccount account = await broker.GetAccountAsync(cancellationToken);
            RlaifTelemetry.Account(account.Equity, (await broker.GetPositionsAsync(cancellationToken)).Count);
        }
        catch (Exception e) when (e is BrokerDoubtException or AlpacaException)
        {
            sight.Warn($"the account cannot be looked at: {e.Message}");
        }
    }

    private async Task TakePricesAsync(ProductionJob job, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        try
        {
            AlpacaPullResult? pulled = await feed.RefreshAsync(now, cancellationToken);
            foreach (ImportProblem problem in pulled?.Problems ?? [])
            {
                sight.Warn(problem.ToString());
            }

            // Another process may have pulled bars, too.
            if (job != ProductionJob.Prices || pulled is { BarsAdded: > 0 } or { ActionsAdded: > 0 })
            {
                await market.ReloadAsync(cancellationToken);
            }

            if (NyseCalendar.IsSession(NewYorkDay(now)) && now < NyseCalendar.Hours(NewYorkDay(now)).Open)
            {
                // The last trade that was seen may be of an old share.
                await MarkLastBarsAsync(now, cancellationToken);
            }

            await ShowAsync(now, cancellationToken);
            if (NyseCalendar.IsOpen(now))
            {
                foreach ((string symbol, AlpacaTrade trade) in await feed.LastTradesAsync(cancellationToken))
                {
                    await MarkAsync(symbol, trade.Price, NewYorkDay(trade.KnownAt), cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is AlpacaException or RlaifInputException)
        {
            // What is held can be looked after all the same; nothing is decided on bars that did not come.
            sight.Warn($"no new prices: {e.Message}");
        }
    }

    /// <summary>Shows the paper broker the bars that have closed since it last looked.</summary>
    private async Task ShowAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (broker is not PaperBroker paper)
        {
            return;
        }

        var fresh = new List<(BarSeries Series, Bar Bar)>();
        foreach (string symbol in loop.Watched)
        {
            BarSeries series = await market.GetBarsAsync(symbol, now, cancellationToken);
            int known = series.Count;
            DateTimeOffset shown = _shownUntil.GetValueOrDefault(symbol, _beganAt);
            for (int i = series.FirstOpenAtOrAfter(shown - LongestBar); i < known; i++)
            {
                if (series[i].CloseTime > shown)
                {
                    fresh.Add((series, series[i]));
                }
            }
        }

        foreach ((BarSeries series, Bar bar) in fresh.OrderBy(f => f.Bar.CloseTime).ThenBy(f => f.Series.Symbol))
        {
            await paper.ShowAsync(series, bar, cancellationToken);
            loop.Mark(series.Symbol, bar.Close);
            _shownUntil[series.Symbol] = bar.CloseTime;
        }
    }

    private async Task MarkLastBarsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (string symbol in loop.Watched)
        {
            BarSeries bars = await market.GetBarsAsync(symbol, now, cancellationToken);
            if (bars.Count > 0)
            {
                await MarkAsync(symbol, bars[bars.Count - 1].Close, bars[bars.Count - 1].Session, cancellationToken);
            }
        }
    }

    /// <summary>Tells the price of a day in the shares that the broker counts: on the morning of a split they are others than those of the last bar, or of a last trade.</summary>
    private async Task MarkAsync(string symbol, decimal price, DateOnly day, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        BarSeries bars = await market.GetBarsAsync(symbol, now, cancellationToken);
        DateOnly asOf = broker.SharesAsOf(bars.Count > 0 ? bars[bars.Count - 1].Session : day, now);
        foreach (CorporateAction split in bars.Actions.Where(a => a.Kind == CorporateActionKind.Split))
        {
            price *= split.ExDate > asOf && split.ExDate <= day ? split.Value : 1;
            price /= split.ExDate > day && split.ExDate <= asOf ? split.Value : 1;
        }

        loop.Mark(symbol, price);
        if (broker is PaperBroker paper)
        {
            await paper.MarkAsync(symbol, price, cancellationToken);
        }
    }

    private async Task EndSessionAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        DateOnly day = NewYorkDay(now);
        if (NyseCalendar.IsSession(day) && NyseCalendar.Hours(day).Close <= now)
        {
            await loop.EndSessionAsync(day, cancellationToken);
        }
    }

    private static DateOnly NewYorkDay(DateTimeOffset moment) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, ScheduleFile.Zone).DateTime);

    /// <summary>At a broker that tells at once what happens to orders, nothing waits for the next minute.</summary>
    private async Task FollowUpdatesAsync(CancellationToken cancellationToken)
    {
        if (broker is not AlpacaBroker alpaca)
        {
            return;
        }

        // However many come while one is looked at: they are looked at together.
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        try
        {
            Task looking = LookAsync();
            await foreach (AlpacaTradeUpdate _ in alpaca.ReadUpdatesAsync(null, cancellationToken))
            {
                news.Writer.TryWrite(true);
            }

            await looking;

            async Task LookAsync()
            {
                await foreach (bool _ in news.Reader.ReadAllAsync(cancellationToken))
                {
                    await DoAsync(ProductionJob.Prices, context.Time.GetUtcNow(), cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            sight.Warn($"no updates of orders as they happen, only at the times of the schedule: {e.Message}");
        }
    }
}
