namespace Rlaif.Validation.Reports;

/// <summary>Points of one kind.</summary>
/// <param name="Label">The name in the legend.</param>
/// <param name="X">Positions along the bottom; dates as <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="Y">Positions up the side.</param>
public sealed record PlotSeries(string Label, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Whether each point of a line is marked. Default false.</summary>
    public bool Markers { get; init; }

    /// <summary>Points over dates.</summary>
    public static PlotSeries OverTime(string label, IEnumerable<(DateOnly Date, double Value)> points)
    {
        (DateOnly Date, double Value)[] all = [.. points];
        return new PlotSeries(label, [.. all.Select(p => (double)p.Date.DayNumber)], [.. all.Select(p => p.Value)]);
    }
}
