namespace Rlaif.Outcomes.Brokers;

/// <summary>How long an order waits.</summary>
public enum TimeInForce
{
    /// <summary>Until the end of the first session in which it can be filled.</summary>
    Day,

    /// <summary>Until it is cancelled.</summary>
    Gtc,

    /// <summary>For the close of the first session in which it can be filled: a market order at the closing price.</summary>
    Close,
}
