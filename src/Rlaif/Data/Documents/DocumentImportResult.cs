namespace Rlaif.Data.Documents;

/// <summary>What an import of documents did.</summary>
/// <param name="Files">Files that were read.</param>
/// <param name="Added">Documents that are new in the ledger.</param>
/// <param name="Skipped">Documents that were there already, or stood in the files more than once.</param>
/// <param name="Symbols">The symbols of all of these, in ordinal order.</param>
/// <param name="Problems">Rows and files that could not be used.</param>
public sealed record DocumentImportResult(
    int Files,
    int Added,
    int Skipped,
    IReadOnlyList<string> Symbols,
    IReadOnlyList<ImportProblem> Problems
);
