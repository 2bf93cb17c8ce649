using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Rlaif.Data;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Cli;

/// <summary>
/// A production loop on the real clock: Quartz calls for its jobs, one at a time; before each of them new prices are taken in. A job that fails is written down,
/// told, and tried again at its next time; nothing but the end of the process ends the run.
/// </summary>
internal sealed class LiveRun(
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
    private DateTimeOffset _shownUntil;

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

    private async Task FollowScheduleAsync(CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton(this);
        services.AddSingleton(new RunToken(cancellationToken));
        services.AddQuartz(q =>
        {
            q.UseTimeProvider(context.Time);
            q.UseDefaultThreadPool(1);
            q.UsePersistentStore(store =>
            {
                store.UseSqlite($"Data Source={context.Home.Schedule}");
                store.ProvisionSchema();
            });
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        IScheduler scheduler = await provider.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellationToken);
        await ScheduleAsync(scheduler, cancellationToken);
        await scheduler.Start(cancellationToken);
        SayWhatIsNext();
        try
        {
            await Task.WhenAll(Task.Delay(Timeout.Infinite, cancellationToken), FollowUpdatesAsync(cancellationToken));
        }
        finally
        {
            sight.Say("stopping: the step under way comes to its end");
            await scheduler.Shutdown(true, CancellationToken.None);
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
            await TakePricesAsync(cancellationToken);
            JobRun run = await loop.RunAsync(job, dueAt, cancellationToken);
            await EndSessionAsync(cancellationToken);
            BrokerAccount account = await broker.GetAccountAsync(cancellationToken);
            RlaifTelemetry.Account(account.Equity, (await broker.GetPositionsAsync(cancellationToken)).Count);
            return run;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            sight.Detail(e, ScheduleFile.Word(job));
            return await loop.FailedAsync(job, dueAt, e);
        }
    }

    /// <summary>Takes over what happened while no process ran, compares the books, and takes decisions that were only just missed.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        foreach (string symbol in loop.Symbols)
        {
            BarSeries bars = await market.GetBarsAsync(symbol, now, cancellationToken);
            if (bars.Count > 0)
            {
                await MarkAsync(symbol, bars[bars.Count - 1].Close, cancellationToken);
            }
        }

        if (broker is PaperBroker paper)
        {
            DateTimeOffset seen = paper.Latest;
            _shownUntil = paper.ResumeFrom < seen ? paper.ResumeFrom.Value : seen;
            // An account that never traded has nothing to catch up with.
            _shownUntil = _shownUntil == default ? now : _shownUntil;
        }

        await DoAsync(ProductionJob.Reconciliation, now, cancellationToken);
        if (
            schedule.ToTimetable().Next(ProductionJob.Decisions, now - StillWorthDeciding) is { } missed
            && missed < context.Time.GetUtcNow()
        )
        {
            await DoAsync(ProductionJob.Decisions, missed, cancellationToken);
        }
    }

    private async Task TakePricesAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        try
        {
            if (await feed.RefreshAsync(now, cancellationToken) is { } pulled)
            {
                foreach (ImportProblem problem in pulled.Problems)
                {
                    sight.Warn(problem.ToString());
                }

                if (pulled.BarsAdded + pulled.ActionsAdded + pulled.DocumentsAdded > 0)
                {
                    await market.ReloadAsync(cancellationToken);
                }
            }

            await ShowAsync(now, cancellationToken);
            if (NyseCalendar.IsOpen(now))
            {
                foreach ((string symbol, AlpacaTrade trade) in await feed.LastTradesAsync(cancellationToken))
                {
                    await MarkAsync(symbol, trade.Price, cancellationToken);
                }
            }
        }
        catch (AlpacaException e)
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
        foreach (string symbol in loop.Symbols)
        {
            BarSeries series = await market.GetBarsAsync(symbol, now, cancellationToken);
            int known = series.Count;
            for (int i = series.FirstOpenAtOrAfter(_shownUntil - LongestBar); i < known; i++)
            {
                if (series[i].CloseTime > _shownUntil)
                {
                    fresh.Add((series, series[i]));
                }
            }
        }

        foreach ((BarSeries series, Bar bar) in fresh.OrderBy(f => f.Bar.CloseTime).ThenBy(f => f.Series.Symbol))
        {
            await paper.ShowAsync(series, bar, cancellationToken);
            loop.Mark(series.Symbol, bar.Close);
            _shownUntil = bar.CloseTime;
        }
    }

    private async Task MarkAsync(string symbol, decimal price, CancellationToken cancellationToken)
    {
        loop.Mark(symbol, price);
        if (broker is PaperBroker paper)
        {
            await paper.MarkAsync(symbol, price, cancellationToken);
        }
    }

    private async Task EndSessionAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, ScheduleFile.Zone).DateTime);
        if (NyseCalendar.IsSession(day) && NyseCalendar.Hours(day).Close <= now)
        {
            await loop.EndSessionAsync(day, cancellationToken);
        }
    }

    /// <summary>Puts the file's times into the store. A trigger that is there with the same times stays, and with it what it missed.</summary>
    private async Task ScheduleAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<TriggerKey>();
        foreach ((ProductionJob job, IReadOnlyList<CronExpression> times) in schedule.Times)
        {
            string name = ScheduleFile.Word(job);
            IJobDetail detail = JobBuilder.Create<ScheduledJob>().WithIdentity(name).StoreDurably().Build();
            await scheduler.AddJob(detail, new AddJobOptions { Replace = true }, cancellationToken);
            foreach ((int index, CronExpression time) in times.Index())
            {
                var key = new TriggerKey($"{name}-{index}");
                wanted.Add(key);
                if (
                    await scheduler.GetTrigger(key, cancellationToken) is ICronTrigger there
                    && there.CronExpressionString == time.CronExpressionString
                )
                {
                    continue;
                }

                bool isMadeUp = job is not (ProductionJob.Prices or ProductionJob.Decisions);
                ITrigger trigger = TriggerBuilder
                    .Create(context.Time)
                    .WithIdentity(key)
                    .ForJob(detail)
                    .WithCronSchedule(
                        time.CronExpressionString,
                        c =>
                            c.InTimeZone(ScheduleFile.Zone)
                                .WithMisfireInstruction(
                                    isMadeUp
                                        ? CronTriggerMisfireInstruction.FireAndProceed
                                        : CronTriggerMisfireInstruction.DoNothing
                                )
                    )
                    .Build();
                await scheduler.UnscheduleJob(key, cancellationToken);
                await scheduler.ScheduleJob(trigger, cancellationToken: cancellationToken);
            }
        }

        foreach (ProductionJob job in Enum.GetValues<ProductionJob>())
        {
            await RemoveOthersAsync(scheduler, ScheduleFile.Word(job), wanted, cancellationToken);
        }
    }

    /// <summary>Takes out the times that are not in the file any more.</summary>
    private static async Task RemoveOthersAsync(
        IScheduler scheduler,
        string name,
        HashSet<TriggerKey> wanted,
        CancellationToken cancellationToken
    )
    {
        for (int index = 0; ; index++)
        {
            var key = new TriggerKey($"{name}-{index}");
            if (wanted.Contains(key))
            {
                continue;
            }

            if (!await scheduler.UnscheduleJob(key, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>At a broker that tells at once what happens to orders, nothing waits for the next minute.</summary>
    private async Task FollowUpdatesAsync(CancellationToken cancellationToken)
    {
        if (broker is not AlpacaBroker alpaca)
        {
            return;
        }

        try
        {
            await foreach (AlpacaTradeUpdate _ in alpaca.ReadUpdatesAsync(null, cancellationToken))
            {
                await DoAsync(ProductionJob.Prices, context.Time.GetUtcNow(), cancellationToken);
            }
        }
        catch (AlpacaException e)
        {
            sight.Warn($"no updates of orders as they happen, only at the times of the schedule: {e.Message}");
        }
    }

    private void SayWhatIsNext()
    {
        Timetable times = schedule.ToTimetable();
        DateTimeOffset now = context.Time.GetUtcNow();
        IEnumerable<string> next = times
            .Jobs.Select(j => (Job: j, At: times.Next(j, now)))
            .Where(n => n.At is not null)
            .Select(n =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ScheduleFile.Word(n.Job)} {TimeZoneInfo.ConvertTime(n.At!.Value, ScheduleFile.Zone):ddd HH:mm}"
                )
            );
        sight.Say($"the schedule runs; next in New York: {string.Join(", ", next)}");
    }

    /// <summary>Ends the jobs with the run.</summary>
    internal sealed record RunToken(CancellationToken Token);

    /// <summary>What Quartz makes an instance of for each job that is due.</summary>
    [DisallowConcurrentExecution]
    internal sealed class ScheduledJob(LiveRun run, RunToken token) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            ProductionJob job = Enum.GetValues<ProductionJob>().Single(j => ScheduleFile.Word(j) == context.JobDetail.Key.Name);
            try
            {
                await run.DoAsync(job, context.ScheduledFireTimeUtc ?? context.FireTimeUtc, token.Token);
            }
            catch (OperationCanceledException) when (token.Token.IsCancellationRequested)
            {
                // The run is over; the job is taken up by the next one.
            }
        }
    }
}
