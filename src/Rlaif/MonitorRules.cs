using Rlaif.Validation;

namespace Rlaif;

/// <summary>What follows from the figures of a <see cref="MonitorReport"/>.</summary>
internal static class MonitorRules
{
    private const int FeaturesNamed = 5;

    public static MonitorReport Advise(MonitorReport report, MonitoredModel monitored, MonitorOptions options)
    {
        string[] back = [.. BelowChance(report), .. WorseThanBefore(report)];
        string[] wrong = [.. Faded(report, monitored), .. Drifted(report)];
        string[] due = [.. Due(report, options)];
        return report with
        {
            Alarm = back.Length + wrong.Length > 0,
            Advice =
                back.Length > 0 ? MonitorAdvice.RollBack
                : wrong.Length + due.Length > 0 ? MonitorAdvice.Retrain
                : MonitorAdvice.Keep,
            Reasons = [.. back, .. wrong, .. due],
        };
    }

    private static IEnumerable<string> BelowChance(MonitorReport report)
    {
        if (report.Accuracy.Interval!.Upper < RewardLearning.Chance)
        {
            yield return $"accuracy {Percent(report.Accuracy.Accuracy)} {Ends(report.Accuracy.Interval)}: worse than a coin";
        }
    }

    private static IEnumerable<string> WorseThanBefore(MonitorReport report)
    {
        if (report.Comparison is { Interval: { Upper: < 0 } interval } comparison)
        {
            yield return $"accuracy {Points(comparison.Difference)} [{Points(interval.Lower)}, {Points(interval.Upper)}] points against the champion "
                + $"before, on {comparison.Pairs} common pairs";
        }
    }

    private static IEnumerable<string> Faded(MonitorReport report, MonitoredModel monitored)
    {
        BootstrapInterval interval = report.Accuracy.Interval!;
        if (
            interval.Contains(RewardLearning.Chance)
            && monitored.AtTraining is { Lower: > RewardLearning.Chance } before
            && report.SinceTraining is { Upper: < 0 }
        )
        {
            yield return $"accuracy {Percent(report.Accuracy.Accuracy)} {Ends(interval)} is no longer above a coin, and below the {Percent(before.Accuracy)} at "
                + "training by more than chance";
        }
    }

    private static IEnumerable<string> Drifted(MonitorReport report)
    {
        if (report.Drift is not { IsBeyondNoise: true } drift)
        {
            yield break;
        }

        FeatureDrift[] moved = [.. drift.Features.Where(f => f.IsBeyondNoise)];
        string names = string.Join(", ", moved.Take(FeaturesNamed).Select(f => $"{f.Name} ({f.Psi:0.00}, noise {f.Noise:0.00})"));
        string more = moved.Length > FeaturesNamed ? $" and {moved.Length - FeaturesNamed} more" : "";
        yield return $"features are not where they were in training: {names}{more}";
    }

    private static IEnumerable<string> Due(MonitorReport report, MonitorOptions options)
    {
        if (report.NewPairs >= options.RetrainPairs)
        {
            yield return $"{report.NewPairs} pairs came after all that it was fitted to or judged on; {options.RetrainPairs} are enough to train again";
        }

        if (report.AgeDays >= options.RetrainDays)
        {
            yield return $"the model is {report.AgeDays:0} days old; {options.RetrainDays} are enough to train again";
        }
    }

    private static string Percent(double fraction) => $"{100 * fraction:0.0}%";

    private static string Points(double fraction) => $"{100 * fraction:+0.0;-0.0;0.0}";

    private static string Ends(BootstrapInterval interval) => $"[{Percent(interval.Lower)}, {Percent(interval.Upper)}]";
}
