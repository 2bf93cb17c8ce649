namespace Rlaif.Examples;

/// <summary>A clock that is set by hand: history passes as fast as it is read.</summary>
internal sealed class SimulatedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
