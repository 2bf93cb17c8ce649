namespace Rlaif.Data;

/// <summary>What a corporate action changes.</summary>
public enum CorporateActionKind
{
    /// <summary>The number of shares.</summary>
    Split,

    /// <summary>Cash paid to holders and owed by short sellers.</summary>
    Dividend,
}
