using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Rlaif.Validation.Reports;

/// <summary>
/// Plots as inline SVG, the same bytes for the same numbers. Colors follow the page's light or dark scheme; legends are HTML, beside
/// the plot. Points that are not finite are left out.
/// </summary>
public static class ReportPlot
{
    private const int Width = 760;
    private const int Height = 320;
    private const int MostPointsOfALine = 1500;
    private const float LineWidth = 2;
    private const float MarkerSize = 7;
    private const int LabelRoom = 50;
    private const int LinesInLabelRoom = 3;
    private const int LineHeight = 15;
    private const float TickFontSize = 12;
    private const float LabelFontSize = 13;
    private const double BarWidth = 0.6;
    private const int FewBars = 6;
    private const double WhiskerWidth = 0.12;
    private const double WhiskerCap = 0.008;
    private static readonly double[] Diagonal = [0.5, 1];

    /// <summary>One or many lines; long ones are thinned to what can be seen.</summary>
    public static PlotFigure Lines(PlotAxes axes, params IReadOnlyList<PlotSeries> series) =>
        Draw(
            axes,
            PlotExtent.Of(series).Including(axes),
            plot =>
            {
                for (int i = 0; i < series.Count; i++)
                {
                    (double[] xs, double[] ys) = PlotExtent.Thinned(series[i], MostPointsOfALine);
                    Scatter line = plot.Add.Scatter(xs, ys, Color.FromHex(PlotPalette.SeriesColor(i)));
                    line.LineWidth = LineWidth;
                    line.MarkerSize = series[i].Markers ? MarkerSize : 0;
                }
            },
            Names(series)
        );

    /// <summary>Points without lines.</summary>
    public static PlotFigure Scatter(PlotAxes axes, params IReadOnlyList<PlotSeries> series) =>
        Draw(
            axes,
            PlotExtent.Of(series).Including(axes),
            plot =>
            {
                for (int i = 0; i < series.Count; i++)
                {
                    (double[] xs, double[] ys) = PlotExtent.Thinned(series[i], MostPointsOfALine);
                    plot.Add.ScatterPoints(xs, ys, Color.FromHex(PlotPalette.SeriesColor(i))).MarkerSize = MarkerSize;
                }
            },
            Names(series)
        );

    /// <summary>Bars from zero, each with the interval of its value where it has one.</summary>
    public static PlotFigure Bars(PlotAxes axes, params IReadOnlyList<PlotBar> bars)
    {
        PlotExtent extent = PlotExtent
            .Of(
                [.. bars.SelectMany((_, i) => new[] { i - BarWidth, i + BarWidth })],
                [0, .. bars.SelectMany(b => new[] { b.Value, b.Lower ?? b.Value, b.Upper ?? b.Value })]
            )
            .Including(axes);
        // A few bars stand together in the middle instead of filling the width.
        double room = Math.Max(BarWidth, (FewBars - bars.Count) / 2.0);
        double cap = WhiskerWidth * (bars.Count - 1 + (2 * room)) / FewBars;
        return Draw(
            axes,
            extent.StandingOnZero() with
            {
                XFrom = -room,
                XTo = bars.Count - 1 + room,
            },
            plot =>
            {
                for (int i = 0; i < bars.Count; i++)
                {
                    AddBar(plot, i, BarWidth, bars[i].Value, bars[i].IsEmphasized ? PlotPalette.EmphasizedBar : PlotPalette.Bar);
                    AddWhisker(plot, i, bars[i].Lower, bars[i].Upper, Math.Min(cap, WhiskerWidth));
                }

                plot.Axes.Bottom.TickGenerator = new NumericManual(
                    [.. Enumerable.Range(0, bars.Count).Select(i => (double)i)],
                    [.. bars.Select(b => b.Label)]
                );
            },
            [],
            ExtraRoom(axes, bars)
        );
    }

