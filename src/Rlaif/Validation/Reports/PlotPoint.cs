namespace Rlaif.Validation.Reports;

/// <summary>A point with the interval of its value.</summary>
/// <param name="X">Position along the bottom.</param>
/// <param name="Value">Position up the side.</param>
/// <param name="Lower">Lower end of the interval; null draws none.</param>
/// <param name="Upper">Upper end of the interval; null draws none.</param>
public sealed record PlotPoint(double X, double Value, double? Lower = null, double? Upper = null);
