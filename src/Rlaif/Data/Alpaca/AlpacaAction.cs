namespace Rlaif.Data.Alpaca;

/// <summary>A corporate action as Alpaca states it.</summary>
/// <param name="Id">Alpaca's id.</param>
/// <param name="Type">Its type: <c>forward_splits</c>, <c>cash_dividends</c>, <c>spin_offs</c>, ...</param>
/// <param name="Symbol">The instrument whose holders are concerned.</param>
/// <param name="ExDate">The first day on the new terms; the effective or process date where there is no ex-date.</param>
/// <param name="Action">As prices and holders see it; null for types that are neither a split nor a dividend.</param>
public sealed record AlpacaAction(string Id, string Type, string Symbol, DateOnly ExDate, CorporateAction? Action);
