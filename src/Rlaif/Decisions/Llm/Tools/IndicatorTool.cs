using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>An indicator of the catalog over the last sessions.</summary>
internal sealed class IndicatorTool(MarketSnapshot snapshot, Masker masker)
{
    private const int MostSessions = 60;
    private const int LongestRequest = 60;
    private const int VolumeDigits = 4;
    private const double Largest = 1e15;

    internal static AIFunctionDeclaration Declaration { get; } =
        AIFunctionFactory.CreateDeclaration(
            "indicator",
            "Values of a technical indicator of the instrument over its last sessions. Session 0 is the last complete one, -1 the one before.",
            ToolParameter.Schema(
                new(
                    "indicator",
                    "string",
                    "One indicator with its parameters, for example rsi(14), macd(12,26,9), bollinger(20,2).upper. Known: "
                        + $"{string.Join(", ", IndicatorCatalog.All.Select(Signature))}."
                ),
                new("sessions", "integer", $"How many sessions, 1 to {MostSessions}.")
            )
        );

    internal JsonObject Run(ToolArguments arguments)
    {
        string? text = arguments.Text("indicator", LongestRequest);
        int sessions = arguments.Whole("sessions", 1, MostSessions);
        if (arguments.Problems is { } problems)
        {
            return ToolResult.Error(problems);
        }

        try
        {
            IReadOnlyList<IndicatorRequest> requests = IndicatorCatalog.Parse(text!);
            return requests.Count == 1 ? Table(requests[0], sessions) : ToolResult.Error("'indicator' must be one indicator.");
        }
        catch (RlaifInputException e)
        {
            return ToolResult.Error(e.Message);
        }
    }

    private static string Signature(IndicatorDefinition indicator) =>
        indicator.Parameters.Count == 0
            ? indicator.Name
            : $"{indicator.Name}({string.Join(',', indicator.Parameters.Select(p => p.Name))})";

    private JsonObject Table(IndicatorRequest request, int sessions)
    {
        BarSeries bars = KnownBars();
        IReadOnlyDictionary<string, double?[]> values = IndicatorCatalog.Compute([request], bars);
        IndicatorOutput[] outputs = [.. request.Indicator.Outputs.Where(o => request.Output is null || o.Name == request.Output)];
        var rows = new JsonArray();
        for (int i = Math.Max(0, bars.Count - sessions); i < bars.Count; i++)
        {
            var row = new JsonArray(i - bars.Count + 1);
            foreach (IndicatorOutput output in outputs)
            {
                row.Add(Value(values[request.ColumnOf(output)][i], output.Unit));
            }

            rows.Add((JsonNode)row);
        }

        var result = new JsonObject
        {
            ["indicator"] = request.Name,
            ["columns"] = new JsonArray(["session", .. outputs.Select(o => (JsonNode)o.Name)]),
            ["rows"] = rows,
        };
        return ToolResult.Fit(result, rows, "The oldest sessions are left out: ask for one output or for fewer sessions.");
    }

    private JsonNode? Value(double? value, IndicatorUnit unit) =>
        value is not { } number || Math.Abs(number) >= Largest ? null
        : unit == IndicatorUnit.Price ? masker.Price((decimal)number)
        : unit == IndicatorUnit.Shares ? JsonValue.Create(Significant(number))
        : ToolResult.Number(number);

    private static double Significant(double value)
    {
        double scale = value == 0 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) + 1 - VolumeDigits);
        return Math.Round(Math.Round(value / scale) * scale);
    }

    // The bars of the snapshot in today's shares: a split within them makes no jump.
    private BarSeries KnownBars()
    {
        BarWindow window = snapshot.Bars;
        double scale = window.PriceScale;
        var bars = new Bar[window.Count];
        for (int i = 0; i < bars.Length; i++)
        {
            bars[i] = window[i] with
            {
                Open = (decimal)(window.Opens[i] * scale),
                High = (decimal)(window.Highs[i] * scale),
                Low = (decimal)(window.Lows[i] * scale),
                Close = (decimal)(window.Closes[i] * scale),
                Volume = (decimal)(window.Volumes[i] / scale),
            };
        }

        return new BarSeries(snapshot.Symbol, bars);
    }
}
