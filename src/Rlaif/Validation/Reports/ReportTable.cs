namespace Rlaif.Validation.Reports;

/// <summary>A table with a caption.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">The columns; the first names the row.</param>
/// <param name="Rows">One cell per column, ready to read; null is shown as a dash.</param>
public sealed record ReportTable(string Caption, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows);
