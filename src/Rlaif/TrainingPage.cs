using Rlaif.Validation.Reports;

namespace Rlaif;

/// <summary>The page that a person reads after one training run.</summary>
public static class TrainingPage
{
    /// <summary>Renders the page; it needs no other file.</summary>
    /// <param name="learned">The model and the evidence for it.</param>
    /// <param name="version">Its name.</param>
    public static string Render(LearnedModel learned, string version)
    {
        ArgumentNullException.ThrowIfNull(learned);
        using InvariantCulture culture = InvariantCulture.Enter();
        var report = new HtmlReport(
            $"Reward model {version}",
            $"trained on {learned.Training.TrainingPairs:N0} preference pairs{OfAJudge(learned)}"
        );
        report.Section("In short");
        report.Highlight(Verdict(learned), Tone(learned));
        if (learned.Validation.Accuracy > LearnedModel.LeakageAlarm)
        {
            report.Highlight(
                $"An accuracy of {LearningReport.Percent(learned.Validation.Accuracy)} is more than real five-day returns carry. Unless the market "
                    + "is simulated, look for a leak in the data.",
                ReportTone.Bad
            );
        }

        LearntSection.Append(report, learned);
        return report.Render();
    }

    private static string OfAJudge(LearnedModel learned) =>
        learned.Training.ProcessPairs > 0 ? $", {learned.Training.ProcessPairs:N0} of them a judge's" : "";

    private static string Verdict(LearnedModel learned) =>
        $"{LearningReport.Capitalized(learned.Verdict)}: on {learned.Validation.Pairs:N0} pairs later than all it was fitted to, the model ranks "
        + $"{LearningReport.Percent(learned.Validation.Accuracy)} as they turned out, "
        + $"{LearningReport.Interval(learned.Validation.Interval, LearningReport.Percent)}; a coin ranks 50.0%.";

    private static ReportTone Tone(LearnedModel learned) =>
        learned.Validation.Interval switch
        {
            { Lower: > RewardLearning.Chance } => ReportTone.Good,
            { Upper: < RewardLearning.Chance } => ReportTone.Bad,
            _ => ReportTone.Neutral,
        };
}
