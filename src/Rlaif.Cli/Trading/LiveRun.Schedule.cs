using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Rlaif.Cli;

/// <content>When the jobs are done: Quartz, its triggers in a store of the home.</content>
internal sealed partial class LiveRun
{
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
                store.ConfigureStore(o => o.RecoverFiringsCancelledByShutdown = true);
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

    /// <summary>Does a job that Quartz calls for; decisions only when their time is not long past.</summary>
    internal async Task WhenDueAsync(ProductionJob job, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        if (job == ProductionJob.Decisions)
        {
            DateTimeOffset now = context.Time.GetUtcNow();
            if (schedule.ToTimetable().Next(job, now - StillWorthDeciding) is not { } due || due > now)
            {
                return;
            }

            dueAt = due;
        }

        await DoAsync(job, dueAt, cancellationToken);
    }

    /// <summary>Puts the file's times into the store. A trigger that is there with the same times stays, and with it what it missed.</summary>
    private async Task ScheduleAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<TriggerKey>();
        foreach ((ProductionJob job, IReadOnlyList<CronExpression> times) in schedule.Times)
        {
            string name = ScheduleFile.Word(job);
            // What a dead process had begun is done again; for prices the next minute will do.
            IJobDetail detail = JobBuilder
                .Create<ScheduledJob>()
                .WithIdentity(name)
                .StoreDurably()
                .RequestRecovery(job != ProductionJob.Prices)
                .Build();
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

                // Decisions that come late are taken if it is not too late: see StillWorthDeciding.
                bool isMadeUp = job != ProductionJob.Prices;
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
            await run.WhenDueAsync(job, context.ScheduledFireTimeUtc ?? context.FireTimeUtc, token.Token);
        }
    }
}
