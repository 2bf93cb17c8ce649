namespace Rlaif.Data;

/// <summary>What the store holds of one symbol.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="Bars">Number of bars.</param>
/// <param name="FirstDate">Session of the first bar.</param>
/// <param name="LastDate">Session of the last bar.</param>
/// <param name="Adjusted">
/// False when a split is kept beside the prices, which therefore do not reflect it; null when no split is kept: either there was none,
/// or the prices reflect it, which the stored bars alone cannot tell.
/// </param>
public sealed record StoredSymbol(string Symbol, int Bars, DateOnly FirstDate, DateOnly LastDate, bool? Adjusted);
