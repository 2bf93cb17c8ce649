using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Rlaif.Validation.Reports;

/// <summary>
/// Turns the renderer's SVG into one that may stand in any page: no clip identifiers (several plots share one page), coordinates of
/// a tenth of a pixel, and texts anchored as wholes instead of glyph by glyph, so that any font of the reader's browser fits.
/// </summary>
internal static partial class PlotSvg
{
    private const double TypicalAdvance = 0.6;
    private const int HeadingBaseline = 14;
    private const int HeadingSize = 13;
    private const int LongestMatchMilliseconds = 10_000;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Dropped = ["clip-path", "stroke-miterlimit", "font-family"];

    internal static string Clean(string svg, int width, int height, string heading)
    {
        XElement root = XDocument.Parse(svg).Root!;
        root.Descendants(Svg + "clipPath").Remove();
        foreach (XElement text in root.Descendants(Svg + "text"))
        {
            Anchor(text);
        }

        foreach (XAttribute attribute in root.Descendants().Attributes().ToList())
        {
            if (Dropped.Contains(attribute.Name.LocalName, StringComparer.Ordinal))
            {
                attribute.Remove();
            }
            else
            {
                attribute.Value = Fraction().Replace(attribute.Value, m => Round(m.Value));
            }
        }

        // The renderer cannot write dashes into SVG (it says so on the console); reference lines get theirs here.
        foreach (XElement line in root.Descendants().Where(e => Value(e, "stroke") == PlotPalette.Reference))
        {
            line.SetAttributeValue("stroke-dasharray", "5 4");
        }

        foreach (XElement group in root.Descendants(Svg + "g").Where(g => !g.HasAttributes).Reverse().ToList())
        {
            group.ReplaceWith(group.Nodes());
        }

        // What runs up the side is named above it, level: easier to read than a turned text, and any length fits.
        root.AddFirst(
            new XElement(
                Svg + "text",
                new XAttribute("y", HeadingBaseline),
                new XAttribute("font-size", HeadingSize),
                new XAttribute("fill", PlotPalette.Ink),
                new XAttribute("text-anchor", "start"),
                heading
            )
        );
        root.ReplaceAttributes(
            new XAttribute("xmlns", Svg.NamespaceName),
            new XAttribute("class", "plot"),
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("aria-hidden", "true")
        );
        return root.ToString(SaveOptions.DisableFormatting);
    }

    // The renderer moves to the anchor of a text and then gives the position of every glyph relative to it.
    private static void Anchor(XElement text)
    {
        double[] glyphs = [.. Value(text, "x").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(ParseNumber)];
        double advance =
            glyphs.Length > 1
                ? (glyphs[^1] - glyphs[0]) / (glyphs.Length - 1)
                : TypicalAdvance * ParseNumber(Value(text, "font-size"));
        double share = glyphs.Length == 0 ? 0 : -glyphs[0] / (glyphs[^1] - glyphs[0] + advance);
        string anchor = share switch
        {
            < 0.25 => "start",
            < 0.75 => "middle",
            _ => "end",
        };
        text.SetAttributeValue("x", null);
        text.SetAttributeValue("y", Value(text, "y").Split(',')[0]);
        text.SetAttributeValue("fill", PlotPalette.Ink);
        text.SetAttributeValue("text-anchor", anchor);
        text.Value = text.Value.Trim();
    }

    private static string Value(XElement element, string name) => element.Attribute(name)?.Value ?? "0";

    private static double ParseNumber(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Round(string number) =>
        Math.Round(ParseNumber(number), 1).ToString("0.#", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+\.\d+", RegexOptions.CultureInvariant, LongestMatchMilliseconds)]
    private static partial Regex Fraction();
}
