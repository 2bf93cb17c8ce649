using System.Globalization;
using System.Net;
using System.Text;

namespace Rlaif.Validation.Reports;

/// <summary>
/// A report in one HTML file: no scripts, no outside resources, readable on light and dark screens and on paper. Everything that is
/// passed in is text and is escaped; only <see cref="PlotFigure"/>s, which this library draws, are markup. The same calls give
/// the same bytes.
/// </summary>
public sealed class HtmlReport
{
    private readonly string _title;
    private readonly string? _subtitle;
    private readonly StringBuilder _body = new();
    private readonly List<string> _sections = [];
    private int _figures;
    private int _tables;

    /// <summary>Starts a report.</summary>
    /// <param name="title">The heading and the name of the page.</param>
    /// <param name="subtitle">A line below it: which data, which run; null for none.</param>
    public HtmlReport(string title, string? subtitle = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(title);
        _title = title;
        _subtitle = subtitle;
    }

    /// <summary>Starts a section; it is listed at the top of the report.</summary>
    public HtmlReport Section(string heading)
    {
        if (_sections.Count > 0)
        {
            _body.Append("</section>\n");
        }

        _sections.Add(heading);
        return Append($"<section id=\"s{_sections.Count}\">\n<h2>{Text(heading)}</h2>\n");
    }

    /// <summary>Adds a heading inside a section.</summary>
    public HtmlReport Heading(string heading) => Append($"<h3>{Text(heading)}</h3>\n");

    /// <summary>Adds a paragraph.</summary>
    public HtmlReport Paragraph(string text) => Append($"<p>{Text(text)}</p>\n");

    /// <summary>Adds a sentence that stands out: a verdict, a warning.</summary>
    public HtmlReport Highlight(string text, ReportTone tone = ReportTone.Neutral) =>
        Append($"<p class=\"highlight {tone.ToString().ToLowerInvariant()}\">{Text(text)}</p>\n");

    /// <summary>Adds a list.</summary>
    public HtmlReport List(IEnumerable<string> items) =>
        Append($"<ul>{string.Concat(items.Select(i => $"<li>{Text(i)}</li>"))}</ul>\n");

    /// <summary>Adds the numbers that a reader should see first, as a row of cards.</summary>
    public HtmlReport Cards(params IReadOnlyList<KeyFigure> figures)
    {
        _body.Append("<dl class=\"cards\">");
        foreach (KeyFigure figure in figures)
        {
            string note = figure.Note is null ? string.Empty : $"<dd class=\"note\">{Text(figure.Note)}</dd>";
            _body.Append(
                CultureInfo.InvariantCulture,
                $"<div><dt>{Text(figure.Label)}</dt><dd class=\"value\">{Text(figure.Value)}</dd>{note}</div>"
            );
        }

        return Append("</dl>\n");
    }

