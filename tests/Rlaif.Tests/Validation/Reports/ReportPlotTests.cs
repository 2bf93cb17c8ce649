using System.Globalization;
using System.Xml.Linq;
using Rlaif.Validation.Reports;

namespace Rlaif.Tests.Validation.Reports;

public sealed class ReportPlotTests
{
    private const int MostCharacters = 150_000;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly PlotAxes Axes = new() { XLabel = "Epoch", YLabel = "Loss" };

    [Fact]
    public void Lines_VeryLongSeries_StaysSmallAndKeepsThePeak()
    {
        double[] x = [.. Enumerable.Range(0, 50_000).Select(i => (double)i)];
        double[] flat = new double[x.Length];
        double[] peak = [.. flat];
        peak[31_337] = 1;
        PlotFigure with = ReportPlot.Lines(Axes, new PlotSeries("a", x, peak));
        Assert.InRange(with.Svg.Length, 1, MostCharacters);
        Assert.NotEqual(ReportPlot.Lines(Axes, new PlotSeries("a", x, flat)).Svg, with.Svg);
    }

    [Fact]
    public void Lines_AnyNumbers_HaveNoIdentifiersAndTextInOnePiece()
    {
        XElement svg = XElement.Parse(ReportPlot.Lines(Axes, new PlotSeries("a", [1, 2, 3], [0.3, 0.2, 0.25])).Svg);
        Assert.Empty(svg.DescendantsAndSelf().Attributes("id"));
        Assert.Empty(svg.Descendants(Svg + "clipPath"));
        string[] texts = [.. svg.Descendants(Svg + "text").Select(t => t.Value)];
        Assert.Contains("Epoch", texts);
        Assert.Contains("Loss", texts);
        Assert.All(svg.Descendants(Svg + "text"), t => Assert.Null(t.Attribute("x")));
    }

