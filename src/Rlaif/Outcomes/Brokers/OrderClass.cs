namespace Rlaif.Outcomes.Brokers;

/// <summary>What other orders come with an order.</summary>
public enum OrderClass
{
    /// <summary>None.</summary>
    Simple,

    /// <summary>Once it is filled, a limit order at the target and a stop order at the stop price wait to close it; one cancels the other.</summary>
    Bracket,

    /// <summary>The order is a limit that closes a position; a stop order waits beside it; one cancels the other.</summary>
    Oco,
}
