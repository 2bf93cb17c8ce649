namespace Rlaif.Validation.Reports;

/// <summary>A bar with the interval of its value.</summary>
/// <param name="Label">The name below the bar.</param>
/// <param name="Value">Height.</param>
/// <param name="Lower">Lower end of the interval; null draws none.</param>
/// <param name="Upper">Upper end of the interval; null draws none.</param>
/// <param name="IsEmphasized">Whether it is the bar that the others are compared with. Default false.</param>
public sealed record PlotBar(string Label, double Value, double? Lower = null, double? Upper = null, bool IsEmphasized = false);
