namespace Rlaif.Validation.Reports;

/// <summary>The axes of a plot.</summary>
public sealed record PlotAxes
{
    /// <summary>What runs along the bottom, with its unit.</summary>
    public required string XLabel { get; init; }

    /// <summary>What runs up the side, with its unit.</summary>
    public required string YLabel { get; init; }

    /// <summary>How the bottom ticks are written. Default: numbers.</summary>
    public PlotUnit XUnit { get; init; }

    /// <summary>How the side ticks are written. Default: numbers.</summary>
    public PlotUnit YUnit { get; init; }

    /// <summary>Horizontal lines to compare with (chance, zero, a target), dashed and named in the legend.</summary>
    public IReadOnlyList<ReferenceLine> HorizontalLines { get; init; } = [];

    /// <summary>Vertical lines to compare with (the best epoch, the mean), dashed and named in the legend.</summary>
    public IReadOnlyList<ReferenceLine> VerticalLines { get; init; } = [];
}
