namespace Rlaif.Data;

/// <summary>
/// A split or a cash dividend that takes effect before the open of <paramref name="ExDate"/>.
/// <paramref name="Value"/> is new shares per old share for a split (4 for 4:1), cash per share for a dividend.
/// </summary>
public readonly record struct CorporateAction(DateOnly ExDate, CorporateActionKind Kind, decimal Value);
