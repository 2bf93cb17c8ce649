namespace Rlaif.Data.Alpaca;

/// <summary>What a pull did.</summary>
/// <param name="Pages">Replies with bars or news that were read.</param>
/// <param name="Symbols">Symbols with bars in the range, in ordinal order.</param>
/// <param name="BarsAdded">New bars.</param>
/// <param name="BarsSkipped">Bars that were there already.</param>
/// <param name="ActionsAdded">New splits and dividends.</param>
/// <param name="DocumentsAdded">New documents, one for each article and symbol.</param>
/// <param name="DocumentsSkipped">Documents that were there already.</param>
/// <param name="Notes">What one should know, in sentences.</param>
/// <param name="Problems">What could not be used.</param>
public sealed record AlpacaPullResult(
    int Pages,
    IReadOnlyList<string> Symbols,
    int BarsAdded,
    int BarsSkipped,
    int ActionsAdded,
    int DocumentsAdded,
    int DocumentsSkipped,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ImportProblem> Problems
);
