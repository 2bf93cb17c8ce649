namespace Rlaif.Data.Alpaca;

/// <summary>How long a bar is.</summary>
public enum AlpacaTimeframe
{
    /// <summary>A session.</summary>
    Day,

    /// <summary>An hour of the clock.</summary>
    Hour,

    /// <summary>A minute.</summary>
    Minute,
}
