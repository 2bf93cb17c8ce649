using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>What <c>rlaif train</c> says, for programs and for people.</summary>
internal static class TrainingDocument
{
    public static object Of(string version, LearnedModel learned, PromotionTrial gate, object files) =>
        new
        {
            Version = version,
            Split = new
            {
                Train = Side(learned.Split.Train, learned.Training.TrainingPairs),
                Stopping = learned.Split.Stopping is { } stopping ? Side(stopping, learned.Training.StoppingPairs) : null,
                Validation = Side(learned.Split.Validation, learned.Validation.Pairs),
                learned.Split.Purged,
                learned.Split.Embargoed,
                learned.Split.EmbargoDays,
                learned.Split.SharedDecisions,
                learned.Split.OverlappingWindows,
                learned.PairsLeftOut,
                learned.Training.ProcessPairs,
            },
            learned.Training.History,
            learned.Training.BestEpoch,
            learned.Training.StopReason,
            Validation = Validation(learned),
            learned.Verdict,
            Gate = new
            {
                gate.Passed,
                gate.Champion,
                gate.Criteria,
            },
            Files = files,
        };

    /// <summary>The same as a JSON node, for the registry.</summary>
    public static JsonObject ValidationNode(LearnedModel learned) =>
        JsonSerializer.SerializeToNode(Validation(learned), RlaifJson.Indented)!.AsObject();

    /// <summary>The figures on decisions that nothing was fitted to; kept with the model as well.</summary>
    public static object Validation(LearnedModel learned) =>
        new
        {
            learned.Validation.Pairs,
            learned.Validation.Dates,
            learned.Validation.Accuracy,
            AccuracyCi = Ends(learned.Validation.Interval),
            learned.Validation.LogLoss,
            Brier = learned.Validation.BrierScore,
            learned.Validation.CalibrationError,
            BestOfKRegret = learned.Regret?.Regret,
            BestOfKBaselineRegret = learned.Regret?.BaselineRegret,
            ByPool = learned.Validation.ByPool.ToDictionary(
                p => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{p.Key}"),
                p => new
                {
                    p.Value.Pairs,
                    p.Value.Accuracy,
                    AccuracyCi = Ends(p.Value.Interval),
                },
                StringComparer.Ordinal
            ),
            learned.Baselines,
            learned.Verdict,
        };

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

        string interval = learned.Validation.Interval is { } i ? $"[{Percent(i.Lower)}, {Percent(i.Upper)}]" : "no interval";
        console.WriteLine(
            $"accuracy on unseen pairs {Percent(learned.Validation.Accuracy)} {interval}, a coin 50.0%: {learned.Verdict}"
        );
        foreach ((string name, double accuracy) in learned.Baselines.OrderByDescending(b => b.Value))
        {
            console.WriteLine($"  {name.Replace('_', ' ')} {Percent(accuracy)}");
        }

        console.WriteLine($"model {version}, report {report}");
    }

    private static object Side(SplitSide side, int pairs) =>
        new
        {
            side.FirstDate,
            side.LastDate,
            side.Dates,
            Contexts = side.ContextIds.Count,
            Pairs = pairs,
        };

    private static double[]? Ends(BootstrapInterval? interval) => interval is null ? null : [interval.Lower, interval.Upper];

    private static string Percent(double fraction) => $"{100 * fraction:0.0}%";
}
