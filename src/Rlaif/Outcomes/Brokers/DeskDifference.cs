namespace Rlaif.Outcomes.Brokers;

/// <summary>Something that the broker's books and the ledger do not agree on.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="Kind"><c>position</c>, <c>order_unknown_to_broker</c> or <c>order_unknown_to_ledger</c>.</param>
/// <param name="Text">The difference in a sentence, with both sides' numbers.</param>
public sealed record DeskDifference(string Symbol, string Kind, string Text);
