namespace Rlaif.Validation.Reports;

/// <summary>The colors of reports: each with its counterpart on a dark page. Told apart by people with common color blindness too.</summary>
internal static class PlotPalette
{
    internal const string Ink = "#3D4550";
    internal const string Grid = "#E4E7EB";
    internal const string Axis = "#B4BBC4";
    internal const string Reference = "#8B929C";

    /// <summary>Fill of bars: light enough for whiskers to be seen on it.</summary>
    internal const string Bar = "#9DB9DA";

    /// <summary>Fill of the bar that the others are compared with.</summary>
    internal const string EmphasizedBar = "#5E8DC4";

    /// <summary>Series colors in the order of use.</summary>
    internal static IReadOnlyList<string> Series { get; } = ["#2B63A6", "#C9621A", "#1F8A7D", "#8A5AA8", "#A8892B", "#6B7280"];

    /// <summary>Light color to dark color.</summary>
    internal static IReadOnlyDictionary<string, string> Dark { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Ink] = "#B7BEC8",
            [Grid] = "#2A3039",
            [Axis] = "#4A525D",
            [Reference] = "#8B939E",
            [Bar] = "#3F6695",
            [EmphasizedBar] = "#5B92D6",
            ["#2B63A6"] = "#6FA8EA",
            ["#C9621A"] = "#F0975A",
            ["#1F8A7D"] = "#4DC2B3",
            ["#8A5AA8"] = "#BE93DA",
            ["#A8892B"] = "#D8B95A",
            ["#6B7280"] = "#9AA2AE",
        };

    internal static string SeriesColor(int index) => Series[index % Series.Count];
}
