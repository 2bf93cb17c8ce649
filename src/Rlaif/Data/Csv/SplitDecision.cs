namespace Rlaif.Data;

/// <summary>What was decided about one split: kept beside the prices, or left out because the prices already reflect it.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="ExDate">The first session after the split.</param>
/// <param name="Ratio">New shares per old share.</param>
/// <param name="Jump">Open of the ex-date over the close before, a plain ratio; null when there is no bar before.</param>
/// <param name="Kept">Whether the split is a <see cref="CorporateAction"/> of the series.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record SplitDecision(string Symbol, DateOnly ExDate, decimal Ratio, double? Jump, bool Kept, string Reason);
