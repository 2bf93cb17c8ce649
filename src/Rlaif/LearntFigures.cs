using Rlaif.Rewards;
using Rlaif.Validation;
using Rlaif.Validation.Reports;
using static Rlaif.LearningReport;

namespace Rlaif;

/// <summary>The tables and figures on one training run; which of them a page shows is the page's choice.</summary>
internal static class LearntFigures
{
    private const int MostBars = 12;
    private static readonly ReferenceLine Coin = new("a coin", RewardLearning.Chance);

    /// <summary>Adds what a report on the whole loop says of a training run, as a section: split, losses, accuracy, calibration.</summary>
    public static void AppendSection(HtmlReport report, LearnedModel learned)
    {
        report.Section("What was learnt");
        Split(report, learned);
        Losses(report, learned);
        Accuracy(report, learned);
        report.Highlight(learned.AgainstBaselines, ToneOf(learned.BaselineFigures[0]));
        Reliability(report, learned);
    }

    /// <summary>Good when no baseline is as good, bad when one is better.</summary>
    public static ReportTone ToneOf(BaselineAccuracy best) =>
        best switch
        {
            { IsAsGood: false } => ReportTone.Good,
            { LeadInterval.Upper: < 0 } => ReportTone.Bad,
            _ => ReportTone.Neutral,
        };

    public static void Split(HtmlReport report, LearnedModel learned)
    {
        PurgedSplit split = learned.Split;
        report.Table(
            new ReportTable(
                $"Decisions by use, in time order. {split.Purged} contexts were purged and {split.Embargoed} embargoed ({split.EmbargoDays} sessions) at the borders; "
                    + $"decisions shared between sides: {split.SharedDecisions}, overlapping holding windows: {split.OverlappingWindows}.",
                [
                    ReportColumn.Text("Use"),
                    ReportColumn.Text("First date"),
                    ReportColumn.Text("Last date"),
                    new("Dates"),
                    new("Contexts"),
                    new("Pairs"),
                ],
                [
                    .. split.Sides.Select(s =>
                        (IReadOnlyList<string?>)
                            [
                                s.Part.ToString().ToLowerInvariant(),
                                $"{s.FirstDate:yyyy-MM-dd}",
                                $"{s.LastDate:yyyy-MM-dd}",
                                $"{s.Dates:N0}",
                                $"{s.ContextIds.Count:N0}",
                                $"{PairsOf(learned, s.Part):N0}",
                            ]
                    ),
                ]
            )
        );
    }

    public static void Losses(HtmlReport report, LearnedModel learned) =>
        Curve(
            report,
            "Loss by epoch",
            EpochAxes("log-loss per pair", PlotUnit.Number, new ReferenceLine("a coin", Math.Log(2))),
            learned.Training,
            e => e.TrainLoss,
            e => e.ValidationLoss,
            Stopped(learned.Training)
        );

    /// <summary>What else is known of each epoch: accuracy, reward gaps, gradients.</summary>
    public static void Curves(HtmlReport report, LearnedModel learned)
    {
        TrainingReport training = learned.Training;
        Curve(
            report,
            "Accuracy by epoch",
            EpochAxes("share of pairs ranked as they turned out", PlotUnit.Percent, Coin),
            training,
            e => e.TrainAccuracy,
            e => e.ValidationAccuracy,
            "Training pairs during the epoch, with dropout; the stopping set after it. Far apart, the network learns its pairs by heart."
        );
        Curve(
            report,
            "Reward gap by epoch",
            EpochAxes("mean reward of the better side minus the other's", PlotUnit.Number, new ReferenceLine("zero", 0)),
            training,
            e => e.TrainMargin,
            e => e.ValidationMargin,
            "Gaps that widen on the training pairs alone are confidence without a reason; the temperature takes it back."
        );
        Curve(
            report,
            "Gradient norm by epoch",
            EpochAxes("mean norm before clipping", PlotUnit.Number),
            training,
            e => e.GradientNorm,
            _ => null,
            $"Steps with a longer gradient than {training.Options.GradientClip:0.###} are shortened to it. The learning rate of each epoch is in the table."
        );
    }

