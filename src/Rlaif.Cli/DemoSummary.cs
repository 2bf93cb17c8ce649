using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>What a person reads at the end of a demo.</summary>
internal static class DemoSummary
{
    public static void Write(IAnsiConsole console, DemoResult result)
    {
        LearnedModel judged = result.Judged;
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("step", "result", "meaning");
        table.AddRow(
            "decide",
            $"{result.Decisions:N0} decisions, {result.Candidates:N0} candidates",
            Markup.Escape(
                $"{result.Market.Source}: {result.Market.Symbols.Count} symbol{(result.Market.Symbols.Count == 1 ? "" : "s")}, {result.FirstDate:yyyy-MM-dd} to {result.LastDate:yyyy-MM-dd}"
            )
        );
        table.AddRow("settle", $"{result.Outcomes:N0} outcomes", "every candidate, traded or not, after costs");
        table.AddRow("prefer", $"{result.Guided.Preferences.Total:N0} pairs", "of two candidates, the one that did better");
        table.AddRow(
            "learn",
            Markup.Escape($"accuracy {Percent(judged.Validation.Accuracy)} {Interval(judged.Validation.Interval, Percent)}"),
            judged.AttainableAccuracy is { } attainable
                ? $"on {judged.Validation.Pairs:N0} unseen pairs; a coin 50.0%, knowing the truth {Percent(attainable)}"
                : $"on {judged.Validation.Pairs:N0} unseen pairs; a coin 50.0%"
        );
        PairedComparison? comparison = result.Guided.Comparison;
        if (comparison is not null)
        {
            table.AddRow(
                "compare",
                Markup.Escape($"{Basis(comparison.Difference)} {Interval(comparison.Interval, Basis)} bp"),
                $"guided minus baseline, of equity per decision, on {comparison.Decisions:N0} later decisions"
            );
        }

        console.Write(table);
        console.MarkupLine($"[bold]{Markup.Escape(result.Guided.Verdict)}[/]");
        if (result.Market.Source is "planted" or "null")
        {
            console.WriteLine("The market is simulated: this shows that the machinery works, not that markets can be beaten.");
        }

        console.WriteLine($"Report: {result.Files.Report}");
    }

    private static string Percent(double fraction) => $"{100 * fraction:0.0}%";

    private static string Basis(double fraction) => $"{10_000 * fraction:+0.00;-0.00;0.00}";

    private static string Interval(BootstrapInterval? interval, Func<double, string> format) =>
        interval is null ? "(no interval)" : $"[{format(interval.Lower)}, {format(interval.Upper)}]";
}
