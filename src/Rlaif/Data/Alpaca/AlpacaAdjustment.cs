namespace Rlaif.Data.Alpaca;

/// <summary>What prices reflect.</summary>
public enum AlpacaAdjustment
{
    /// <summary>Nothing: prices as traded.</summary>
    Raw,

    /// <summary>All splits up to today.</summary>
    Split,

    /// <summary>All splits, cash dividends and spin-offs up to today.</summary>
    All,
}
