using Rlaif.Rewards;
using Rlaif.Validation;
using Rlaif.Validation.Reports;
using static Rlaif.LearningReport;

namespace Rlaif;

/// <summary>What one training run did and showed, as a section of a report: split, losses, accuracy, calibration.</summary>
internal static class LearntSection
{
    /// <summary>Adds the section.</summary>
    public static void Append(HtmlReport report, LearnedModel learned)
    {
        report.Section("What was learnt");
        var split = learned.Split;
        report.Table(
            new ReportTable(
                $"Decisions by use, in time order. {split.Purged} contexts were purged and {split.Embargoed} embargoed at the borders; decisions shared between sides: {split.SharedDecisions}, overlapping holding windows: {split.OverlappingWindows}.",
                [
                    new("Use", IsNumeric: false),
                    new("First date", IsNumeric: false),
                    new("Last date", IsNumeric: false),
                    new("Contexts"),
                ],
                [
                    .. split.Sides.Select(s =>
                        (IReadOnlyList<string?>)
                            [
                                s.Part.ToString().ToLowerInvariant(),
                                $"{s.FirstDate:yyyy-MM-dd}",
                                $"{s.LastDate:yyyy-MM-dd}",
                                $"{s.ContextIds.Count:N0}",
                            ]
                    ),
                ]
            )
        );
        report.Figure(
            "Loss by epoch",
            ReportPlot.Lines(
                new PlotAxes
                {
                    XLabel = "epoch",
                    YLabel = "log-loss per pair",
                    HorizontalLines = [new("a coin", Math.Log(2))],
                },
                Losses(learned.Training)
            ),
            learned.Training.StopReason == StopReason.NoImprovement
                ? $"Training stopped when the stopping set no longer improved; the model keeps epoch {learned.Training.BestEpoch}."
                : $"All epochs were run; the model keeps epoch {learned.Training.BestEpoch}."
        );
        AccuracyFigure(report, learned);
        report.Figure(
            "Can its probabilities be believed?",
            ReportPlot.Reliability(learned.Validation.Reliability),
            $"Calibration error {Percent(learned.Validation.CalibrationError)}; log loss {learned.Validation.LogLoss:0.0000} against {Math.Log(2):0.0000} of a coin."
        );
    }

    private static PlotSeries[] Losses(TrainingReport training)
    {
        double[] epochs = [.. training.History.Select(e => (double)e.Epoch)];
        var own = new PlotSeries("training", epochs, [.. training.History.Select(e => e.TrainLoss)]) { Markers = true };
        double[] stopping = [.. training.History.Select(e => e.ValidationLoss).OfType<double>()];
        return stopping.Length == 0 ? [own] : [own, new PlotSeries("stopping set", epochs, stopping) { Markers = true }];
    }

    private static void AccuracyFigure(HtmlReport report, LearnedModel learned)
    {
        PairwiseAccuracy validation = learned.Validation;
        var bars = new List<PlotBar>
        {
            new("reward\nmodel", validation.Accuracy, validation.Interval?.Lower, validation.Interval?.Upper),
        };
        if (learned.AttainableAccuracy is { } attainable)
        {
            bars.Add(new PlotBar("knowing\nthe truth", attainable));
        }

        bars.AddRange(
            learned.Baselines.OrderByDescending(b => b.Value).Select(b => new PlotBar(b.Key.Replace('_', '\n'), b.Value))
        );
        report.Figure(
            $"Share of {validation.Pairs:N0} unseen pairs in which the better side scored higher",
            ReportPlot.Bars(
                new PlotAxes
                {
                    XLabel = "",
                    YLabel = "accuracy",
                    YUnit = PlotUnit.Percent,
                    HorizontalLines = [new("a coin", RewardLearning.Chance)],
                },
                bars
            ),
            $"{Capitalized(learned.Verdict)}. Pairs are not filtered by margin; the interval resamples {validation.Dates} decision dates."
        );
    }
}
