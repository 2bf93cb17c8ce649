namespace Rlaif.Outcomes;

/// <summary>Where and why a position ends.</summary>
/// <param name="WholeBars">Position in the series after the last bar that the position was held through from open to close.</param>
/// <param name="Session">Trading day of the exit.</param>
/// <param name="Price">Fill, as quoted on that day.</param>
/// <param name="At">Moment of the fill.</param>
/// <param name="KnownAt">When the exit could first be known.</param>
/// <param name="Reason">Why.</param>
/// <param name="Opened">Open of a bar that the position did not outlive: the one other price of that bar it surely saw; else null.</param>
internal readonly record struct ExitPoint(
    int WholeBars,
    DateOnly Session,
    decimal Price,
    DateTimeOffset At,
    DateTimeOffset KnownAt,
    ExitReason Reason,
    decimal? Opened = null
);
