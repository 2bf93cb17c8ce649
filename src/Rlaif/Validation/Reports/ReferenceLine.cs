namespace Rlaif.Validation.Reports;

/// <summary>A dashed line across a plot.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Value">Where it lies on its axis.</param>
public sealed record ReferenceLine(string Label, double Value);
