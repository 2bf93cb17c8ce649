namespace Rlaif.Data;

/// <summary>Something that the store refused because it holds another value; the stored one stays.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="OpenTime">The bar, by its open; null when the whole series or a corporate action is concerned.</param>
/// <param name="Field">What differs.</param>
/// <param name="Value">What was offered.</param>
/// <param name="Rule">Why it was refused, with the stored value.</param>
public sealed record BarConflict(string Symbol, DateTimeOffset? OpenTime, string Field, string Value, string Rule);
