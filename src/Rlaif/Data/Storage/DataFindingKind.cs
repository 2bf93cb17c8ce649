namespace Rlaif.Data;

/// <summary>What <see cref="DataCheck"/> looks for. The order is that of a report's rows of one date.</summary>
public enum DataFindingKind
{
    /// <summary>Two bars open at the same time.</summary>
    Duplicate,

    /// <summary>A bar opens before the one before it has closed.</summary>
    NotIncreasing,

    /// <summary>A price is zero or below.</summary>
    NonPositivePrice,

    /// <summary>The high is below the low.</summary>
    HighBelowLow,

    /// <summary>Sessions of the exchange without a bar, between the first and the last bar of the symbol.</summary>
    Gap,

    /// <summary>The close moved by more than half, or the open looks like a 2:1 split, without a corporate action.</summary>
    Jump,

    /// <summary>At least five bars in a row with the same close, or without volume where the symbol usually has some.</summary>
    StaleRun,
}
