namespace Rlaif.Validation.Reports;

/// <summary>A plot as inline SVG with its legend.</summary>
/// <param name="Svg">An <c>svg</c> element without identifiers, scripts or outside references.</param>
/// <param name="Legend">The names of its colors, in the order of drawing.</param>
public sealed record PlotFigure(string Svg, IReadOnlyList<LegendEntry> Legend);
