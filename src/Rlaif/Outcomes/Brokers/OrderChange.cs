namespace Rlaif.Outcomes.Brokers;

/// <summary>What a replacement changes; null leaves it as it is.</summary>
/// <param name="Quantity">Shares in all, what is filled already included.</param>
/// <param name="LimitPrice">The new limit.</param>
/// <param name="StopPrice">The new stop.</param>
public sealed record OrderChange(decimal? Quantity = null, decimal? LimitPrice = null, decimal? StopPrice = null);
