namespace Rlaif.Outcomes;

/// <summary>Why a candidate has no outcome: stable names that reports count by.</summary>
public static class SettlementReasons
{
    /// <summary>Pending: no complete bar opens at or after the decision yet.</summary>
    public const string WaitingForEntry = "waiting_for_entry";

    /// <summary>Pending: the session in which the holding period ends is not complete yet.</summary>
    public const string WaitingForExit = "waiting_for_exit";

    /// <summary>Failed: the symbol did not trade in the first session after the decision (a halt); a later price would be a stale fill.</summary>
    public const string NoEntryBar = "no_entry_bar";

    /// <summary>Failed: the symbol did not trade in the session in which the holding period ends, although it traded later.</summary>
    public const string MissingExitBar = "missing_exit_bar";

    /// <summary>Failed: the price at entry or exit is zero or negative.</summary>
    public const string NonPositivePrice = "non_positive_price";

    /// <summary>
    /// Said of positions, not of settlement: the exchange has gone on without the symbol, for three trading days or past the one on which the position is due
    /// (a long halt, a delisting, or bars that were not imported). It waits until bars come or it is closed by hand.
    /// </summary>
    public const string NoBars = "no_bars";

    /// <summary>Failed: the market has no bars of the symbol.</summary>
    public const string UnknownSymbol = "unknown_symbol";

    /// <summary>Failed: the ledger holds the candidate but not its context.</summary>
    public const string MissingContext = "missing_context";
}