    [Fact]
    public void Bars_LabelsOfManyLines_MakeThePlotHigherAndLeaveTheBars()
    {
        XElement plain = XElement.Parse(ReportPlot.Bars(Axes, new PlotBar("one", 1)).Svg);
        XElement high = XElement.Parse(ReportPlot.Bars(Axes, new PlotBar("one\ntwo\nthree\nfour", 1)).Svg);
        Assert.Equal(
            plain.Descendants(Svg + "rect").Select(r => r.ToString()),
            high.Descendants(Svg + "rect").Select(r => r.ToString())
        );
        Assert.Equal("0 0 760 320", plain.Attribute("viewBox")!.Value);
        double[] lines = [.. new[] { "one", "two", "three", "four", Axes.XLabel }.Select(Baseline)];
        Assert.All(lines.Zip(lines.Skip(1)), pair => Assert.True(pair.Second > pair.First + 10));
        Assert.True(lines[^1] < double.Parse(high.Attribute("viewBox")!.Value.Split(' ')[3], CultureInfo.InvariantCulture));

        double Baseline(string text)
        {
            XElement element = high.Descendants(Svg + "text").Single(t => t.Value == text);
            string moved = element.Attribute("transform")!.Value.Split(' ')[1].TrimEnd(')');
            return double.Parse(moved, CultureInfo.InvariantCulture)
                + double.Parse(element.Attribute("y")!.Value, CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void Lines_TickLabels_AreAnchoredTowardsTheAxis()
    {
        XElement svg = XElement.Parse(ReportPlot.Lines(Axes, new PlotSeries("a", [1, 200], [1, 2])).Svg);
        ILookup<string, string> anchors = svg.Descendants(Svg + "text")
            .ToLookup(t => t.Attribute("text-anchor")!.Value, t => t.Value, StringComparer.Ordinal);
        Assert.Contains("100", anchors["middle"]);
        Assert.Contains("Epoch", anchors["middle"]);
        Assert.Contains("2", anchors["end"]);
        Assert.All(anchors["end"], t => Assert.InRange(double.Parse(t, CultureInfo.InvariantCulture), 1, 2));
    }

    [Fact]
    public void Lines_OverTwoYears_TicksAreMonthsInOrder()
    {
        var first = new DateOnly(2023, 1, 2);
        PlotSeries series = PlotSeries.OverTime(
            "equity",
            Enumerable.Range(0, 730).Select(i => (first.AddDays(i), 1 + (i * 0.001)))
        );
        PlotFigure figure = ReportPlot.Lines(Axes with { XUnit = PlotUnit.Date }, series);
        DateTime[] ticks =
        [
            .. XElement
                .Parse(figure.Svg)
                .Descendants(Svg + "text")
                .Where(t => t.Value.Contains("20", StringComparison.Ordinal))
                .Select(t => DateTime.ParseExact(t.Value, "MMM yyyy", CultureInfo.InvariantCulture)),
        ];
        Assert.InRange(ticks.Length, 4, 9);
        Assert.Equal(ticks.Order(), ticks);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    [InlineData(4000)]
    [InlineData(40_000)]
    public void Lines_OverAnyTime_HaveAFewTicks(int days)
    {
        PlotSeries series = PlotSeries.OverTime(
            "e",
            [(new DateOnly(1990, 3, 15), 1), (new DateOnly(1990, 3, 15).AddDays(days), 2)]
        );
        PlotFigure figure = ReportPlot.Lines(Axes with { XUnit = PlotUnit.Date, YUnit = PlotUnit.Percent }, series);
        int ticks =
            XElement.Parse(figure.Svg).Descendants(Svg + "text").Count(t => t.Attribute("text-anchor")!.Value != "end") - 2;
        Assert.InRange(ticks, 2, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(23)]
    [InlineData(10_000)]
    public void Lines_OverEpochs_HaveTicksAtWholeNumbersOnly(int epochs)
    {
        double[] xs = [.. Enumerable.Range(1, epochs).Select(e => (double)e)];
        PlotFigure figure = ReportPlot.Lines(Axes with { XUnit = PlotUnit.Whole }, new PlotSeries("loss", xs, xs));
        string[] ticks =
        [
            .. XElement
                .Parse(figure.Svg)
                .Descendants(Svg + "text")
                .Where(t => t.Attribute("text-anchor")!.Value == "middle")
                .Select(t => t.Value)
                .Where(t => t != Axes.XLabel),
        ];
        Assert.InRange(ticks.Length, 1, 12);
        Assert.All(ticks, t => Assert.True(int.TryParse(t, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _), t));
    }

    [Fact]
    public void Everything_NoDataOrNotFinite_StillDraws()
    {
        Assert.NotEmpty(ReportPlot.Lines(Axes, new PlotSeries("a", [], [])).Svg);
        Assert.NotEmpty(ReportPlot.Lines(Axes, new PlotSeries("a", [1, 2], [double.NaN, double.PositiveInfinity])).Svg);
        Assert.NotEmpty(ReportPlot.Histogram(Axes, []).Svg);
        Assert.NotEmpty(ReportPlot.Histogram(Axes, [3, 3, 3]).Svg);
        Assert.NotEmpty(ReportPlot.Bars(Axes).Svg);
        Assert.NotEmpty(ReportPlot.Reliability().Svg);
        Assert.NotEmpty(ReportPlot.Points(Axes).Svg);
        Assert.NotEmpty(ReportPlot.Points(Axes, new PlotPoint(1, 2)).Svg);
        Assert.NotEmpty(ReportPlot.Scatter(Axes, new PlotSeries("a", [1], [1])).Svg);
    }

    [Fact]
    public void Legend_SeriesAndReferenceLines_AreNamedInOrder()
    {
        PlotFigure figure = ReportPlot.Lines(
            Axes with
            {
                HorizontalLines = [new ReferenceLine("chance", 0.5)],
            },
            new PlotSeries("train", [1, 2], [1, 2]),
            new PlotSeries("validation", [1, 2], [2, 3])
        );
        Assert.Equal(["train", "validation", "chance"], figure.Legend.Select(l => l.Label));
        Assert.Equal([false, false, true], figure.Legend.Select(l => l.IsDashed));
        Assert.Equal(3, figure.Legend.Select(l => l.Color).Distinct(StringComparer.Ordinal).Count());
    }
}
