namespace Rlaif.Outcomes.Brokers;

/// <summary>Where an order stands. The first three are open, all others final.</summary>
public enum OrderStatus
{
    /// <summary>Waits for the order that it belongs to.</summary>
    Held,

    /// <summary>Waits for a price.</summary>
    Accepted,

    /// <summary>Partly filled; the rest waits.</summary>
    PartiallyFilled,

    /// <summary>Filled.</summary>
    Filled,

    /// <summary>Cancelled, maybe after a part was filled.</summary>
    Canceled,

    /// <summary>Its time was over, maybe after a part was filled.</summary>
    Expired,

    /// <summary>Another order took its place, maybe after a part was filled.</summary>
    Replaced,

    /// <summary>The broker did not take it.</summary>
    Rejected,
}
