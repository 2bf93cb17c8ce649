namespace Rlaif.Outcomes.Brokers;

/// <summary>What is sent to a broker.</summary>
public enum OrderSide
{
    /// <summary>Adds shares: opens or enlarges a long position, closes a short one.</summary>
    Buy,

    /// <summary>Takes shares away: closes a long position, opens or enlarges a short one.</summary>
    Sell,
}
