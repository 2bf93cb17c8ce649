namespace Rlaif.Validation.Reports;

/// <summary>A line of a figure's legend.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Color">Color on a light page, <c>#RRGGBB</c>.</param>
/// <param name="IsDashed">Whether it is a reference line.</param>
public sealed record LegendEntry(string Label, string Color, bool IsDashed);
