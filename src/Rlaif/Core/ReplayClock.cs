namespace Rlaif.Core;

/// <summary>A clock that stands still until it is told the time: for replays. It never goes back. Thread-safe.</summary>
/// <param name="start">Where it stands first, UTC.</param>
public sealed class ReplayClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves it on; a moment that is past changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        long next = moment.UtcTicks;
        long now = Interlocked.Read(ref _ticks);
        while (next > now)
        {
            long seen = Interlocked.CompareExchange(ref _ticks, next, now);
            now = seen == now ? next : seen;
        }
    }
}
