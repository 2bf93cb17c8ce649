using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>What <c>rlaif train</c> says, for programs and for people.</summary>
internal static class TrainingDocument
{
    /// <summary>The fields of the figures on validation, as help names them.</summary>
    public const string ValidationFields =
        "pairs,dates,dates_per_block,accuracy,accuracy_ci:[lo,hi],log_loss,log_loss_calibrated,brier,brier_calibrated,calibration_error,calibration_error_calibrated (calibrated: with the temperature),"
        + "calibration{temperature,temperature_fitted,temperature_clamped,reliability[{lower,upper,count,mean_prediction,hit_rate}]},"
        + "best_of_k_regret,best_of_k_regret_ci,best_of_k_baseline_regret,"
        + "by_pool{pool:{pairs,accuracy,accuracy_ci}},by_margin{sigmas:{the same}},by_symbol{the same},by_action{the same},by_period{the same},"
        + "rank_correlation{spearman{value,ci},kendall{value,ci}},outcome_by_reward[{at,value,ci,count}],error_by_spread[{the same}],"
        + "baselines{name:accuracy},baselines_ci{name:[lo,hi]},lead{baseline,value,ci,sentence},"
        + "controls{shuffled_labels{accuracy,ci,at_chance},future_features{pairs,accuracy,ci}} (their intervals at 99%),verdict,alarms[],undefined{field:why it is null}";

    public static object Of(TrainingChecklist checklist, PromotionTrial gate, object files) =>
        new
        {
            checklist.Version,
            checklist.Split,
            checklist.Training.History,
            checklist.Training.BestEpoch,
            checklist.Training.StopReason,
            checklist.Validation,
            checklist.Verdict,
            // What models promote would say.
            Gate = new
            {
                gate.Passed,
                gate.Champion,
                gate.Criteria,
            },
            Files = files,
        };

    /// <summary>The figures on decisions that nothing was fitted to, for the registry.</summary>
    public static JsonObject ValidationNode(LearnedModel learned) =>
        JsonSerializer.SerializeToNode(ValidationFigures.Of(learned), RlaifJson.Indented)!.AsObject();

    /// <summary>Data, split and configuration, for the account of the version.</summary>
    public static JsonObject DetailsNode(LearnedModel learned)
    {
        JsonObject details = JsonSerializer
            .SerializeToNode(TrainingChecklist.Of(learned, string.Empty), RlaifJson.Indented)!
            .AsObject();
        foreach (string elsewhere in (string[])["version", "training", "validation", "verdict", "gate"])
        {
            details.Remove(elsewhere);
        }

        return details;
    }

    public static void Show(IAnsiConsole console, string version, LearnedModel learned, string report)
    {
        Table split = new Table().AddColumns("used for", "first date", "last date", "contexts", "pairs");
        foreach (SplitSide side in learned.Split.Sides)
        {
            int pairs = side.Part switch
            {
                SplitPart.Train => learned.Training.TrainingPairs,
                SplitPart.Stopping => learned.Training.StoppingPairs,
                _ => learned.Validation.Pairs,
            };
            string part = $"{side.Part}".ToLowerInvariant();
            split.AddRow(
                part,
                $"{side.FirstDate:yyyy-MM-dd}",
                $"{side.LastDate:yyyy-MM-dd}",
                $"{side.ContextIds.Count}",
                $"{pairs}"
            );
        }

        console.Write(split);
        console.WriteLine(
            $"purged {learned.Split.Purged}, embargoed {learned.Split.Embargoed} contexts; epochs {learned.Training.History.Count}, best {learned.Training.BestEpoch}"
        );
        if (learned.Training.ProcessPairs > 0)
        {
            console.WriteLine($"{learned.Training.ProcessPairs} of the training pairs are a judge's preferences");
        }

        console.WriteLine(
            $"accuracy on unseen pairs {Percent(learned.Validation.Accuracy)}{Interval(learned.Validation.Interval)}, a coin 50.0%: {learned.Verdict}"
        );
        foreach (BaselineAccuracy baseline in learned.BaselineFigures)
        {
            console.WriteLine($"  {baseline.Name.Replace('_', ' ')} {Percent(baseline.Accuracy)}{Interval(baseline.Interval)}");
        }

        console.WriteLine(learned.AgainstBaselines);
        (CalibrationFigures raw, CalibrationFigures calibrated) = (learned.Validation.Raw, learned.Validation.Calibrated);
        console.WriteLine(
            $"log-loss {calibrated.LogLoss:0.0000} (a coin {Math.Log(2):0.0000}), calibration error {Percent(calibrated.CalibrationError)} at temperature {calibrated.Temperature:0.00}; "
                + $"without it {raw.LogLoss:0.0000} and {Percent(raw.CalibrationError)}"
        );
        if (learned.Controls is { } controls)
        {
            console.WriteLine(
                $"control on shuffled labels {Percent(controls.ShuffledLabels.Accuracy)}{Interval(controls.ShuffledLabels.Interval)}, has to be 50%"
            );
        }

        console.WriteLine($"model {version}, report {report}");
    }

    private static string Interval(BootstrapInterval? interval) =>
        interval is null ? "" : $" [{Percent(interval.Lower)}, {Percent(interval.Upper)}]";

    private static string Percent(double fraction) => $"{100 * fraction:0.0}%";
}
