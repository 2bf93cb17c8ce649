using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>
/// What <c>train</c> kept with a version, for people. Versions of other releases may have kept less, so everything is optional.
/// </summary>
internal static class StoredTraining
{
    private static readonly string[] Sides = ["train", "stopping", "validation"];

    private static readonly string[] Knobs = ["ensemble", "objective", "epochs", "batch_size", "learning_rate", "schedule"];

    /// <summary>Name of the metric whose pairs the version was trained on; null when that was not kept.</summary>
    public static string? MetricOf(ModelVersion version) =>
        At(At(version.Details, "config"), "metric") is JsonValue value && value.TryGetValue(out string? name) ? name : null;

    /// <summary>The pools that the version was trained on pairs of; null when they were not kept.</summary>
    public static PreferencePool[]? PoolsOf(ModelVersion version)
    {
        try
        {
            return At(At(version.Details, "config"), "pools")?.Deserialize<PreferencePool[]>(RlaifJson.Compact);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The last decision date that the version was judged on; null when that was not kept.</summary>
    public static DateOnly? LastValidationDate(ModelVersion version) =>
        At(At(At(version.Details, "split"), "validation"), "last_date") is JsonValue value
        && value.TryGetValue(out string? text)
        && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? date
            : null;

    /// <summary>What the promotion gate says of the version's own figures, whoever is champion.</summary>
    public static IReadOnlyList<PromotionCriterion> Gate(ModelVersion version) =>
        [.. PromotionGate.Judge(version.Validation, null, null).Where(c => c.Name != PromotionGate.NotWorseThanChampion)];

    /// <summary>Data, split, configuration and figures as a table, then what the gate makes of them.</summary>
    public static void Show(IAnsiConsole console, ModelVersion version)
    {
        if (version.Validation is null && version.Details is null)
        {
            console.WriteLine("not judged on unseen pairs");
            return;
        }

        Table table = new Table().AddColumns("training", "value");
        foreach ((string name, string value) in Rows(version).Where(r => r.Value.Length > 0))
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(value));
        }

        console.Write(table);
        foreach (PromotionCriterion criterion in Gate(version))
        {
            console.WriteLine($"  {(criterion.Passed ? "pass" : "FAIL")}  {criterion.Text}");
        }
    }

    private static IEnumerable<(string Name, string Value)> Rows(ModelVersion version)
    {
        JsonNode? data = At(version.Details, "data");
        if (data is not null)
        {
            yield return ("decisions", $"{Text(data, "decisions")}, {Text(data, "first_date")} to {Text(data, "last_date")}");
            yield return ("symbols", string.Join(' ', (At(data, "symbols") as JsonArray ?? []).Select(s => $"{s}")));
            yield return ("metric", Text(data, "metric"));
        }

        JsonNode? split = At(version.Details, "split");
        foreach (string side in Sides)
        {
            if (At(split, side) is { } part)
            {
                yield return (
                    $"{side} side",
                    $"{Text(part, "first_date")} to {Text(part, "last_date")}, {Text(part, "contexts")} contexts, {Text(part, "pairs")} pairs"
                );
            }
        }

        if (At(version.Details, "config") is { } config)
        {
            JsonNode? training = At(config, "training");
            string[] knobs = [.. Knobs.Where(k => At(training, k) is not null).Select(k => $"{k} {Text(training, k)}")];
            yield return ("configuration", string.Join(", ", knobs.Prepend($"seed {Text(config, "seed")}")));
        }

        JsonNode? figures = version.Validation;
        yield return ("accuracy", Share(At(figures, "accuracy"), At(figures, "accuracy_ci")));
        foreach ((string name, JsonNode? accuracy) in At(figures, "baselines") as JsonObject ?? [])
        {
            yield return ($"  {name.Replace('_', ' ')}", Share(accuracy, At(At(figures, "baselines_ci"), name)));
        }

        yield return ("log-loss", Number(At(figures, "log_loss_calibrated") ?? At(figures, "log_loss"), "0.0000"));
        yield return ("temperature", Number(At(At(figures, "calibration"), "temperature"), "0.00"));
        yield return ("verdict", Text(figures, "verdict"));
    }

    private static JsonNode? At(JsonNode? node, string name) => (node as JsonObject)?[name];

    private static string Text(JsonNode? node, string name) => $"{At(node, name)}";

    private static string Share(JsonNode? share, JsonNode? ends) =>
        Fraction(share) is not { } value ? "not measured"
        : ends is JsonArray { Count: 2 } && (Fraction(ends[0]), Fraction(ends[1])) is ({ } lower, { } upper)
            ? $"{Percent(value)} [{Percent(lower)}, {Percent(upper)}]"
        : Percent(value);

    private static string Number(JsonNode? node, string format) =>
        Fraction(node)?.ToString(format, CultureInfo.InvariantCulture) ?? string.Empty;

    private static double? Fraction(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static string Percent(double fraction) => $"{100 * fraction:0.0}%";
}
