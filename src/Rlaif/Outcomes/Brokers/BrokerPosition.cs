namespace Rlaif.Outcomes.Brokers;

/// <summary>What an account holds of one instrument.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="Quantity">Shares; negative when they are borrowed and sold.</param>
/// <param name="AveragePrice">Mean price at which the position was entered, splits included.</param>
/// <param name="LastPrice">Last known price.</param>
public sealed record BrokerPosition(string Symbol, decimal Quantity, decimal AveragePrice, decimal LastPrice)
{
    /// <summary>Worth in currency; negative for a short position.</summary>
    public decimal MarketValue => Quantity * LastPrice;
}
