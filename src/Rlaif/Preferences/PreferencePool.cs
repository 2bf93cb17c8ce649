namespace Rlaif.Preferences;

/// <summary>How much the two sides of a pair share, best first.</summary>
public enum PreferencePool
{
    /// <summary>Same symbol and moment: two answers to one question. The only pool that direct preference optimization may use.</summary>
    SameContext,

    /// <summary>Same moment, different symbols: the market's move is shared.</summary>
    SameDate,

    /// <summary>Same symbol within a window of days: the guide's comparison.</summary>
    SameSymbol,
}
