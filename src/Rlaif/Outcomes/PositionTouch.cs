namespace Rlaif.Outcomes;

/// <summary>A live price at which an open position reached its target, its stop or its trailing stop.</summary>
/// <param name="PositionId">The position.</param>
/// <param name="Symbol">The instrument.</param>
/// <param name="Reason"><see cref="ExitReason.Target"/>, <see cref="ExitReason.Stop"/> or <see cref="ExitReason.TrailingStop"/>.</param>
/// <param name="Level">The level that was reached, as quoted now.</param>
/// <param name="Price">The price that reached it; beyond the level when the market jumped over it.</param>
/// <param name="At">When.</param>
public readonly record struct PositionTouch(
    string PositionId,
    string Symbol,
    ExitReason Reason,
    decimal Level,
    decimal Price,
    DateTimeOffset At
);
