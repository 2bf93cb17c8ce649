using Rlaif.Rewards;
using Rlaif.Validation;
using Rlaif.Validation.Reports;
using static Rlaif.LearningReport;

namespace Rlaif;

/// <summary>The page that a person reads after one training run: the <see cref="TrainingChecklist"/>, with plots.</summary>
public static class TrainingPage
{
    /// <summary>Renders the page; it needs no other file.</summary>
    /// <param name="learned">The model and the evidence for it.</param>
    /// <param name="version">Its name.</param>
    /// <param name="gate">The criteria of the promotion gate with their numbers; null when it was not asked.</param>
    public static string Render(LearnedModel learned, string version, IReadOnlyList<PromotionCriterion>? gate = null)
    {
        ArgumentNullException.ThrowIfNull(learned);
        using InvariantCulture culture = InvariantCulture.Enter();
        var report = new HtmlReport(
            $"Reward model {version}",
            $"trained on {learned.Training.TrainingPairs:N0} preference pairs{OfAJudge(learned)}"
        );
        Summary(report, learned, gate);
        TrainingFacts.Data(report, learned.Data);
        report.Section("Training");
        LearntFigures.Split(report, learned);
        LearntFigures.Losses(report, learned);
        LearntFigures.Curves(report, learned);
        TrainingFacts.Epochs(report, learned.Training);
        Baselines(report, learned);
        Calibration(report, learned);
        Breakdown(report, learned);
        report.Section("Rewards and outcomes");
        Rewards(report, learned);
        Controls(report, learned);
        TrainingFacts.Setup(report, learned);
        Limits(report, learned);
        return report.Render();
    }

    private static string OfAJudge(LearnedModel learned) =>
        learned.Training.ProcessPairs > 0 ? $", {learned.Training.ProcessPairs:N0} of them a judge's" : "";

    private static void Summary(HtmlReport report, LearnedModel learned, IReadOnlyList<PromotionCriterion>? gate)
    {
        PairwiseAccuracy validation = learned.Validation;
        BaselineAccuracy best = learned.BaselineFigures[0];
        report.Section("In short");
        report.Highlight(
            $"{Capitalized(learned.Verdict)}: on {validation.Pairs:N0} pairs later than all it was fitted to, the model ranks "
                + $"{Percent(validation.Accuracy)} as they turned out, {Interval(validation.Interval, Percent)}; a coin ranks 50.0%.",
            Tone(validation.Interval)
        );
        report.Highlight(learned.AgainstBaselines, LearntFigures.ToneOf(best));
        foreach (string alarm in learned.Alarms)
        {
            report.Highlight(alarm, ReportTone.Bad);
        }

        report.Cards(
            new KeyFigure(
                "Pair accuracy",
                Percent(validation.Accuracy),
                $"{Interval(validation.Interval, Percent)}; a coin 50.0%"
            ),
            new KeyFigure("Best baseline", Percent(best.Accuracy), BaselineText.Of(best.Name)),
            new KeyFigure("Log-loss", $"{validation.Calibrated.LogLoss:0.000}", "a coin 0.693; lower is better"),
            new KeyFigure(
                "Rank correlation",
                learned.RankCorrelation?.Spearman is { } rho ? LearntFigures.Signed(rho) : ReportText.Missing,
                $"{Interval(learned.RankCorrelation?.SpearmanInterval, LearntFigures.Signed)}, Spearman"
            )
        );
        if (gate is not null)
        {
            report.Table(
                new ReportTable(
                    $"The promotion gate would {(gate.All(c => c.Passed) ? "let it pass" : "refuse it")}.",
                    [ReportColumn.Text("Criterion"), ReportColumn.Text("Found"), ReportColumn.Text("Met")],
                    [.. gate.Select(c => (IReadOnlyList<string?>)[c.Name.Replace('_', ' '), c.Text, c.Passed ? "yes" : "no"])]
                )
            );
        }
    }

    private static void Baselines(HtmlReport report, LearnedModel learned)
    {
        report.Section("Against baselines");
        report.Paragraph(
            "Everything simpler, on the very pairs that the model is measured on. The linear model and LambdaRank learn from the same decisions and "
                + "numbers as the network, without the texts; the others need no training."
        );
        LearntFigures.Accuracy(report, learned);
        report.Table(
            new ReportTable(
                "Accuracy on unseen pairs, and how far the model is ahead on them, in percentage points, paired and by decision date.",
                [
                    ReportColumn.Text("Baseline"),
                    new("Accuracy"),
                    new("95% interval"),
                    new("Model's lead", "points"),
                    new("95% interval", "points"),
                ],
                [
                    .. learned.BaselineFigures.Select(b =>
                        (IReadOnlyList<string?>)
                            [
                                BaselineText.Of(b.Name),
                                Percent(b.Accuracy),
                                ReportText.PercentInterval(b.Interval),
                                Points(b.Lead),
                                b.LeadInterval is null ? null : Interval(b.LeadInterval, Points),
                            ]
                    ),
                ]
            )
        );
        report.List(learned.MissingBaselines.Select(m => $"No {BaselineText.Of(m.Key)}: {m.Value}."));
    }

