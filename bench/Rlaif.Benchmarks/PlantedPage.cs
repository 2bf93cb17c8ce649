using Rlaif.Core;
using Rlaif.Validation.Reports;

namespace Rlaif.Benchmarks;

/// <summary>The study as a page with its plot.</summary>
internal static class PlantedPage
{
    public static string Render(IReadOnlyList<PlantedResult> results, IReadOnlyList<PlantedCurve> curves)
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        var report = new HtmlReport(
            "Best of N by reward",
            $"simulated market with a planted edge, {results.Count} seeds, {results.Sum(r => r.Contexts.Count):N0} later decisions"
        );
        report.Section("What the pick is truly worth");
        double[] doublings = [.. curves.Select(c => Math.Log2(c.N))];
        report.Figure(
            "True expected contribution of the best of N by reward, basis points of equity per decision",
            ReportPlot.Lines(
                new PlotAxes { XLabel = "doublings of N (0: one candidate, 6: sixty-four)", YLabel = "bp of equity" },
                Line("ensemble, mean - k*std", c => c.Ensemble),
                Line("ensemble, mean", c => c.Mean),
                Line("single model", c => c.Single),
                Line("knowing the truth", c => c.Truth)
            ),
            "More candidates help as long as the model that picks among them is not fooled by the best-looking one."
        );
        report.Table(
            new ReportTable(
                "Ensemble (mean - k*std) minus single model, paired by decision; 95% interval by decision date.",
                [new("N"), new("single, bp"), new("ensemble, bp"), new("difference, bp"), new("from"), new("to")],
                [.. curves.Select(Row)]
            )
        );
        report.Section("Accuracy on unseen pairs");
        report.Table(
            new ReportTable(
                "On the same validation pairs, unfiltered.",
                [new("Seed"), new("Ensemble"), new("Single"), new("Attainable"), new("Ensemble / attainable")],
                [
                    .. results.Select(r =>
                        (IReadOnlyList<string?>)
                            [
                                $"{r.Accuracy.Seed}",
                                $"{r.Accuracy.Ensemble:P1}",
                                $"{r.Accuracy.Single:P1}",
                                $"{r.Accuracy.Attainable:P1}",
                                $"{r.Accuracy.Ratio:P1}",
                            ]
                    ),
                ]
            )
        );
        return report.Render();

        PlotSeries Line(string label, Func<PlantedCurve, double> value) =>
            new(label, doublings, [.. curves.Select(value)]) { Markers = true };
    }

    private static IReadOnlyList<string?> Row(PlantedCurve c) =>
        [
            $"{c.N}",
            $"{c.Single:0.00}",
            $"{c.Ensemble:0.00}",
            $"{c.Difference:+0.00;-0.00}",
            $"{c.DifferenceCi[0]:+0.00;-0.00}",
            $"{c.DifferenceCi[1]:+0.00;-0.00}",
        ];
}
