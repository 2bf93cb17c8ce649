namespace Rlaif.Data;

/// <summary>What adding series to a <see cref="BarStore"/> changed.</summary>
/// <param name="BarsAdded">New bars.</param>
/// <param name="BarsSkipped">Bars that were there already, with the same values.</param>
/// <param name="ActionsAdded">New splits and dividends.</param>
/// <param name="Conflicts">What was refused.</param>
public sealed record BarStoreChange(int BarsAdded, int BarsSkipped, int ActionsAdded, IReadOnlyList<BarConflict> Conflicts);
