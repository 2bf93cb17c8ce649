namespace Rlaif.Data.Indicators;

/// <summary>What an output of an indicator is measured in.</summary>
public enum IndicatorUnit
{
    /// <summary>No unit: an oscillator, a percentage, a ratio.</summary>
    None,

    /// <summary>Currency per share, as quoted on the bar.</summary>
    Price,

    /// <summary>Shares, as counted on the bar.</summary>
    Shares,
}
