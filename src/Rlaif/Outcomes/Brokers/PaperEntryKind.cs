namespace Rlaif.Outcomes.Brokers;

/// <summary>What moved an account.</summary>
internal enum PaperEntryKind
{
    /// <summary>An order was filled.</summary>
    Fill,

    /// <summary>Shares were split.</summary>
    Split,

    /// <summary>A dividend was paid to a holder, or by a short seller.</summary>
    Dividend,

    /// <summary>Shares were borrowed over night.</summary>
    Borrow,
}