    public static void Accuracy(HtmlReport report, LearnedModel learned)
    {
        PairwiseAccuracy validation = learned.Validation;
        var bars = new List<PlotBar>
        {
            new("reward\nmodel", validation.Accuracy, validation.Interval?.Lower, validation.Interval?.Upper, IsEmphasized: true),
        };
        if (learned.AttainableAccuracy is { } attainable)
        {
            bars.Add(new PlotBar("knowing\nthe truth", attainable));
        }

        bars.AddRange(
            learned.BaselineFigures.Select(b => new PlotBar(
                b.Name.Replace('_', '\n'),
                b.Accuracy,
                b.Interval?.Lower,
                b.Interval?.Upper
            ))
        );
        report.Figure(
            $"Share of {validation.Pairs:N0} unseen pairs in which the better side scored higher",
            ReportPlot.Bars(AccuracyAxes(), bars),
            $"{Capitalized(learned.Verdict)}. Pairs are not filtered by margin; the intervals resample {validation.Dates} decision dates."
        );
    }

    public static void Reliability(HtmlReport report, LearnedModel learned)
    {
        (CalibrationFigures raw, CalibrationFigures calibrated) = (learned.Validation.Raw, learned.Validation.Calibrated);
        bool same = calibrated.Temperature == 1;
        report.Figure(
            "Can its probabilities be believed?",
            same
                ? ReportPlot.Reliability(("observed", raw.Reliability))
                : ReportPlot.Reliability(("with the temperature", calibrated.Reliability), ("without", raw.Reliability)),
            same
                ? $"Calibration error {Percent(raw.CalibrationError)}; log-loss {raw.LogLoss:0.0000} against {Math.Log(2):0.0000} of a coin."
                : $"Calibration error {Percent(calibrated.CalibrationError)} with reward gaps divided by {calibrated.Temperature:0.00} (fitted on the stopping set), "
                    + $"{Percent(raw.CalibrationError)} without; log-loss {calibrated.LogLoss:0.0000} and {raw.LogLoss:0.0000} against {Math.Log(2):0.0000} of a coin."
        );
    }

    public static void Groups(HtmlReport report, string title, string axis, IReadOnlyList<GroupAccuracy> groups, string caption)
    {
        // The largest groups, in their own order.
        HashSet<string> shown = [.. groups.OrderByDescending(g => g.Pairs).Take(MostBars).Select(g => g.Group)];
        string rest = groups.Count > MostBars ? $" The {MostBars} largest of {groups.Count} are drawn." : "";
        report.Figure(
            title,
            ReportPlot.Bars(
                AccuracyAxes(axis),
                [
                    .. groups
                        .Where(g => shown.Contains(g.Group))
                        .Select(g => new PlotBar(
                            $"{g.Group}\n{g.Pairs:N0} pairs",
                            g.Accuracy,
                            g.Interval?.Lower,
                            g.Interval?.Upper
                        )),
                ]
            ),
            caption + rest
        );
    }

    public static void OutcomeByReward(HtmlReport report, LearnedModel learned) =>
        report.Figure(
            "Do higher rewards mean better outcomes?",
            ReportPlot.Points(
                new PlotAxes
                {
                    XLabel = "mean reward of the bin",
                    YLabel = $"mean outcome score ({learned.Data.Metric})",
                    HorizontalLines = [new("zero", 0)],
                },
                [.. learned.OutcomeByReward.Select(Point)]
            ),
            $"Validation candidates in bins of equally many by reward, with 95% intervals. {Ranks(learned.RankCorrelation)}"
        );

