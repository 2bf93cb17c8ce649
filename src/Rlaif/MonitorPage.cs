using Rlaif.Validation;
using Rlaif.Validation.Reports;

namespace Rlaif;

/// <summary>The page that a person reads after a look at the deployed model.</summary>
public static class MonitorPage
{
    private const int FeaturesPlotted = 8;

    /// <summary>Renders the page; it needs no other file.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="version">Name of the model.</param>
    public static string Render(MonitorReport report, string version)
    {
        ArgumentNullException.ThrowIfNull(report);
        using InvariantCulture culture = InvariantCulture.Enter();
        var page = new HtmlReport(
            $"Is {version} still right?",
            $"{report.Contexts:N0} settled contexts, {report.FirstDate:yyyy-MM-dd} to {report.LastDate:yyyy-MM-dd}, later than all it was fitted to or judged on; judged by metric {report.Metric}"
        );
        page.Section("In short");
        page.Highlight(Sentence(report), report.Alarm ? ReportTone.Bad : ReportTone.Neutral);
        if (report.Reasons.Count > 0)
        {
            page.List(report.Reasons.Select(LearningReport.Capitalized));
        }

        page.Cards(
            new KeyFigure(
                "Accuracy on pairs",
                LearningReport.Percent(report.Accuracy.Accuracy),
                Note(report.Accuracy.Interval, LearningReport.Percent)
            ),
            new KeyFigure(
                "Rank correlation",
                $"{report.Correlation.Spearman:0.00}",
                Note(report.Correlation.SpearmanInterval, v => $"{v:0.00}")
            ),
            new KeyFigure("Pairs later than its training", $"{report.NewPairs:N0}"),
            new KeyFigure("Age", $"{report.AgeDays:0} days")
        );
        if (report.Drift is { } drift)
        {
            AppendDrift(page, drift);
        }

        return page.Render();
    }

    private static string Sentence(MonitorReport report) =>
        report.Advice switch
        {
            MonitorAdvice.Keep => "Keep it: nothing speaks against it.",
            MonitorAdvice.Retrain => "Train again.",
            _ => "Roll back: stop using it.",
        };

    private static string Note(BootstrapInterval? interval, Func<double, string> format) =>
        LearningReport.Interval(interval, format);

    private static void AppendDrift(HtmlReport page, DriftReport drift)
    {
        page.Section("Features");
        page.Paragraph(
            $"Stability index of every feature against {drift.TrainingContexts:N0} training contexts. Noise is what independent contexts, and stretches of the "
                + "training time of the same length, reach by themselves; features are named only when they moved as a whole."
        );
        FeatureDrift[] shown = [.. drift.Features.Take(FeaturesPlotted)];
        page.Figure(
            "Stability index over its noise",
            ReportPlot.Bars(
                new PlotAxes
                {
                    XLabel = "feature",
                    YLabel = "index / noise",
                    HorizontalLines = [new ReferenceLine("noise", 1)],
                },
                [.. shown.Select(f => new PlotBar(f.Name.Replace('_', '\n'), f.Psi / f.Noise))]
            ),
            $"The {shown.Length} features that moved most. Mean over all features, as a multiple of what is usual: {drift.Ratio:0.00}"
                + (
                    drift.RatioLimit is { } limit
                        ? $", up to {limit:0.00} by chance."
                        : "; the training time is too short to tell what is usual."
                )
        );
        page.Table(
            new ReportTable(
                "Features",
                [ReportColumn.Text("feature"), new ReportColumn("index"), new ReportColumn("noise"), ReportColumn.Text("moved")],
                [
                    .. drift.Features.Select(f =>
                        (IReadOnlyList<string?>)[f.Name, $"{f.Psi:0.000}", $"{f.Noise:0.000}", f.IsBeyondNoise ? "yes" : "no"]
                    ),
                ]
            )
        );
    }
}
