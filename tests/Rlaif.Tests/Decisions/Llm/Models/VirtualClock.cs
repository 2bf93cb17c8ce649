namespace Rlaif.Tests.Decisions.Llm.Models;

/// <summary>
/// A clock that moves only when something waits for it, and then exactly there. Waits longer than a horizon (time-outs) never come, so
/// what is measured does not depend on how fast the machine is.
/// </summary>
internal sealed class VirtualClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private TimeSpan _now;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass in which nothing that waits comes due.</summary>
    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            _now += time;
        }
    }

    /// <summary>Lets time pass until the task is done.</summary>
    public Task<T> RunAsync<T>(Task<T> task, TimeSpan horizon) => RunAsync(task, () => horizon);

    /// <summary>The same with a horizon that may change: a time-out comes only while there is something to wait for in vain.</summary>
    public async Task<T> RunAsync<T>(Task<T> task, Func<TimeSpan> horizon)
    {
        while (!task.IsCompleted)
        {
            if (!FireNext(horizon()))
            {
                await Task.Yield();
            }
        }

        return await task;
    }

    private bool FireNext(TimeSpan horizon)
    {
        VirtualTimer? next;
        lock (_gate)
        {
            next = _timers.Where(t => t.Due is { } due && due <= _now + horizon).MinBy(t => t.Due);
            if (next is null)
            {
                return false;
            }

            _now = next.Due!.Value > _now ? next.Due.Value : _now;
            next.Due = null;
        }

        next.Fire();
        return true;
    }

    private sealed class VirtualTimer(VirtualClock clock, Action fire) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
