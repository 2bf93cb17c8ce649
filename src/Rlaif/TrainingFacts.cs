using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Rewards;
using Rlaif.Validation.Reports;
using static Rlaif.LearningReport;

namespace Rlaif;

/// <summary>The tables of facts on the page of a training run: data, epochs, configuration.</summary>
internal static class TrainingFacts
{
    private const int MostSymbols = 12;

    public static void Data(HtmlReport report, TrainingDataSummary data)
    {
        report.Section("Data");
        string more = data.Symbols.Count > MostSymbols ? $" and {data.Symbols.Count - MostSymbols} more" : "";
        report.Paragraph(
            $"{data.Decisions:N0} decisions with {data.Candidates:N0} settled candidates, {data.FirstDate:yyyy-MM-dd} to {data.LastDate:yyyy-MM-dd}, on "
                + $"{string.Join(", ", data.Symbols.Take(MostSymbols))}{more}. What did better is said by {data.Metric}."
        );
        report.Table(
            Facts(
                "Pairs by fate; what forming pairs leaves out is counted under the options in force.",
                [
                    ("given", Count(data.PairsGiven)),
                    ("kept for training", Count(data.PairsTrain)),
                    ("kept for stopping", Count(data.PairsStopping)),
                    ("formed anew for validation, without a margin", Count(data.PairsValidation)),
                    .. data.Dropped.Select(d => ($"not used: {d.Key.Replace('_', ' ')}", Count(d.Value))),
                    ("training pairs per decision, mean", ReportText.Number(data.PairsPerDecisionMean, 1)),
                    ("training pairs per decision, most", Count(data.PairsPerDecisionMax)),
                ]
            )
        );
        report.Table(
            new ReportTable(
                "Training pairs by share: how far apart the outcomes are, and how sure that makes the label.",
                [ReportColumn.Text("Figure"), .. data.MarginQuantiles.Keys.Select(QuantileName)],
                [
                    [$"outcome margin ({data.Metric})", .. data.MarginQuantiles.Values.Select(v => ReportText.Number(v, 3))],
                    ["confidence of the label", .. data.ConfidenceQuantiles.Values.Select(v => ReportText.Percent(v))],
                ]
            )
        );
        report.Paragraph(
            $"Actions of the training candidates: {string.Join(", ", data.Actions.Select(a => $"{a.Key} {Percent(a.Value)}"))}. "
                + $"{data.Texts} texts{(data.TextsTruncated > 0 ? $", of which {data.TextsTruncated} are longer than the encoder reads" : string.Empty)}. Data hash {data.DataHash}."
        );
    }

    public static void Epochs(HtmlReport report, TrainingReport training)
    {
        report.Folded(
            $"The {training.History.Count} epochs in numbers",
            new ReportTable(
                training.Members.Count == 1 ? "Epochs." : $"Epochs, means over {training.Members.Count} members.",
                [
                    new("Epoch"),
                    new("Loss", "training"),
                    new("Loss", "stopping"),
                    new("Accuracy", "training"),
                    new("Accuracy", "stopping"),
                    new("Mean margin", "training"),
                    new("Mean margin", "stopping"),
                    new("Gradient norm"),
                    new("Learning rate"),
                ],
                [
                    .. training.History.Select(e =>
                        (IReadOnlyList<string?>)
                            [
                                $"{e.Epoch}",
                                $"{e.TrainLoss:0.0000}",
                                e.ValidationLoss is { } loss ? $"{loss:0.0000}" : null,
                                Percent(e.TrainAccuracy),
                                e.ValidationAccuracy is { } accuracy ? Percent(accuracy) : null,
                                ReportText.Number(e.TrainMargin),
                                ReportText.Number(e.ValidationMargin),
                                $"{e.GradientNorm:0.00}",
                                $"{e.LearningRate:0.######}",
                            ]
                    ),
                ]
            )
        );
    }

    public static void Setup(HtmlReport report, LearnedModel learned)
    {
        var setup = TrainingSetup.Of(learned);
        TrainingOptions training = setup.Training;
        report.Section("Configuration");
        report.Table(
            Facts(
                "What determines this run, beside the data.",
                [
                    ("library, seed", $"{setup.LibraryVersion}, {setup.Seed}"),
                    ("members, ranked by", $"{setup.Members}, {Words(setup.Model.Ranking)}"),
                    ("numerical inputs, tower, text inputs", string.Join(", ", setup.Widths)),
                    ("parameters of all members", Count(setup.Parameters)),
                    ("text encoder", setup.Encoder),
                    ("objective", Words(training.Objective)),
                    ("epochs, batch size", $"{training.Epochs}, {training.BatchSize}"),
                    ("learning rate, schedule", $"{training.LearningRate:0.#######}, {Words(training.Schedule)}"),
                    ("weight decay, dropout", $"{training.WeightDecay:0.####}, {setup.Model.Dropout:0.####}"),
                    ("pools", string.Join(", ", setup.Pools.Select(p => Words(p)))),
                    ("holding period, sessions between decisions", $"{setup.Settlement.HoldDays}, {setup.EverySessions}"),
                    ("schema of the inputs", setup.Schema),
                ]
            )
        );
        report.Folded(
            "All options",
            Facts(
                "All options of the run. Pairs that were recorded before may have been formed with another least margin and another limit per decision.",
                Options(setup)
            )
        );
        report.Folded(
            $"The {setup.Inputs.Count} numerical inputs and their scale",
            new ReportTable(
                "Inputs in order: (value - mean) / deviation, clipped at 5 deviations.",
                [ReportColumn.Text("Input"), ReportColumn.Text("Unit"), new("Mean"), new("Deviation")],
                [
                    .. setup.Inputs.Select(i =>
                        (IReadOnlyList<string?>)[i.Name, i.Unit, $"{i.Mean:0.#####}", $"{i.Deviation:0.#####}"]
                    ),
                ]
            )
        );
    }

    // From the JSON, so that an option that is added to the library is never missing here.
    private static List<(string Name, string Value)> Options(TrainingSetup setup)
    {
        var options = new List<(string, string)>();
        foreach (
            (string name, JsonNode? value) in JsonSerializer
                .SerializeToNode(setup with { Inputs = [] }, RlaifJson.Compact)!
                .AsObject()
        )
        {
            if (value is JsonObject group)
            {
                options.AddRange(group.Select(o => ($"{name}.{o.Key}", Text(o.Value))));
            }
            else if (name != "inputs")
            {
                options.Add((name, Text(value)));
            }
        }

        return options;
    }

    private static string Text(JsonNode? value) =>
        value switch
        {
            null => ReportText.Missing,
            JsonArray list => string.Join(", ", list),
            _ => value.ToString(),
        };

    private static ReportTable Facts(string caption, IReadOnlyList<(string Name, string Value)> facts) =>
        new(
            caption,
            [ReportColumn.Text("What"), new("Value")],
            [.. facts.Select(f => (IReadOnlyList<string?>)[f.Name, f.Value])]
        );

    private static ReportColumn QuantileName(string share) =>
        share switch
        {
            "0" => new("Least"),
            "0.5" => new("Median"),
            "1" => new("Most"),
            _ => new($"{100 * double.Parse(share, System.Globalization.CultureInfo.InvariantCulture):0}%"),
        };

    private static string Count(long count) => $"{count:N0}";
}
