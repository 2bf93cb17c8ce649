namespace Rlaif.Validation.Reports;

/// <summary>The part of the plane that a plot shows: its data with a margin.</summary>
internal sealed record PlotExtent(double XFrom, double XTo, double YFrom, double YTo)
{
    private const double MarginX = 0.02;
    private const double MarginY = 0.07;

    internal static PlotExtent Of(IReadOnlyList<PlotSeries> series) =>
        Of([.. series.SelectMany(s => s.X)], [.. series.SelectMany(s => s.Y)]);

    internal static PlotExtent Of(IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        (double xFrom, double xTo) = Range(xs, MarginX);
        (double yFrom, double yTo) = Range(ys, MarginY);
        return new PlotExtent(xFrom, xTo, yFrom, yTo);
    }

    /// <summary>Makes room for the reference lines.</summary>
    internal PlotExtent Including(PlotAxes axes)
    {
        (double xFrom, double xTo) = Range([XFrom, XTo, .. axes.VerticalLines.Select(l => l.Value)], 0);
        double lowest = axes.HorizontalLines.Select(l => l.Value).Append(double.PositiveInfinity).Min();
        double highest = axes.HorizontalLines.Select(l => l.Value).Append(double.NegativeInfinity).Max();
        double room = MarginY * (YTo - YFrom);
        return new PlotExtent(xFrom, xTo, Math.Min(YFrom, lowest - room), Math.Max(YTo, highest + room));
    }

    /// <summary>Takes the margin below zero away, so that bars stand on the axis; none goes below zero.</summary>
    internal PlotExtent StandingOnZero() => this with { YFrom = YFrom >= -MarginY * (YTo - YFrom) ? 0 : YFrom };

    /// <summary>The finite points of a series; of a long one the lowest and the highest of each stretch, so that no peak is lost.</summary>
    internal static (double[] X, double[] Y) Thinned(PlotSeries series, int most)
    {
        (double X, double Y)[] points =
        [
            .. series.X.Zip(series.Y).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second)),
        ];
        if (points.Length > most)
        {
            int stretch = (int)Math.Ceiling(2.0 * points.Length / most);
            points =
            [
                .. points
                    .Chunk(stretch)
                    .SelectMany(c =>
                    {
                        int low = Array.IndexOf(c, c.MinBy(p => p.Y));
                        int high = Array.IndexOf(c, c.MaxBy(p => p.Y));
                        return low == high ? [c[low]] : new[] { c[Math.Min(low, high)], c[Math.Max(low, high)] };
                    }),
            ];
        }

        return ([.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]);
    }

    private static (double From, double To) Range(IEnumerable<double> values, double margin)
    {
        double from = double.PositiveInfinity;
        double to = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            from = Math.Min(from, value);
            to = Math.Max(to, value);
        }

        if (from > to)
        {
            return (0, 1);
        }

        // A single value still needs a range around it.
        double pad = to > from ? margin * (to - from) : Math.Max(Math.Abs(from) * 0.1, 1e-3);
        return (from - pad, to + pad);
    }
}