    /// <summary>Points with the intervals of their values, joined by a line.</summary>
    /// <param name="axes">The axes.</param>
    /// <param name="points">Position along the bottom, value, and the interval of the value where it has one; in order of position.</param>
    public static PlotFigure Points(PlotAxes axes, params IReadOnlyList<PlotPoint> points)
    {
        PlotExtent extent = PlotExtent
            .Of(
                [.. points.Select(p => p.X)],
                [.. points.SelectMany(p => new[] { p.Value, p.Lower ?? p.Value, p.Upper ?? p.Value })]
            )
            .Including(axes);
        double cap = WhiskerCap * (extent.XTo - extent.XFrom);
        double[] xs = [.. points.Select(p => p.X)];
        double[] ys = [.. points.Select(p => p.Value)];
        return Draw(
            axes,
            extent,
            plot =>
            {
                Scatter line = plot.Add.Scatter(xs, ys, Color.FromHex(PlotPalette.Series[0]));
                line.LineWidth = LineWidth;
                line.MarkerSize = MarkerSize;
                foreach (PlotPoint point in points)
                {
                    AddWhisker(plot, point.X, point.Lower, point.Upper, cap);
                }
            },
            []
        );
    }

    /// <summary>How often values fall in each of <paramref name="bins"/> equal ranges; the side axis counts.</summary>
    public static PlotFigure Histogram(PlotAxes axes, IReadOnlyList<double> values, int bins = 30)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        double[] finite = [.. values.Where(double.IsFinite)];
        double from = finite.Length == 0 ? 0 : finite.Min();
        double width = finite.Length == 0 ? 1 : (finite.Max() - from) / bins;
        width = width > 0 ? width : 1;
        int[] counts = new int[bins];
        foreach (double value in finite)
        {
            counts[Math.Min(bins - 1, (int)((value - from) / width))]++;
        }

