using Rlaif.Core;
using Rlaif.Validation;
using Rlaif.Validation.Reports;

namespace Rlaif.Tests.Validation.Reports;

/// <summary>A report with every element that reports have, on made-up numbers.</summary>
internal static class SampleReport
{
    internal static HtmlReport Create()
    {
        var report = new HtmlReport(
            "Did learning help?",
            "Simulated market with a planted edge · 5 symbols · 2 January 2020 to 29 December 2023 · seed 42"
        );
        Result(report);
        Learning(report);
        Evidence(report);
        Decisions(report);
        return report;
    }

    private static void Result(HtmlReport report) =>
        report
            .Section("Result")
            .Paragraph(
                "The agents decided on every fifth session, once as they are and once with a reward model choosing among their five "
                    + "candidates. The comparison uses only sessions after the training period, on the same symbols and dates."
            )
            .Highlight(
                "improved: +0.081% of equity per decision [+0.032%, +0.131%] on 410 paired decisions after the training period",
                ReportTone.Good
            )
            .Highlight("not enough evidence: +0.011% of equity per decision [-0.008%, +0.031%], about 900 more decisions needed")
            .Highlight("worse: -0.060% of equity per decision [-0.101%, -0.020%]", ReportTone.Bad)
            .Cards(
                new KeyFigure("Validation accuracy", "61.4%", "[57.9%, 64.8%]; chance is 50%"),
                new KeyFigure("Attainable accuracy", "64.2%", "by someone who knew every expected return"),
                new KeyFigure("Improvement per decision", "+0.081%", "of equity, [+0.032%, +0.131%]"),
                new KeyFigure("Pairs", "4,812", "3,310 to train, 560 to stop, 942 to validate")
            )
            .Table(
                new ReportTable(
                    "Both arms on the sessions after the training period, and the benchmark bought and held.",
                    [
                        ReportColumn.Text("Arm"),
                        new ReportColumn("Total return", "%"),
                        new ReportColumn("Volatility", "% a year"),
                        new ReportColumn("Sharpe ratio", "a year"),
                        new ReportColumn("Largest drawdown", "%"),
                        new ReportColumn("Turnover", "times equity a year"),
                        new ReportColumn("Trades"),
                    ],
                    [
                        ["Static baseline", "+3.1", "6.2", "0.51", "-5.9", "11.2", "388"],
                        ["Reward-guided", "+9.8", "6.6", "1.42", "-4.1", "12.9", "402"],
                        ["Benchmark", "+6.4", "15.8", "0.44", "-14.7", "0.8", null],
                    ]
                )
            );

    private static void Learning(HtmlReport report)
    {
        double[] epochs = [.. Enumerable.Range(1, 10).Select(e => (double)e)];
        report
            .Section("What was learnt")
            .Figure(
                "Loss by epoch",
                ReportPlot.Lines(
                    new PlotAxes
                    {
                        XLabel = "Epoch",
                        YLabel = "Log loss per pair",
                        HorizontalLines = [new ReferenceLine("a coin (0.693)", Math.Log(2))],
                        VerticalLines = [new ReferenceLine("best epoch", 6)],
                    },
                    new PlotSeries("training", epochs, [.. epochs.Select(e => 0.56 + (0.135 * Math.Exp(-e / 3)))])
                    {
                        Markers = true,
                    },
                    new PlotSeries(
                        "stopping",
                        epochs,
                        [.. epochs.Select(e => 0.63 + (0.06 * Math.Exp(-e / 2)) + (0.0006 * (e - 6) * (e - 6)))]
                    )
                    {
                        Markers = true,
                    }
                ),
                "Training goes on improving after epoch 6 while the loss on the stopping side rises again: the weights of epoch 6 are kept."
            )
            .Figure(
                "Accuracy on validation pairs",
                ReportPlot.Bars(
                    new PlotAxes
                    {
                        XLabel = "Who ranks the two sides of a pair",
                        YLabel = "Accuracy",
                        YUnit = PlotUnit.Percent,
                        HorizontalLines = [new ReferenceLine("chance", 0.5)],
                    },
                    new PlotBar("Reward model", 0.614, 0.579, 0.648),
                    new PlotBar("Agent score", 0.527, 0.49, 0.562),
                    new PlotBar("Agent confidence", 0.508, 0.471, 0.545),
                    new PlotBar("Momentum", 0.515, 0.478, 0.551),
                    new PlotBar("Shuffled labels", 0.497, 0.46, 0.535)
                ),
                "Whiskers are 95% intervals by decision date. Only the reward model's interval lies above chance."
            )
            .Figure(
                "Can its probabilities be taken at their word?",
                ReportPlot.Reliability(
                    (
                        "observed",
                        [
                            new ReliabilityBin(0.5, 0.6, 410, 0.548, 0.54),
                            new ReliabilityBin(0.6, 0.7, 300, 0.645, 0.62),
                            new ReliabilityBin(0.7, 0.8, 160, 0.742, 0.69),
                            new ReliabilityBin(0.8, 0.9, 60, 0.835, 0.80),
                            new ReliabilityBin(0.9, 1, 12, 0.93, 0.92),
                        ]
                    )
                ),
                "Points below the dashed line are claims that were too bold."
            );
    }

