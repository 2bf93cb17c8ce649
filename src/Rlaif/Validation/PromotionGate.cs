using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Rewards;
using Rlaif.Rewards.Baselines;

namespace Rlaif.Validation;

/// <summary>
/// What a model has to show before it guides decisions. Its figures on the validation side, which nothing was fitted to: the lower end of the interval of
/// its accuracy on unfiltered pairs is above a coin and above the best baseline, and its log-loss is below a coin's. And against the champion, on pairs that
/// came after both: not significantly worse.
/// </summary>
public static class PromotionGate
{
    /// <summary>The accuracy's lower end is above 0.5.</summary>
    public const string AboveChance = "accuracy_above_chance";

    /// <summary>The accuracy's lower end is above the accuracy of the best baseline on the same pairs.</summary>
    public const string AboveBaseline = "accuracy_above_best_baseline";

    /// <summary>The log-loss, after the temperature where it is known, is below ln 2.</summary>
    public const string LossBelowChance = "log_loss_below_chance";

    /// <summary>The upper end of the difference in accuracy to the champion is not below 0.</summary>
    public const string NotWorseThanChampion = "not_worse_than_champion";

    private const double ChanceAccuracy = 0.5;
    private const string Coin = "coin";

    /// <summary>Judges a challenger; it passes when every criterion does.</summary>
    /// <param name="validation">The figures that <c>train</c> stored with the version; null when it was not judged, which fails.</param>
    /// <param name="champion">The version that guides decisions now; null when there is none, which passes.</param>
    /// <param name="comparison">The champion (first) and the challenger (second) on common later pairs; null when there are none, which fails.</param>
    /// <param name="obstacle">Why there is no comparison, for people; null for want of common later pairs.</param>
    public static IReadOnlyList<PromotionCriterion> Judge(
        JsonObject? validation,
        string? champion,
        ModelComparison? comparison,
        string? obstacle = null
    )
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        return [Chance(validation), Baseline(validation), Loss(validation), Champion(champion, comparison, obstacle)];
    }

    private static PromotionCriterion Chance(JsonObject? validation)
    {
        double? lower = Lower(validation);
        return new PromotionCriterion(
            AboveChance,
            lower,
            ChanceAccuracy,
            lower > ChanceAccuracy,
            lower is null
                ? NoInterval(validation)
                : $"accuracy on unseen pairs {Accuracy(validation)}: lower end {Percent(lower.Value)}, above {Percent(ChanceAccuracy)} needed"
        );
    }

    private static PromotionCriterion Baseline(JsonObject? validation)
    {
        double? lower = Lower(validation);
        (string name, double accuracy) = BestBaseline(validation);
        return new PromotionCriterion(
            AboveBaseline,
            lower,
            accuracy,
            lower > accuracy,
            lower is null
                ? NoInterval(validation)
                : $"lower end of the accuracy {Percent(lower.Value)}, above {Percent(accuracy)} of the best baseline ({Words(name)}) needed{Compared(validation)}"
        );
    }

    private static PromotionCriterion Loss(JsonObject? validation)
    {
        double coin = Math.Log(2);
        double? loss = Number(validation?["log_loss_calibrated"]) ?? Number(validation?["log_loss"]);
        return new PromotionCriterion(
            LossBelowChance,
            loss,
            coin,
            loss < coin,
            loss is null ? "no log-loss was measured" : $"log-loss on unseen pairs {loss:0.0000}, below {coin:0.0000} needed"
        );
    }

    private static PromotionCriterion Champion(string? champion, ModelComparison? comparison, string? obstacle)
    {
        bool passed = champion is null || comparison?.Interval?.Upper >= 0;
        string text = (champion, comparison) switch
        {
            (null, _) => "no champion to compare with",
            (_, null) => $"not comparable with champion {champion}: {obstacle ?? "no pairs came after both models"}",
            (_, { Interval: null }) =>
                $"not comparable with champion {champion}: {comparison.Pairs} common later pairs are of too few dates ({comparison.Dates}) for an interval",
            (_, { Interval: { } i }) =>
                $"accuracy minus that of champion {champion} on {comparison.Pairs} common later pairs {Points(comparison.Difference)} points [{Points(i.Lower)}, {Points(i.Upper)}]: upper end at or above 0 needed",
        };
        return new PromotionCriterion(NotWorseThanChampion, comparison?.Interval?.Upper, 0, passed, text);
    }

    // The best of few is easier to beat than the best of all, so who was there is part of the sentence.
    private static string Compared(JsonObject? validation)
    {
        var figures = validation?["baselines"] as JsonObject;
        string[] measured = [.. figures?.Where(f => Number(f.Value) is not null).Select(f => f.Key) ?? []];
        string[] missing = [.. BaselineNames.All.Union(figures?.Select(f => f.Key) ?? []).Except(measured)];
        string of = measured.Length == 0 ? "none was measured" : $"compared with {List(measured)}";
        string without = missing.Length == 0 ? string.Empty : $"; not measured: {List(missing)}";
        string controls = validation?["controls"] is JsonObject ? string.Empty : "; the controls were not run";
        return $" ({of}{without}{controls})";
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Select(Words));

    private static string Words(string name) => name.Replace('_', ' ');

    private static (string Name, double Accuracy) BestBaseline(JsonObject? validation)
    {
        (string Name, double Accuracy) best = (Coin, ChanceAccuracy);
        foreach ((string name, JsonNode? figure) in validation?["baselines"] as JsonObject ?? [])
        {
            if (Number(figure) is { } accuracy && accuracy > best.Accuracy)
            {
                best = (name, accuracy);
            }
        }

        return best;
    }

    private static double? Lower(JsonObject? validation) =>
        validation?["accuracy_ci"] is JsonArray { Count: 2 } interval ? Number(interval[0]) : null;

    private static string Accuracy(JsonObject? validation) =>
        validation?["accuracy_ci"] is JsonArray { Count: 2 } ci
        && (Number(validation["accuracy"]), Number(ci[0]), Number(ci[1])) is ({ } accuracy, { } lower, { } upper)
            ? $"{Percent(accuracy)} [{Percent(lower)}, {Percent(upper)}]"
            : "unknown";

    private static string NoInterval(JsonObject? validation) =>
        validation is null ? "the model was not judged on unseen pairs" : "too few unseen dates for an interval of the accuracy";

    private static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;

    private static string Percent(double fraction) => $"{100 * fraction:0.00}%";

    private static string Points(double fraction) => $"{100 * fraction:+0.00;-0.00;0.00}";
}
