namespace Rlaif.Outcomes.Brokers;

/// <summary>When an order may be filled, and at what price.</summary>
public enum OrderType
{
    /// <summary>At the next price.</summary>
    Market,

    /// <summary>At the limit price or a better one.</summary>
    Limit,

    /// <summary>At the next price once the stop price is reached.</summary>
    Stop,

    /// <summary>At the limit price or a better one once the stop price is reached.</summary>
    StopLimit,

    /// <summary>As a stop that follows the best price since the order was accepted.</summary>
    TrailingStop,
}
