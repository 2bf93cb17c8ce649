namespace Rlaif.Outcomes.Brokers;

/// <summary>An account at one moment, in currency.</summary>
/// <param name="Cash">Cash; negative when shares were bought on credit.</param>
/// <param name="Equity">Cash and the worth of all positions.</param>
/// <param name="GrossExposure">Sum of the positions' worth, whatever their side.</param>
/// <param name="BuyingPower">What may still be bought or sold short.</param>
public sealed record BrokerAccount(decimal Cash, decimal Equity, decimal GrossExposure, decimal BuyingPower);
