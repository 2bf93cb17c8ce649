namespace Rlaif.Outcomes;

/// <summary>A price at which an instrument was traded at one moment.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="Price">Price as quoted then, positive.</param>
/// <param name="At">The moment.</param>
public readonly record struct PriceTick(string Symbol, decimal Price, DateTimeOffset At);