    /// <summary>Adds a table; wide ones scroll sideways.</summary>
    /// <exception cref="ArgumentException">A row has not one cell per column.</exception>
    public HtmlReport Table(ReportTable table)
    {
        _tables++;
        _body.Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(table.Caption)}\"><table>\n"
        );
        Append($"<caption><b>Table {_tables}.</b> {Text(table.Caption)}</caption>\n<thead><tr>");
        foreach (ReportColumn column in table.Columns)
        {
            string unit = column.Unit is null ? string.Empty : $"<span class=\"unit\">{Text(column.Unit)}</span>";
            Append($"<th scope=\"col\"{Align(column)}>{Text(column.Header)}{unit}</th>");
        }

        Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string?> row in table.Rows)
        {
            AppendRow(table.Columns, row);
        }

        return Append("</tbody></table></div>\n");
    }

    /// <summary>Adds a long table that opens on a click.</summary>
    /// <param name="summary">The line that is always shown.</param>
    /// <param name="table">The table.</param>
    public HtmlReport Folded(string summary, ReportTable table)
    {
        Append($"<details><summary>{Text(summary)}</summary>\n<div class=\"folded\">");
        Table(table);
        return Append("</div></details>\n");
    }

    /// <summary>Adds a plot.</summary>
    /// <param name="title">What is plotted; also what a screen reader says.</param>
    /// <param name="figure">The plot.</param>
    /// <param name="caption">What to see in it.</param>
    public HtmlReport Figure(string title, PlotFigure figure, string caption)
    {
        _figures++;
        Append($"<figure aria-labelledby=\"f{_figures}\">\n<p class=\"figure-title\" id=\"f{_figures}\">{Text(title)}</p>\n");
        if (figure.Legend.Count > 1 || figure.Legend.Any(l => l.IsDashed))
        {
            _body.Append("<ul class=\"legend\">");
            foreach (LegendEntry entry in figure.Legend)
            {
                string dash = entry.IsDashed ? " stroke-dasharray=\"5 4\"" : string.Empty;
                Append(
                    $"<li><svg class=\"plot\" width=\"22\" height=\"10\" aria-hidden=\"true\"><path d=\"M1 5H21\" stroke=\"{Text(entry.Color)}\" stroke-width=\"{(entry.IsDashed ? "1.5" : "3")}\"{dash}/></svg>{Text(entry.Label)}</li>"
                );
            }

            _body.Append("</ul>\n");
        }

        return Append($"{figure.Svg}\n<figcaption><b>Figure {_figures}.</b> {Text(caption)}</figcaption>\n</figure>\n");
    }

    /// <summary>Adds a transcript that opens on a click.</summary>
    /// <param name="summary">The line that is always shown.</param>
    /// <param name="turns">What was said, in order.</param>
    /// <param name="isOpen">Whether it is open at first. Default false.</param>
    public HtmlReport Transcript(string summary, IEnumerable<TranscriptTurn> turns, bool isOpen = false)
    {
        Append($"<details{(isOpen ? " open" : string.Empty)}><summary>{Text(summary)}</summary>\n<div class=\"transcript\">");
        foreach (TranscriptTurn turn in turns)
        {
            string note = turn.Note is null ? string.Empty : $"<span class=\"note\">{Text(turn.Note)}</span>";
            Append($"<div class=\"turn\"><p class=\"speaker\">{Text(turn.Speaker)}{note}</p>");
            foreach (string line in turn.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                Append($"<p>{Text(line)}</p>");
            }

            Append("</div>\n");
        }

        return Append("</div></details>\n");
    }

    /// <summary>The whole page.</summary>
    public string Render()
    {
        string subtitle = _subtitle is null ? string.Empty : $"<p class=\"subtitle\">{Text(_subtitle)}</p>\n";
        string contents = string.Concat(_sections.Select((s, i) => $"<li><a href=\"#s{i + 1}\">{Text(s)}</a></li>"));
        string navigation = _sections.Count < 2 ? string.Empty : $"<nav aria-label=\"Contents\"><ol>{contents}</ol></nav>\n";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Text(_title)}</title>
            <style>
            {ReportStyle.Css}</style>
            </head>
            <body>
            <main>
            <header><h1>{Text(_title)}</h1>
            {subtitle}</header>
            {navigation}{_body}{(_sections.Count > 0 ? "</section>\n" : string.Empty)}</main>
            </body>
            </html>

            """;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Align(ReportColumn column) => column.IsNumeric ? " class=\"number\"" : string.Empty;

    private void AppendRow(IReadOnlyList<ReportColumn> columns, IReadOnlyList<string?> row)
    {
        if (row.Count != columns.Count)
        {
            throw new ArgumentException($"A row has {row.Count} cells for {columns.Count} columns.", nameof(row));
        }

        Append("<tr>");
        for (int i = 0; i < row.Count; i++)
        {
            string tag = i == 0 ? "th scope=\"row\"" : "td";
            Append($"<{tag}{Align(columns[i])}>{Text(row[i] ?? ReportText.Missing)}</{tag[..2]}>");
        }

        Append("</tr>\n");
    }

    private HtmlReport Append(string markup)
    {
        _body.Append(markup);
        return this;
    }
}
