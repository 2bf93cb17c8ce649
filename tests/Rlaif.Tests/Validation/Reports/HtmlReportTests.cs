using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rlaif.Core;
using Rlaif.Validation;
using Rlaif.Validation.Reports;

namespace Rlaif.Tests.Validation.Reports;

public sealed class HtmlReportTests
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(10);

    [Fact]
    public void Render_EveryElement_IsWellFormedAndSelfContained()
    {
        string html = SampleReport.Create().Render();
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(src|href)=\"(?!#)", html);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        // Void tags of the head aside, the page is XML: every tag is closed and every attribute quoted.
        string xml = Regex.Replace(
            html,
            "<!doctype html>|<meta[^>]*>|<style>.*?</style>",
            "",
            RegexOptions.Singleline,
            LongestMatch
        );
        xml = xml.Replace("<details open>", "<details>", StringComparison.Ordinal);
        XDocument page = XDocument.Parse(xml);
        string[] ids = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(page.Descendants("table"), t => Assert.NotNull(t.Element("caption")));
        Assert.All(page.Descendants("figure"), f => Assert.NotNull(f.Element("figcaption")));
        Assert.Contains("Figure 1.", html, StringComparison.Ordinal);
        Assert.Contains("Table 1.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SameCalls_SameBytes() => Assert.Equal(SampleReport.Create().Render(), SampleReport.Create().Render());

    [Fact]
    public void Render_HostileTextAnywhere_IsShownAsText()
    {
        const string Hostile = "</p><script>alert('x')</script>\" onload=\"y";
        string html = new HtmlReport(Hostile, Hostile)
            .Section(Hostile)
            .Heading(Hostile)
            .Paragraph(Hostile)
            .Highlight(Hostile)
            .List([Hostile])
            .Cards(new KeyFigure(Hostile, Hostile, Hostile))
            .Table(
                new ReportTable(
                    Hostile,
                    [new ReportColumn(Hostile, Hostile)],
                    [
                        [Hostile],
                    ]
                )
            )
            .Figure(
                Hostile,
                ReportPlot.Lines(
                    new PlotAxes
                    {
                        XLabel = Hostile,
                        YLabel = Hostile,
                        HorizontalLines = [new ReferenceLine(Hostile, 1)],
                    },
                    new PlotSeries(Hostile, [1, 2], [1, 2])
                ),
                Hostile
            )
            .Figure(
                Hostile,
                ReportPlot.Bars(new PlotAxes { XLabel = Hostile, YLabel = Hostile }, new PlotBar(Hostile, 1)),
                Hostile
            )
            .Transcript(Hostile, [new TranscriptTurn(Hostile, Hostile, Hostile)])
            .Render();
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<[^>]*\\sonload=\"", html);
    }

    [Fact]
    public void Table_RowOfTheWrongLength_Throws() =>
        Assert.Throws<ArgumentException>(() =>
            new HtmlReport("r").Table(
                new ReportTable(
                    "t",
                    [ReportColumn.Text("a"), new ReportColumn("b")],
                    [
                        ["1"],
                    ]
                )
            )
        );

    [Fact]
    public void Table_MissingCell_IsADash() =>
        Assert.Contains(
            $"<td class=\"number\">{System.Net.WebUtility.HtmlEncode(ReportText.Missing)}</td>",
            new HtmlReport("r")
                .Table(
                    new ReportTable(
                        "t",
                        [ReportColumn.Text("a"), new ReportColumn("b")],
                        [
                            ["x", null],
                        ]
                    )
                )
                .Render(),
            StringComparison.Ordinal
        );

    [Fact]
    public void ReportText_Numbers_AreWrittenForPeople()
    {
        Assert.Equal("+1.2%", ReportText.Percent(0.0123, signed: true));
        Assert.Equal("-1.2%", ReportText.Percent(-0.0123));
        Assert.Equal("0.0%", ReportText.Percent(-0.00001, signed: true));
        Assert.Equal("1,234,568", ReportText.Number(1234567.8, 0));
        Assert.Equal(ReportText.Missing, ReportText.Number(null));
        Assert.Equal(
            "[48.1%,\u00A055.0%]",
            ReportText.PercentInterval(new BootstrapInterval(0.51, 0.481, 0.55, 0.95, 0.02, 0.5, 10, 5))
        );
        Assert.Equal(ReportText.Missing, ReportText.PercentInterval(null));
    }
}