    private static void Calibration(HtmlReport report, LearnedModel learned)
    {
        (CalibrationFigures raw, CalibrationFigures calibrated) = (learned.Validation.Raw, learned.Validation.Calibrated);
        report.Section("Calibration");
        LearntFigures.Reliability(report, learned);
        report.Table(
            new ReportTable(
                learned.Training.StoppingPairs == 0
                    ? "Probabilities on unseen pairs. There was no stopping set to fit a temperature on."
                    : $"Probabilities on unseen pairs, before and after reward gaps are divided by the temperature {calibrated.Temperature:0.000}, which was fitted on the stopping set.",
                [ReportColumn.Text("Figure"), new("Before"), new("After"), new("A coin")],
                [
                    ["log-loss", $"{raw.LogLoss:0.0000}", $"{calibrated.LogLoss:0.0000}", $"{Math.Log(2):0.0000}"],
                    ["Brier score", $"{raw.BrierScore:0.0000}", $"{calibrated.BrierScore:0.0000}", "0.2500"],
                    ["calibration error", Percent(raw.CalibrationError), Percent(calibrated.CalibrationError), "0.0%"],
                ]
            )
        );
        if (learned.Training.StoppingPairs > 0 && calibrated.IsClamped)
        {
            report.Highlight(
                "The temperature lies on an end of its range, as it does when the stopping set is ranked at random or without a mistake: do not take the probabilities at their word."
            );
        }
    }

    private static void Breakdown(HtmlReport report, LearnedModel learned)
    {
        AccuracyBreakdown breakdown = learned.Breakdown;
        report.Section("Where it is right");
        LearntFigures.Groups(
            report,
            "By outcome margin",
            "margin, in standard deviations of its noise",
            breakdown.ByMargin,
            "Close calls are mostly luck, wide margins are easy: a filter on margins would flatter any model."
        );
        LearntFigures.Groups(report, "By symbol", "", breakdown.BySymbol, "A pair across symbols counts for both.");
        LearntFigures.Groups(
            report,
            "By action of the better side",
            "",
            breakdown.ByAction,
            "An edge on one side only may be the market's drift."
        );
        LearntFigures.Groups(
            report,
            "By time",
            "",
            breakdown.ByPeriod,
            "An edge that fades points to a changed market. A bar without an interval has too few dates for one."
        );
    }

    private static void Rewards(HtmlReport report, LearnedModel learned)
    {
        RewardModelMetadata model = learned.Model.Metadata;
        report.Paragraph(
            $"Rewards have mean {model.RewardMean:0.000} and standard deviation {model.RewardDeviation:0.000} over the training candidates."
        );
        LearntFigures.OutcomeByReward(report, learned);
        LearntFigures.Regret(report, learned);
        if (learned.ErrorBySpread.Count > 0)
        {
            LearntFigures.ErrorBySpread(report, learned);
        }
    }

    private static void Controls(HtmlReport report, LearnedModel learned)
    {
        report.Section("Controls");
        if (learned.Controls is not { } controls)
        {
            report.Paragraph("The control runs were left out of this training.");
            return;
        }

        report.Paragraph(
            "Two runs of the same training, one network and few epochs each, whose results are known beforehand. With labels turned by a coin per decision date there "
                + "is nothing to learn. With features of after the exit there is, where features describe recent prices: that is what a leak would look like."
        );
        report.Table(
            new ReportTable(
                "Control runs, measured like the model.",
                [ReportColumn.Text("Run"), new("Pairs"), new("Accuracy"), new("99% interval"), ReportColumn.Text("Has to be")],
                [
                    ControlRow("shuffled labels", controls.ShuffledLabels, "50%"),
                    .. controls.FutureFeatures is { } future
                        ? [ControlRow("features of the future", future, "above the model, where features describe prices")]
                        : Array.Empty<IReadOnlyList<string?>>(),
                ]
            )
        );
    }

    private static IReadOnlyList<string?> ControlRow(string name, GroupAccuracy run, string expected) =>
        [name, $"{run.Pairs:N0}", Percent(run.Accuracy), ReportText.PercentInterval(run.Interval), expected];

    private static void Limits(HtmlReport report, LearnedModel learned)
    {
        report.Section("Limits");
        report.List([
            $"Intervals treat decision dates as independent, in blocks of {learned.DatesPerBlock}: that many lie within one holding window.",
            "A run that was chosen among many looks better than it is: figures of later decisions, not these, say whether it is.",
            "This is a research result on past or simulated prices. It is not investment advice.",
        ]);
    }

    private static string Points(double fraction) => $"{100 * fraction:+0.0;-0.0;0.0}";

    private static ReportTone Tone(BootstrapInterval? accuracy) =>
        accuracy switch
        {
            { Lower: > RewardLearning.Chance } => ReportTone.Good,
            { Upper: < RewardLearning.Chance } => ReportTone.Bad,
            _ => ReportTone.Neutral,
        };
}
