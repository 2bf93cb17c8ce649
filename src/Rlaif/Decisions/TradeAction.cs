namespace Rlaif.Decisions;

/// <summary>What an agent says should be done.</summary>
public enum TradeAction
{
    /// <summary>Open a long position.</summary>
    Buy,

    /// <summary>Open a short position.</summary>
    Sell,

    /// <summary>Do nothing.</summary>
    Hold,
}