        PlotExtent extent = PlotExtent.Of([from, from + (bins * width)], [0, counts.Max()]).Including(axes).StandingOnZero();
        return Draw(
            axes,
            extent,
            plot =>
            {
                for (int i = 0; i < bins; i++)
                {
                    AddBar(plot, from + ((i + 0.5) * width), width * 0.92, counts[i], PlotPalette.Bar);
                }
            },
            []
        );
    }

    /// <summary>Predicted probability against what happened; points on the diagonal can be taken at their word.</summary>
    /// <param name="curves">A name and the bins of each way to predict; the first is drawn on top.</param>
    public static PlotFigure Reliability(params IReadOnlyList<(string Label, IReadOnlyList<ReliabilityBin> Bins)> curves)
    {
        var axes = new PlotAxes
        {
            XLabel = "Predicted probability that the chosen side is better",
            YLabel = "Share that was better",
            XUnit = PlotUnit.Percent,
            YUnit = PlotUnit.Percent,
        };
        ReliabilityBin[] all = [.. curves.SelectMany(c => c.Bins)];
        PlotExtent extent = PlotExtent.Of(
            [0.5, 1, .. all.Select(b => b.MeanPrediction)],
            [0.5, 1, .. all.Select(b => b.HitRate)]
        );
        return Draw(
            axes,
            extent,
            plot =>
            {
                Scatter diagonal = plot.Add.ScatterLine(Diagonal, Diagonal, Color.FromHex(PlotPalette.Reference));
                diagonal.LineWidth = 1;
                for (int i = curves.Count - 1; i >= 0; i--)
                {
                    double[] xs = [.. curves[i].Bins.Select(b => b.MeanPrediction)];
                    double[] ys = [.. curves[i].Bins.Select(b => b.HitRate)];
                    Scatter line = plot.Add.Scatter(xs, ys, Color.FromHex(PlotPalette.SeriesColor(i)));
                    line.LineWidth = LineWidth;
                    line.MarkerSize = MarkerSize;
                }
            },
            [
                .. curves.Select((c, i) => new LegendEntry(c.Label, PlotPalette.SeriesColor(i), IsDashed: false)),
                new LegendEntry("perfectly calibrated", PlotPalette.Reference, IsDashed: true),
            ]
        );
    }

    // Labels of many lines make the plot higher, not its bars shorter.
    private static int ExtraRoom(PlotAxes axes, IReadOnlyList<PlotBar> bars)
    {
        int lines =
            bars.Select(b => b.Label.Count(c => c == '\n') + 1).DefaultIfEmpty(1).Max() + (axes.XLabel.Length > 0 ? 1 : 0);
        return LineHeight * Math.Max(0, lines - LinesInLabelRoom);
    }

    private static IEnumerable<LegendEntry> Names(IReadOnlyList<PlotSeries> series) =>
        series.Select((s, i) => new LegendEntry(s.Label, PlotPalette.SeriesColor(i), IsDashed: false));

    private static PlotFigure Draw(
        PlotAxes axes,
        PlotExtent extent,
        Action<Plot> add,
        IEnumerable<LegendEntry> legend,
        int extraRoom = 0
    )
    {
        using var plot = new Plot();
        Style(plot, axes, extent, LabelRoom + extraRoom);
        add(plot);
        foreach (ReferenceLine line in axes.HorizontalLines)
        {
            Dash(plot.Add.HorizontalLine(line.Value));
        }

        foreach (ReferenceLine line in axes.VerticalLines)
        {
            Dash(plot.Add.VerticalLine(line.Value));
        }

        plot.Axes.SetLimits(extent.XFrom, extent.XTo, extent.YFrom, extent.YTo);
        return new PlotFigure(
            PlotSvg.Clean(plot.GetSvgXml(Width, Height + extraRoom), Width, Height + extraRoom, axes.YLabel),
            [
                .. legend,
                .. axes
                    .HorizontalLines.Concat(axes.VerticalLines)
                    .Select(l => new LegendEntry(l.Label, PlotPalette.Reference, IsDashed: true)),
            ]
        );
    }

    // Its color alone makes it a dashed line: see PlotSvg.
    private static void Dash(AxisLine line)
    {
        line.Color = Color.FromHex(PlotPalette.Reference);
        line.LineWidth = 1;
    }

    private static void Style(Plot plot, PlotAxes axes, PlotExtent extent, int labelRoom)
    {
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Grid.MajorLineColor = Color.FromHex(PlotPalette.Grid);
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Right.IsVisible = false;
        Style(plot.Axes.Bottom, axes.XLabel, Color.FromHex(PlotPalette.Axis));
        Style(plot.Axes.Left, string.Empty, Colors.Transparent);
        plot.Axes.Bottom.TickGenerator = PlotTicks.Create(axes.XUnit, extent.XFrom, extent.XTo);
        plot.Axes.Left.TickGenerator = PlotTicks.Create(axes.YUnit, extent.YFrom, extent.YTo);
        // A fixed frame: plots line up below each other, whatever the width of their numbers in whatever font.
        plot.Layout.Fixed(new PixelPadding(left: 50, right: 14, bottom: labelRoom, top: 30));
    }

    private static void Style(IAxis axis, string label, Color line)
    {
        axis.Label.Text = label;
        axis.Label.Bold = false;
        axis.Label.FontSize = LabelFontSize;
        axis.TickLabelStyle.FontSize = TickFontSize;
        axis.MajorTickStyle.Length = 0;
        axis.MinorTickStyle.Length = 0;
        axis.FrameLineStyle.Color = line;
        axis.FrameLineStyle.IsVisible = line != Colors.Transparent;
    }

    private static void AddBar(Plot plot, double position, double width, double value, string color) =>
        plot.Add.Bar(
            new Bar
            {
                Position = position,
                Value = value,
                Size = width,
                FillColor = Color.FromHex(color),
                LineWidth = 0,
            }
        );

    private static void AddWhisker(Plot plot, double position, double? lower, double? upper, double cap)
    {
        if (lower is not { } from || upper is not { } to)
        {
            return;
        }

        foreach (
            (double x1, double y1, double x2, double y2) in new[]
            {
                (position, from, position, to),
                (position - cap, from, position + cap, from),
                (position - cap, to, position + cap, to),
            }
        )
        {
            LinePlot line = plot.Add.Line(x1, y1, x2, y2);
            line.Color = Color.FromHex(PlotPalette.Ink);
            line.LineWidth = LineWidth;
            line.MarkerSize = 0;
        }
    }
}