    private static void Evidence(HtmlReport report)
    {
        var random = new DeterministicRandom(42);
        double[] returns = [.. Enumerable.Range(0, 900).Select(_ => 0.03 * random.NextGaussian())];
        var start = new DateOnly(2022, 1, 3);
        report
            .Section("Evidence")
            .Figure(
                "Value of the account",
                ReportPlot.Lines(
                    new PlotAxes
                    {
                        XLabel = "Session",
                        YLabel = "Multiple of starting equity",
                        XUnit = PlotUnit.Date,
                    },
                    Walk("reward-guided", 0.0007, 0.004),
                    Walk("static baseline", 0.0002, 0.004),
                    Walk("benchmark, bought and held", 0.0004, 0.010)
                ),
                "Both arms hold little at a time and so swing less than the benchmark."
            )
            .Figure(
                "Net returns of positions",
                ReportPlot.Histogram(
                    new PlotAxes
                    {
                        XLabel = "Net return of a position",
                        YLabel = "Positions",
                        XUnit = PlotUnit.Percent,
                        VerticalLines = [new ReferenceLine("mean", 0.0011)],
                    },
                    returns,
                    40
                ),
                "Five-day returns spread thirty times as wide as their mean: single outcomes say nothing."
            )
            .Figure(
                "Reward against outcome",
                ReportPlot.Scatter(
                    new PlotAxes { XLabel = "Reward (unitless)", YLabel = "Outcome score (ex-ante standard deviations)" },
                    new PlotSeries(
                        "candidates",
                        [.. returns.Take(300).Select(r => 20 * r)],
                        [.. returns.Take(300).Select((r, i) => (6 * r) + (30 * returns[i + 300]))]
                    )
                ),
                "A weak but visible slope: the correlation is 0.2."
            )
            .List(["0 decisions are shared between the sides", "0 holding windows overlap", "40 contexts purged, 35 embargoed"]);

        PlotSeries Walk(string label, double drift, double volatility)
        {
            double value = 1;
            return PlotSeries.OverTime(
                label,
                Enumerable
                    .Range(0, 500)
                    .Select(i => (start.AddDays(i * 7 / 5), value *= 1 + drift + (volatility * random.NextGaussian())))
                    .ToList()
            );
        }
    }

    private static void Decisions(HtmlReport report) =>
        report
            .Section("Two decisions, worked out")
            .Heading("AAPL, 14 March 2022")
            .Paragraph(
                "Four analysts reported, argued for two rounds, and the manager made five candidates; the third was chosen."
            )
            .Transcript(
                "The debate: 4 opening reports, 6 answers",
                [
                    new TranscriptTurn(
                        "Technical analyst",
                        "Price is 3.1% above its 50-day mean and RSI(14) is 61.\nThe trend is up; I see no exhaustion.",
                        "score +0.42, confidence 0.61"
                    ),
                    new TranscriptTurn(
                        "Sentiment analyst",
                        "Headline: \"<b>Apple & partners</b> delay launch <script>alert(1)</script>\". The tone is mildly negative.",
                        "score -0.15, confidence 0.40"
                    ),
                    new TranscriptTurn(
                        "Risk analyst",
                        "Expected volatility is 1.9% a day. I would halve the size.",
                        "round 1, score +0.05 to 0.00"
                    ),
                ],
                isOpen: true
            )
            .Transcript("The five candidates", [new TranscriptTurn("Manager", "Buy 4% of equity.", "candidate 3")]);
}
