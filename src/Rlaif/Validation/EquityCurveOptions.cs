using Rlaif.Outcomes;

namespace Rlaif.Validation;

/// <summary>How decisions are turned into the value of an account.</summary>
public sealed record EquityCurveOptions
{
    /// <summary>
    /// Whether a position is sized by the equity at its entry (true, the default) or always by the starting equity (false).
    /// </summary>
    public bool Compounded { get; init; } = true;

    /// <summary>The costs with which the decisions were settled: commission, half-spread and slippage of one side fall due at the entry.</summary>
    public SettlementOptions Settlement { get; init; } = new();
}
