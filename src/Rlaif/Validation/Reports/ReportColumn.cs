namespace Rlaif.Validation.Reports;

/// <summary>A column of a table.</summary>
/// <param name="Header">What is in it.</param>
/// <param name="Unit">Its unit, shown below the header; null for none.</param>
/// <param name="IsNumeric">Whether it is aligned right, in figures of equal width. Default true.</param>
public sealed record ReportColumn(string Header, string? Unit = null, bool IsNumeric = true)
{
    /// <summary>A column of words.</summary>
    public static ReportColumn Text(string header) => new(header, Unit: null, IsNumeric: false);
}