    public static void Regret(HtmlReport report, LearnedModel learned)
    {
        if (learned.Regret is not { } regret)
        {
            report.Paragraph("No validation context has two candidates with outcome scores: there was nothing to choose from.");
            return;
        }

        report.Figure(
            "What does its choice lose against the best candidate?",
            ReportPlot.Bars(
                new PlotAxes { XLabel = "", YLabel = $"mean regret ({learned.Data.Metric})" },
                new PlotBar("highest reward", regret.Regret, regret.Interval?.Lower, regret.Interval?.Upper, IsEmphasized: true),
                new PlotBar(
                    "first candidate",
                    regret.BaselineRegret,
                    regret.BaselineInterval?.Lower,
                    regret.BaselineInterval?.Upper
                )
            ),
            $"Best outcome score of a context minus that of the choice, over {regret.Contexts:N0} contexts; {regret.Skipped:N0} with one candidate or without scores are left out. Lower is better, 0 is hindsight."
        );
    }

    public static void ErrorBySpread(HtmlReport report, LearnedModel learned) =>
        report.Figure(
            "Are the members unsure where the model is wrong?",
            ReportPlot.Points(
                new PlotAxes
                {
                    XLabel = "standard deviation of the pair's reward gap among members",
                    YLabel = "share of pairs ranked wrongly",
                    YUnit = PlotUnit.Percent,
                    HorizontalLines = [new("a coin", RewardLearning.Chance)],
                },
                [.. learned.ErrorBySpread.Select(Point)]
            ),
            "Validation pairs in bins of equally many by disagreement, with 95% intervals. A line that rises says that the spread can be used to abstain."
        );

    private static void Curve(
        HtmlReport report,
        string title,
        PlotAxes axes,
        TrainingReport training,
        Func<EpochReport, double> ofTraining,
        Func<EpochReport, double?> ofStopping,
        string caption
    )
    {
        double[] epochs = [.. training.History.Select(e => (double)e.Epoch)];
        var lines = new List<PlotSeries> { new("training", epochs, [.. training.History.Select(ofTraining)]) { Markers = true } };
        double[] stopping = [.. training.History.Select(ofStopping).OfType<double>()];
        if (stopping.Length > 0)
        {
            lines.Add(new PlotSeries("stopping set", epochs, stopping) { Markers = true });
        }

        report.Figure(title, ReportPlot.Lines(axes, lines), caption);
    }

    private static PlotAxes EpochAxes(string label, PlotUnit unit, params ReferenceLine[] lines) =>
        new()
        {
            XLabel = "epoch",
            YLabel = label,
            XUnit = PlotUnit.Whole,
            YUnit = unit,
            HorizontalLines = lines,
        };

    private static string Stopped(TrainingReport training)
    {
        int early = training.Members.Count(m => m.StopReason == StopReason.NoImprovement);
        if (training.Members.Count == 1)
        {
            string why = early == 1 ? "Training stopped when the stopping set no longer improved" : "All epochs were run";
            return $"{why}; the model keeps epoch {training.BestEpoch}.";
        }

        return $"Means over the {training.Members.Count} members, as far as all of them ran. {early} stopped when the stopping set no longer improved; "
            + $"they keep epochs {string.Join(", ", training.Members.Select(m => m.BestEpoch))}.";
    }

    private static string Ranks(RankCorrelation? correlation) =>
        correlation is { Spearman: { } spearman, Kendall: { } kendall }
            ? $"Spearman's rho {Signed(spearman)} {Interval(correlation.SpearmanInterval, Signed)}, Kendall's tau {Signed(kendall)} {Interval(correlation.KendallInterval, Signed)}."
            : "Rank correlations are not defined here.";

    private static int PairsOf(LearnedModel learned, SplitPart part) =>
        part switch
        {
            SplitPart.Train => learned.Training.TrainingPairs,
            SplitPart.Stopping => learned.Training.StoppingPairs,
            _ => learned.Validation.Pairs,
        };

    private static PlotPoint Point(BinnedMean bin) => new(bin.MeanX, bin.MeanY, bin.Interval?.Lower, bin.Interval?.Upper);

    private static PlotAxes AccuracyAxes(string label = "") =>
        new()
        {
            XLabel = label,
            YLabel = "accuracy",
            YUnit = PlotUnit.Percent,
            HorizontalLines = [Coin],
        };

    internal static string Signed(double value) => $"{value:+0.000;-0.000;0.000}";
}
